namespace Rat.Storage.Lake;

/// <summary>What a list of tables shows of one. Times are microseconds since the Unix epoch.</summary>
/// <param name="UpdatedAt">When the current snapshot was committed.</param>
internal sealed record TableSummary(TableName Name, long RowCount, long SizeBytes, long SnapshotId, long CreatedAt, long UpdatedAt);
