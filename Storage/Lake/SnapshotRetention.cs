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

    /// <param name="added">The new snapshot, which is kept whatever the settings say.</param>
    /// <param name="now">Microseconds since the epoch.</param>
    public static SnapshotRetention Of(TableHistory history, PastSnapshot added, LakeSettings settings, long now)
    {
        var tooMany = Math.Max(0, history.Snapshots.Count + 1 - settings.MostSnapshots);
        var oldest = now - (long)settings.SnapshotMaxAge.TotalMicroseconds;
        var tooOld = history.Snapshots.TakeWhile(snapshot => snapshot.CommittedAt < oldest).Count();
        var expired = Math.Max(tooMany, tooOld);
        return new SnapshotRetention(
            [.. history.Snapshots.Skip(expired), added],
            [.. history.Snapshots.Take(expired)],
            [.. history.MetadataFiles.TakeLast(MostMetadataFiles)],
            [.. history.MetadataFiles.SkipLast(MostMetadataFiles)]);
    }
}
