using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>The tables of a server, looked at from outside.</summary>
internal static class Lake
{
    /// <summary>Every Parquet file of a namespace's tables, by its name among the kept files, in order.</summary>
    public static IReadOnlyList<string> DataFiles(RatProcess rat, string ns) =>
        [.. rat.Files.Lake(ns).Where(name => name.EndsWith(".parquet", StringComparison.Ordinal))];

    /// <summary>Asserts that a text for users names no place of this machine.</summary>
    public static void AssertNothingLocal(RatProcess rat, string text)
    {
        // The folder's own name too: a path may be cut.
        Assert.DoesNotContain(Directory.GetParent(rat.DataDirectory)!.Name, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), text, StringComparison.Ordinal);
    }
}
