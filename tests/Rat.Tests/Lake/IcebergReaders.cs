using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Rat.Tests.Lake;

/// <summary>The independent readers in <c>tests/readers</c>, run by Node.</summary>
internal static class IcebergReaders
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "readers");
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>A table as icebird reads it: <c>snapshotId</c>, <c>schema</c>, <c>rowCount</c>, <c>rows</c>.</summary>
    public static JsonNode Read(string tableFolderOrMetadataFile) => JsonNode.Parse(Run("read-table.mjs", tableFolderOrMetadataFile).Output)!;

    /// <summary>As <see cref="Read"/>, of a table whose files are objects that anyone may read.</summary>
    /// <param name="baseUrl">Of the bucket, by HTTP.</param>
    public static JsonNode ReadBucket(string baseUrl, string metadataUri) => JsonNode.Parse(Run("read-bucket.mjs", baseUrl, metadataUri).Output)!;

    /// <summary>Holds a table against the specification; fails with what violates it. Returns the counts.</summary>
    public static JsonNode Check(string tableFolderOrMetadataFile, params ReadOnlySpan<string> options) =>
        Checked(Violations(tableFolderOrMetadataFile, options));

    /// <summary>As <see cref="Check"/>, of a table in a bucket.</summary>
    /// <param name="mirror">A folder with the bucket's objects under their keys.</param>
    public static JsonNode CheckMirror(string mirror, string metadataUri) => Checked(JsonNode.Parse(Run(
        new ProcessStartInfo("node", [Path.Combine(Folder, "check-manifests.mjs"), metadataUri])
        {
            WorkingDirectory = Folder,
            Environment = { ["BUCKET_MIRROR"] = mirror },
        }).Output)!);

    /// <summary>As <see cref="Check"/>, but violations are the caller's.</summary>
    public static JsonNode Violations(string tableFolderOrMetadataFile, params ReadOnlySpan<string> options) =>
        JsonNode.Parse(Run("check-manifests.mjs", [tableFolderOrMetadataFile, .. options]).Output)!;

    /// <summary>A file with a query's result: <c>columns</c>, <c>batches</c>, <c>rows</c>.</summary>
    /// <param name="format"><c>arrow</c> or <c>parquet</c>.</param>
    public static JsonNode ReadResult(string format, string file) => JsonNode.Parse(Run("read-result.mjs", format, file).Output)!;

    private static JsonNode Checked(JsonNode counts)
    {
        var violations = counts["violations"]!.AsArray().Select(violation => (string)violation!).ToList();
        Assert.True(violations.Count == 0, string.Join('\n', violations));
        Assert.True((int)counts["snapshots"]! > 0);
        return counts;
    }

    private static (int ExitCode, string Output) Run(string script, params ReadOnlySpan<string> arguments)
    {
        Assert.True(Installed.Value);
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script), .. arguments]) { WorkingDirectory = Folder };
        return Run(start);
    }

    private static (int ExitCode, string Output) Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // The checker ends with 1 and says why on its output; whatever else ended it says so here.
        Assert.True(output.Length > 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)}: {error.Result}");
        return (process.ExitCode, output);
    }

    private static bool Install() =>
        File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json"))
        || Run(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund"]) { WorkingDirectory = Folder }).ExitCode == 0;
}
