namespace Rat.Engine.Landing;

/// <summary>
/// A pattern of keys as DuckDB understands patterns of paths: <c>*</c>, <c>?</c> and <c>[a-z]</c> within a segment, <c>**</c> for any number of
/// segments. The folders <c>_samples</c> and <c>_processed</c> of a zone match only where they are named.
/// </summary>
internal sealed class LandingPattern
{
    // {ns}/landing/{zone}/_samples/…
    private const int FolderIndex = 3;

    private readonly string[] _segments;

    public LandingPattern(string pattern)
    {
        _segments = pattern.Split('/');
        var wildcard = pattern.AsSpan().IndexOfAny('*', '?', '[');
        Prefix = wildcard < 0 ? pattern : pattern[..(pattern.LastIndexOf('/', wildcard) + 1)];
    }

    /// <summary>What every matching key begins with: the segments before the first wildcard.</summary>
    public string Prefix { get; }

    /// <summary>Takes time in proportion to both lengths, multiplied.</summary>
    public bool Matches(string key)
    {
        var segments = key.Split('/');
        // reached[i]: the first i segments of the pattern match those of the key so far.
        var reached = new bool[_segments.Length + 1];
        reached[0] = true;
        SkipDoubleStars(reached);
        for (var i = 0; i < segments.Length; i++)
        {
            var next = new bool[reached.Length];
            var isNamedOnly = i == FolderIndex && i < segments.Length - 1 && segments[i] is "_samples" or "_processed";
            for (var p = 0; p < _segments.Length; p++)
            {
                if (!reached[p])
                    continue;
                if (isNamedOnly)
                    next[p + 1] |= _segments[p] == segments[i];
                else if (_segments[p] == "**")
                    (next[p], next[p + 1]) = (true, next[p + 1] || p == _segments.Length - 1);
                else
                    next[p + 1] |= WildcardText.Matches(_segments[p], segments[i]);
            }

            SkipDoubleStars(next);
            reached = next;
        }

        return reached[^1];
    }

    // ** may stand for no folder; at the end of a pattern it stands for the file too.
    private void SkipDoubleStars(bool[] reached)
    {
        for (var p = 0; p < _segments.Length - 1; p++)
        {
            if (reached[p] && _segments[p] == "**")
                reached[p + 1] = true;
        }
    }
}
