namespace Rat.Storage.Lake;

/// <summary>A snapshot whose files are all on disk, durable, and that only waits for its pointer.</summary>
/// <param name="State">The table as it will be once committed.</param>
/// <param name="Base">The state that it was built on; null for a new table.</param>
/// <param name="Snapshot">The new snapshot.</param>
/// <param name="Metadata">The new metadata file.</param>
/// <param name="RootUri">The lake's root as all live manifests name it from now on.</param>
/// <param name="AddedFiles">Files that the snapshot adds.</param>
/// <param name="RemovesFiles">True when no file of the base stays.</param>
/// <param name="Manifest">The snapshot's own manifest; null when it needs none.</param>
/// <param name="RewrittenFrom">Manifests from this sequence number on are no longer named: <see cref="Manifest"/> has what was in them.</param>
/// <param name="OldestKept">Snapshots with a smaller sequence number expire.</param>
/// <param name="OldestMetadata">Metadata files of a smaller version are no longer named.</param>
/// <param name="Obsolete">Files of metadata, below the lake's root, that nothing names after the commit.</param>
/// <param name="History">The table's past as the next commit will find it.</param>
internal sealed record StagedCommit(
    TableState State,
    TableState? Base,
    LakeSnapshot Snapshot,
    MetadataFile Metadata,
    string RootUri,
    IReadOnlyList<DataFile> AddedFiles,
    bool RemovesFiles,
    Manifest? Manifest,
    long RewrittenFrom,
    long OldestKept,
    int OldestMetadata,
    IReadOnlyList<string> Obsolete,
    TableHistory History);
