using System.Text;

namespace Rat.Storage.Objects;

/// <summary>The rules for keys that come from outside.</summary>
internal static class ObjectKey
{
    private const int LongestSegment = 255;
    private const int Longest = 1024;

    /// <summary>Null when the key can be used, else what is wrong with it.</summary>
    public static Failure? Check(string key)
    {
        if (key.Length == 0)
            return Failure.Invalid("path must not be empty");
        if (BreaksOut(key))
            return Failure.Invalid("path must not contain '..', a backslash or NUL, nor begin with '/'");
        var segments = key.Split('/');
        if (segments.Any(segment => segment is "" or "."))
            return Failure.Invalid("path must name a file: no empty segment, no '.', no '/' at its end");
        if (!Slug.IsValid(segments[0]))
            return Failure.Invalid($"the first segment of path is a namespace: it {Slug.Rule}");
        // A file of that name would stand where a zone has its folder.
        if (segments is [_, "landing", _, "_samples" or "_processed"])
            return Failure.Invalid($"path must name a file: {segments[^1]} is a folder of the landing zone");
        return Encoding.UTF8.GetByteCount(key) > Longest || segments.Any(segment => Encoding.UTF8.GetByteCount(segment) > LongestSegment)
            ? Failure.Invalid($"path is too long: at most {Longest} bytes, and {LongestSegment} in each segment")
            : null;
    }

    /// <summary>Null when the prefix can be searched for, else what is wrong with it.</summary>
    public static Failure? CheckPrefix(string prefix) => prefix switch
    {
        "" => Failure.Invalid("prefix is required"),
        _ when BreaksOut(prefix) => Failure.Invalid("prefix must not contain '..', a backslash or NUL, nor begin with '/'"),
        _ when !Slug.IsValid(prefix.Split('/')[0]) => Failure.Invalid($"the first segment of prefix is a namespace: it {Slug.Rule}"),
        _ => null,
    };

    /// <summary>Landing files, <c>{ns}/landing/{zone}/…</c>, keep their plain key, so that DuckDB reads them under the name that they were given.</summary>
    public static bool IsLanding(string key) => key.Split('/', 4) is [_, "landing", _, _];

    private static bool BreaksOut(string text) =>
        text.Contains("..", StringComparison.Ordinal) || text.StartsWith('/') || text.AsSpan().IndexOfAny('\0', '\\') >= 0;
}
