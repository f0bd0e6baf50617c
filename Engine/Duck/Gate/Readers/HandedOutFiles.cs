namespace Rat.Engine.Duck.Gate.Readers;

/// <summary>The landing files that a statement was given in exchange for their addresses, by the path that stands in its text.</summary>
internal sealed class HandedOutFiles
{
    private readonly Dictionary<string, LandingMatch> _byPath = new(StringComparer.Ordinal);

    /// <summary>Each file once, in the order of the statement.</summary>
    public IReadOnlyList<LandingMatch> All => [.. _byPath.Values];

    public IReadOnlyCollection<string> Paths => _byPath.Keys;

    /// <summary>The path to write into the statement.</summary>
    public string Add(LandingMatch file)
    {
        var path = AsPattern(file);
        _byPath[path] = file;
        return path;
    }

    /// <summary>The folder that the keys of these files are below, with the slash at its end: that of the first, when all have folders of the same
    /// length; else null.</summary>
    public static string? RootOf(IReadOnlyList<LandingMatch> files)
    {
        string? root = null;
        foreach (var file in files)
        {
            if (!file.LocalPath.EndsWith("/" + file.Key, StringComparison.Ordinal))
                return null;
            var own = file.LocalPath[..^file.Key.Length];
            if (root is not null && root.Length != own.Length)
                return null;
            root ??= own;
        }

        return root;
    }

    // DuckDB takes every path for a pattern. A wildcard in the name of a file stands for itself inside of brackets: a[*].csv is a*.csv. The
    // folders above are left as they are: DuckDB compares them with those that it is allowed to read.
    private static string AsPattern(LandingMatch file)
    {
        var key = file.LocalPath.EndsWith(file.Key, StringComparison.Ordinal) ? file.Key : Path.GetFileName(file.LocalPath);
        return key.AsSpan().IndexOfAny('*', '?', '[') < 0
            ? file.LocalPath
            : file.LocalPath[..^key.Length] + string.Concat(key.Select(letter => letter is '*' or '?' or '[' ? $"[{letter}]" : letter.ToString()));
    }
}
