using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>The data directory of a server, looked at from outside.</summary>
internal static class Lake
{
    /// <summary>Every Parquet file of a namespace's tables, as paths below the lake, in order.</summary>
    public static IReadOnlyList<string> DataFiles(RatProcess rat, string ns) =>
        [.. AbsoluteDataFiles(rat, ns).Select(file => Path.GetRelativePath(rat.DataDirectory, file))];

    public static IReadOnlyList<string> AbsoluteDataFiles(RatProcess rat, string ns)
    {
        var folder = Path.Combine(rat.DataDirectory, "lake", ns);
        return Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
    }

    /// <summary>Asserts that a text for users names no place of this machine.</summary>
    public static void AssertNothingLocal(RatProcess rat, string text)
    {
        // The folder's own name too: a path may be cut.
        Assert.DoesNotContain(Directory.GetParent(rat.DataDirectory)!.Name, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
    }
}
