using Rat.Endpoints.Runs;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class RunsOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/runs", "listRuns", "Runs", "List runs")
        {
            Parameters =
            [
                Parameter.Query("namespace"), Parameter.Query("layer"), Parameter.Query("pipeline"), Parameter.Query("status"),
                Parameter.Time("from"), Parameter.Time("to"), Parameter.Time("started_after"), Parameter.Time("started_before"),
                Parameter.Sort("created_at", "started_at", "finished_at", "status", "trigger", "duration_ms"), Parameter.Order,
                .. Parameter.Page,
            ],
            Answers = [Answer.Json(200, () => RunsJson.Default.RunListModel)],
            Errors = [400],
        },
        new("POST", "/api/v1/runs", "createRun", "Runs", "Start a run")
        {
            Body = RequestContent.Json(() => RunsJson.Default.CreateRunBody, "namespace", "layer", "pipeline"),
            Answers = [Answer.Json(202, () => RunsJson.Default.RunRefModel)],
            Errors = [400, 403, 404],
        },
        new("GET", "/api/v1/runs/{run_id}", "getRun", "Runs", "Get a run")
        {
            Answers = [Answer.Json(200, () => RunsJson.Default.RunModel)],
            Errors = [404],
        },
        new("POST", "/api/v1/runs/{run_id}/cancel", "cancelRun", "Runs", "Cancel a pending or running run")
        {
            Answers = [Answer.Json(200, () => RunsJson.Default.RunRefModel)],
            Errors = [403, 404, 409],
        },
        new("GET", "/api/v1/runs/{run_id}/logs", "getRunLogs", "Runs", "Run logs as JSON or as a live SSE stream")
        {
            Parameters = [Parameter.Header("Accept")],
            Answers = [Answer.Json(200, () => RunsJson.Default.RunLogsModel), Answer.Text(200, "text/event-stream")],
            Errors = [404],
        },
    ];
}
