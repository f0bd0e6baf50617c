using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage.Lake;

namespace Rat.Endpoints.Tables;

/// <summary>A snapshot of a table.</summary>
/// <param name="SnapshotId">Below 2^53.</param>
/// <param name="RowCount">Rows of the table as of the snapshot.</param>
/// <param name="Summary">What Iceberg's summary says besides the operation: files and rows added and deleted, the run.</param>
internal sealed record SnapshotModel(
    long SnapshotId,
    long? ParentSnapshotId,
    long SequenceNumber,
    int SchemaId,
    [property: JsonConverter(typeof(Timestamp))] long CommittedAt,
    string Operation,
    long RowCount,
    long SizeBytes,
    bool IsCurrent,
    IReadOnlyDictionary<string, string> Summary)
{
    public static SnapshotModel Of(SnapshotInfo snapshot) => new(
        snapshot.Id, snapshot.ParentId, snapshot.SequenceNumber, snapshot.SchemaId, snapshot.CommittedAt, snapshot.Operation, snapshot.RowCount,
        snapshot.SizeBytes, snapshot.IsCurrent, snapshot.Summary);
}

/// <summary>All retained snapshots, newest first.</summary>
internal sealed record SnapshotListModel(IReadOnlyList<SnapshotModel> Snapshots, long Total);

/// <summary>Body of <c>POST …/rollback</c>.</summary>
internal sealed record RollbackBody(long? SnapshotId);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SnapshotListModel))]
[JsonSerializable(typeof(RollbackBody))]
internal sealed partial class SnapshotsJson : JsonSerializerContext;
