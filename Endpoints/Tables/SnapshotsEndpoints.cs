using Rat.Endpoints.Http;
using Rat.Engine.History;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Tables;

/// <summary>The history of a table: rat's own addition to the contract (docs/api-extensions.md).</summary>
internal static class SnapshotsEndpoints
{
    public static void MapSnapshots(this IEndpointRouteBuilder api)
    {
        api.MapGet("/tables/{namespace}/{layer}/{name}/snapshots", List);
        api.MapPost("/tables/{namespace}/{layer}/{name}/rollback", Rollback);
    }

    private static IResult List(string @namespace, string layer, string name, MetadataDatabase database)
    {
        if (database.Read(connection => LakeTables.Snapshots(connection, new TableName(@namespace, layer, name))) is not { } snapshots)
            return ApiResults.Failure(Failure.NotFound("table not found"));
        return ApiResults.Ok(new SnapshotListModel([.. snapshots.Select(SnapshotModel.Of)], snapshots.Count), SnapshotsJson.Default.SnapshotListModel);
    }

    private static async Task<IResult> Rollback(HttpContext context, string @namespace, string layer, string name, TableRollback rollback)
    {
        var body = await RequestBody.ReadAsync(context, SnapshotsJson.Default.RollbackBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (body.Value.SnapshotId is not { } snapshotId)
            return ApiResults.Failure(Failure.Invalid("snapshot_id is required"));
        var done = await rollback.ExecuteAsync(new TableName(@namespace, layer, name), snapshotId, context.RequestAborted);
        return done.Succeeded ? ApiResults.Ok(SnapshotModel.Of(done.Value), SnapshotsJson.Default.SnapshotModel) : ApiResults.Failure(done.Failure);
    }
}
