namespace Rat.Engine.Duck.Gate;

/// <summary>Names that were perhaps meant.</summary>
internal static class Suggestion
{
    private const int Most = 3;
    private const int LongestCompared = 64;

    /// <summary><c>; did you mean a, b?</c>, or nothing when no name is near.</summary>
    public static string For(string wrong, IEnumerable<string> names)
    {
        if (wrong.Length > LongestCompared)
            return "";
        var allowed = wrong.Length switch { < 3 => 0, < 6 => 1, _ => 2 };
        var near = names
            .Select(name => (Name: name, Distance: name.Length > LongestCompared ? int.MaxValue : Distance(wrong, name, allowed)))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Most).Select(candidate => candidate.Name).ToList();
        return near.Count == 0 ? "" : $"; did you mean {string.Join(", ", near)}?";
    }

    // Levenshtein's; any number over the limit when it is more than that.
    private static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
            return limit + 1;
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
            row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
