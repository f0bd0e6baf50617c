namespace Rat.Storage.Lake;

/// <summary>What a commit needs to know of the commits before it.</summary>
/// <param name="RootUri">The lake's root as the live manifests name it; null for a new table.</param>
/// <param name="Snapshots">Retained ones, oldest first.</param>
/// <param name="Schemas">JSON of the schemas that they use.</param>
/// <param name="Manifests">Those of the current snapshot.</param>
/// <param name="MetadataFiles">The current one last.</param>
internal sealed record TableHistory(
    string? RootUri,
    IReadOnlyList<PastSnapshot> Snapshots,
    IReadOnlyList<(int Id, string Json)> Schemas,
    IReadOnlyList<Manifest> Manifests,
    IReadOnlyList<MetadataFile> MetadataFiles)
{
    public static readonly TableHistory None = new(null, [], [], [], []);
}

/// <summary>A version of a table's metadata.</summary>
/// <param name="Version">1 for the first, then one more each time.</param>
/// <param name="Path">Below the lake's root.</param>
/// <param name="WrittenAt">Microseconds since the Unix epoch.</param>
internal sealed record MetadataFile(int Version, string Path, long WrittenAt);
