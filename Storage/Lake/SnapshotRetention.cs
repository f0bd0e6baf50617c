namespace Rat.Storage.Lake;

/// <summary>What of a table's past its new metadata still names.</summary>
/// <param name="Kept">Oldest first; the new snapshot is the last.</param>
/// <param name="Expired">Snapshots that the new metadata no longer names.</param>
/// <param name="KeptMetadata">For the metadata-log.</param>
/// <param name="ExpiredMetadata">Metadata files that the new one no longer names.</param>
internal sealed record SnapshotRetention(
    IReadOnlyList<PastSnapshot> Kept,
    IReadOnlyList<PastSnapshot> Expired,
    IReadOnlyList<MetadataFile> KeptMetadata,
    IReadOnlyList<MetadataFile> ExpiredMetadata)
{
    private const int MostMetadataFiles = 20;

    public static SnapshotRetention Of(TableHistory history, PastSnapshot added, int mostSnapshots)
    {
        var tooMany = Math.Max(0, history.Snapshots.Count + 1 - mostSnapshots);
        return new SnapshotRetention(
            [.. history.Snapshots.Skip(tooMany), added],
            [.. history.Snapshots.Take(tooMany)],
            [.. history.MetadataFiles.TakeLast(MostMetadataFiles)],
            [.. history.MetadataFiles.SkipLast(MostMetadataFiles)]);
    }
}
