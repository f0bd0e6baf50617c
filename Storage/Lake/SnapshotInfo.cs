using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>What a list of a table's snapshots shows of one.</summary>
/// <param name="ParentId">Null for a table's first.</param>
/// <param name="CommittedAt">Microseconds since the Unix epoch.</param>
/// <param name="Operation"><c>append</c>, <c>overwrite</c>, <c>delete</c> or <c>replace</c>.</param>
/// <param name="Summary">The other keys of its summary.</param>
/// <param name="RowCount">Rows of the table as of the snapshot.</param>
internal sealed record SnapshotInfo(
    long Id,
    long? ParentId,
    long SequenceNumber,
    int SchemaId,
    long CommittedAt,
    string Operation,
    IReadOnlyDictionary<string, string> Summary,
    long RowCount,
    long SizeBytes,
    bool IsCurrent)
{
    private const string OperationKey = "operation";

    public static SnapshotInfo Of(LakeSnapshot snapshot, bool isCurrent)
    {
        using var summary = JsonDocument.Parse(snapshot.Summary);
        var keys = summary.RootElement.EnumerateObject().ToDictionary(key => key.Name, key => key.Value.GetString()!, StringComparer.Ordinal);
        keys.Remove(OperationKey, out var operation);
        return new SnapshotInfo(
            snapshot.Id,
            snapshot.ParentId,
            snapshot.SequenceNumber,
            snapshot.SchemaId,
            snapshot.CommittedAt,
            operation!,
            keys,
            snapshot.RowCount,
            snapshot.SizeBytes,
            isCurrent);
    }
}
