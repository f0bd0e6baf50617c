namespace Rat.Storage.Lake;

/// <summary>The position deletes of one data file (Iceberg specification, "Position Delete Files"). They apply to data files whose sequence
/// number is not greater than theirs.</summary>
/// <param name="Path">Below the lake's root, with forward slashes.</param>
/// <param name="RowCount">How many rows of the data file are deleted.</param>
/// <param name="RootUri">The lake's root in the <c>file_path</c> of its rows. When the data directory has moved since, other readers don't
/// find what is deleted; rat itself goes by positions alone.</param>
internal sealed record DeleteFile(string Path, long RowCount, long SizeBytes, IReadOnlyDictionary<int, ColumnStatistics> Columns, string RootUri)
{
    /// <summary>Sequence number of the snapshot that added it.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The snapshot that added it.</summary>
    public long SnapshotId { get; init; }

    /// <summary>The first snapshot that it was part of; an earlier one than <see cref="SequenceNumber"/> tells after a rollback.</summary>
    public long Since { get; init; }
}
