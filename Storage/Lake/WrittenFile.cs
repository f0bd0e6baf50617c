namespace Rat.Storage.Lake;

/// <summary>A Parquet file that DuckDB wrote for a run, as <c>COPY … RETURN_STATS</c> tells of it.</summary>
/// <param name="FileName">Name below <see cref="StagingTarget.DataFolder"/>, with forward slashes when it lies in folders of its own.</param>
internal sealed record WrittenFile(string FileName, long RowCount, long SizeBytes, IReadOnlyList<LeafStatistics> Leaves)
{
    /// <summary>The partition that all its rows belong to; null in a table without partitions.</summary>
    public PartitionTuple? Partition { get; init; }

    /// <summary>The <see cref="DataFile.Position"/> of the file whose place it takes; null to come last.</summary>
    public long? Position { get; init; }
}

/// <summary>DuckDB's statistics of one leaf column of a file.</summary>
/// <param name="Path">DuckDB's path, each name quoted: <c>"items"."element"."x"</c>.</param>
/// <param name="SizeBytes">Bytes of the column on disk.</param>
/// <param name="Min">Smallest value as text, null when unknown.</param>
/// <param name="Max">Largest value as text, null when unknown.</param>
/// <param name="ValueCount">Values, NULLs included.</param>
/// <param name="HasNan">Null for types that have no NaN.</param>
internal sealed record LeafStatistics(string Path, long SizeBytes, string? Min, string? Max, long NullCount, long ValueCount, bool? HasNan);
