namespace Rat.Storage.Lake;

/// <summary>A snapshot whose files are all on disk, durable, and that only waits for its pointer.</summary>
/// <param name="State">The table as it will be once committed.</param>
/// <param name="Base">The state that it was built on; null for a new table.</param>
/// <param name="Snapshot">The new snapshot.</param>
/// <param name="Metadata">The new metadata file.</param>
/// <param name="RootUri">The lake's root as all live manifests name it from now on.</param>
/// <param name="Files">Data files and position deletes that the snapshot adds and removes.</param>
/// <param name="AddedManifests">Those that the snapshot has written.</param>
/// <param name="RemovedManifests">Those of the base that it doesn't name any more.</param>
/// <param name="OldestKept">Snapshots with a smaller sequence number expire.</param>
/// <param name="OldestMetadata">Metadata files of a smaller version are no longer named.</param>
/// <param name="ExpiredSnapshots">How many snapshots expire.</param>
/// <param name="Obsolete">Files of metadata, below the lake's root, that nothing names after the commit.</param>
/// <param name="History">The table's past as the next commit will find it.</param>
internal sealed record StagedCommit(
    TableState State,
    TableState? Base,
    LakeSnapshot Snapshot,
    MetadataFile Metadata,
    string RootUri,
    FileChange Files,
    IReadOnlyList<Manifest> AddedManifests,
    IReadOnlyList<Manifest> RemovedManifests,
    long OldestKept,
    int OldestMetadata,
    int ExpiredSnapshots,
    IReadOnlyList<string> Obsolete,
    TableHistory History)
{
    /// <summary><see cref="StagingTarget.AttemptId"/> of its target.</summary>
    public required Guid AttemptId { get; init; }
}
