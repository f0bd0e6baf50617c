using System.Text.Json.Nodes;

namespace Rat.Torture.Data;

/// <summary>A file that something names, and its size where that is told.</summary>
internal sealed record NamedFile(string Path, long? Size);

/// <summary>Every file that a table's metadata file reaches (Iceberg specification v2, "Table Metadata", "Snapshots", "Manifest Lists",
/// "Manifests"): itself, older metadata files, manifest lists, manifests, data and delete files of all retained snapshots.</summary>
internal static class TableFiles
{
    private const long DeletedEntry = 2;

    /// <param name="metadata">Absolute path.</param>
    /// <param name="localPath">Where on this machine the file of a location lies; null for locations of files.</param>
    public static IEnumerable<NamedFile> Of(string metadata, Func<string, string>? localPath = null)
    {
        localPath ??= LocalPath;
        yield return new NamedFile(metadata, null);
        var table = JsonNode.Parse(File.ReadAllBytes(metadata))!;
        foreach (var older in table["metadata-log"]?.AsArray() ?? [])
            yield return new NamedFile(localPath((string)older!["metadata-file"]!), null);

        var manifests = new Dictionary<string, long>();
        foreach (var snapshot in table["snapshots"]?.AsArray() ?? [])
        {
            var list = localPath((string)snapshot!["manifest-list"]!);
            yield return new NamedFile(list, null);
            foreach (var manifest in AvroFile.Read(list))
                manifests[localPath((string)manifest["manifest_path"]!)] = (long)manifest["manifest_length"]!;
        }

        foreach (var (path, length) in manifests)
        {
            yield return new NamedFile(path, length);
            foreach (var entry in AvroFile.Read(path).Where(entry => (long)entry["status"]! != DeletedEntry))
            {
                var file = (IReadOnlyDictionary<string, object?>)entry["data_file"]!;
                yield return new NamedFile(localPath((string)file["file_path"]!), (long)file["file_size_in_bytes"]!);
            }
        }
    }

    /// <summary>What readers without a catalog go by (Iceberg specification, "File System Tables"); it may be a moment late.</summary>
    public static bool IsHint(string path) =>
        Path.GetFileName(path) is "version-hint.text" || File.ResolveLinkTarget(path, returnFinalTarget: false) is { Exists: true };

    /// <summary>What follows the scheme, as it is: Iceberg's locations are not percent-encoded.</summary>
    public static string LocalPath(string location) =>
        location.StartsWith("file://", StringComparison.Ordinal) ? location["file://".Length..] : location;
}
