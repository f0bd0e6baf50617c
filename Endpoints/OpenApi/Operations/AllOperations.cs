using Rat.Endpoints.Notifications;
using Rat.Endpoints.Quality;
using Rat.Endpoints.Tables;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of all groups, and those that only rat has.</summary>
internal static class AllOperations
{
    private static readonly IReadOnlyList<Operation> Ours =
    [
        new("GET", "/api/v1/openapi.json", "getOpenApi", "Health", "This document")
        {
            Answers = [Answer.Text(200, "application/json")],
            IsExtension = true,
        },
        new("GET", "/api/v1/runs/{run_id}/quality", "getRunQuality", "Runs", "What the quality tests of a run have said")
        {
            Answers = [Answer.Json(200, () => QualityJson.Default.StoredResultsModel)],
            Errors = [404],
            IsExtension = true,
        },
        new("GET", "/api/v1/tables/{namespace}/{layer}/{name}/snapshots", "listTableSnapshots", "Tables", "Snapshots of a table, newest first")
        {
            Answers = [Answer.Json(200, () => SnapshotsJson.Default.SnapshotListModel)],
            Errors = [400, 404],
            IsExtension = true,
        },
        new("POST", "/api/v1/tables/{namespace}/{layer}/{name}/rollback", "rollbackTable", "Tables", "Take a table back to a snapshot")
        {
            Body = RequestContent.Json(() => SnapshotsJson.Default.RollbackBody, "snapshot_id"),
            Answers = [Answer.Json(200, () => SnapshotsJson.Default.SnapshotModel)],
            Errors = [400, 404, 409],
            IsExtension = true,
        },
        new("GET", "/api/v1/admin/notifications", "getNotifications", "Notifications", "Who is told of runs")
        {
            Answers = [Answer.Json(200, () => NotificationsJson.Default.NotificationsModel)],
            IsExtension = true,
        },
        new("PUT", "/api/v1/admin/notifications", "replaceNotifications", "Notifications", "Set who is told of runs, in place of the server's settings")
        {
            Body = RequestContent.Json(() => NotificationsJson.Default.NotificationsBody),
            Answers = [Answer.Json(200, () => NotificationsJson.Default.NotificationsModel)],
            Errors = [400],
            IsExtension = true,
        },
        new("DELETE", "/api/v1/admin/notifications", "clearNotifications", "Notifications", "Back to the server's settings")
        {
            Answers = [Answer.Json(200, () => NotificationsJson.Default.NotificationsModel)],
            IsExtension = true,
        },
    ];

    public static IEnumerable<Operation> List() =>
    [
        .. HealthOperations.All, .. PipelinesOperations.All, .. MetadataOperations.All, .. RunsOperations.All, .. QueriesOperations.All,
        .. TablesOperations.All, .. FilesOperations.All, .. LandingZonesOperations.All, .. QualityOperations.All, .. NamespacesOperations.All,
        .. LineageOperations.All, .. AutomationOperations.All, .. RetentionOperations.All, .. SharingOperations.All, .. AuditOperations.All, .. Ours,
    ];
}
