namespace Rat.Engine.Duck;

/// <summary>Makes DuckDB's messages fit for the person who wrote the statement.</summary>
internal static class DuckErrorText
{
    /// <summary>Takes out local paths, addresses and stack lines.</summary>
    /// <param name="roots">Absolute folders whose files have a public name: <c>(folder, "s3://rat/")</c> turns <c>folder/a/b.csv</c>
    /// into <c>s3://rat/a/b.csv</c>.</param>
    public static string Scrub(string message, params ReadOnlySpan<(string Folder, string Replacement)> roots) =>
        throw new NotImplementedException($"{message}{roots.Length}");
}
