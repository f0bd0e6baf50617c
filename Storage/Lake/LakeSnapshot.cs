namespace Rat.Storage.Lake;

/// <summary>A snapshot as the table's metadata names it (Iceberg specification, "Snapshots").</summary>
/// <param name="ParentId">Null for a table's first.</param>
/// <param name="CommittedAt">Microseconds since the Unix epoch.</param>
/// <param name="ManifestList">Below the lake's root.</param>
/// <param name="SpecId">The table's default spec as of this snapshot.</param>
/// <param name="Summary">JSON object of strings.</param>
internal sealed record LakeSnapshot(
    long SequenceNumber,
    long Id,
    long? ParentId,
    int SchemaId,
    int SpecId,
    long CommittedAt,
    string ManifestList,
    string Summary,
    long RowCount,
    long SizeBytes);
