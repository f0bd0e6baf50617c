namespace Rat.Storage.Lake;

/// <summary>One committed state of a table: what a statement that pinned it reads from start to end, whatever is committed after.</summary>
/// <param name="TableId">Identity of the table over its life; a dropped and newly made table of the same name has another one.</param>
/// <param name="Location">Folder of the table below the lake's root, with forward slashes.</param>
/// <param name="MetadataPath">Current metadata file below the lake's root.</param>
/// <param name="SnapshotId">Below 2^53, so that JavaScript readers keep its digits.</param>
/// <param name="RowCount">Rows that are not deleted.</param>
/// <param name="SizeBytes">Of data files and position deletes.</param>
internal sealed record TableState(
    TableName Name,
    string TableId,
    string Location,
    string MetadataPath,
    long SnapshotId,
    LakeSchema Schema,
    IReadOnlyList<DataFile> Files,
    long RowCount,
    long SizeBytes)
{
    /// <summary>Sequence number of the snapshot (Iceberg specification, "Sequence Numbers"): 1 for a table's first, then one more each time.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The highest field id that the table has ever used.</summary>
    public int LastColumnId { get; init; }

    /// <summary>The highest schema id that the table has ever used.</summary>
    public int LastSchemaId { get; init; }

    /// <summary>How new files are divided.</summary>
    public PartitionSpec Spec { get; init; } = PartitionSpec.None;

    /// <summary>Every spec that the table has ever had.</summary>
    public IReadOnlyList<PartitionSpec> Specs { get; init; } = [PartitionSpec.None];

    /// <summary>Another program has moved the pointer since rat's last commit. All but <see cref="MetadataPath"/> is what rat knows, and
    /// nothing may be built on it.</summary>
    public bool IsForeign { get; init; }

    /// <summary>When the snapshot was committed, in microseconds since the epoch; later than that of every snapshot before it.</summary>
    public long CommittedAt { get; init; }
}

/// <summary>A Parquet file of a snapshot.</summary>
/// <param name="Path">Below the lake's root, with forward slashes.</param>
/// <param name="RowCount">Rows in the file, deleted ones included.</param>
/// <param name="Columns">Statistics by field id of the leaves.</param>
internal sealed record DataFile(string Path, long RowCount, long SizeBytes, IReadOnlyDictionary<int, ColumnStatistics> Columns)
{
    /// <summary>Sequence number of the snapshot that added it.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The snapshot that added it.</summary>
    public long SnapshotId { get; init; }

    /// <summary>The first snapshot that it was part of; an earlier one than <see cref="SequenceNumber"/> tells after a rollback.</summary>
    public long Since { get; init; }

    /// <summary>Its place among the files of the table: their rows are read in this order.</summary>
    public long Position { get; init; }

    /// <summary>The partition that its rows belong to, with the spec that it was written under.</summary>
    public PartitionTuple Partition { get; init; } = PartitionTuple.None;

    /// <summary>Which of its rows are deleted; null when none is.</summary>
    public DeleteFile? Deletes { get; init; }

    /// <summary>Rows that are not deleted.</summary>
    public long LiveRows => RowCount - (Deletes?.RowCount ?? 0);
}

/// <summary>Statistics of one leaf column in one file.</summary>
/// <param name="Lower">Lower bound in Iceberg's single-value binary form, null when unknown.</param>
/// <param name="Upper">Upper bound in Iceberg's single-value binary form, null when unknown.</param>
internal sealed record ColumnStatistics(long SizeBytes, long ValueCount, long NullCount, long? NanCount, byte[]? Lower, byte[]? Upper);
