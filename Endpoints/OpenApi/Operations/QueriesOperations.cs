using Rat.Endpoints.Queries;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class QueriesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/api/v1/query", "executeQuery", "Query", "Run a read-only SQL query")
        {
            Parameters = [Parameter.Header("Accept")],
            Body = RequestContent.Json(() => QueriesJson.Default.QueryBody, "sql"),
            Answers =
            [
                Answer.Json(200, () => DocumentJson.Default.QueryDocument), Answer.Text(200, "text/csv"),
                Answer.Text(200, "application/x-ndjson"), Answer.Text(200, "application/vnd.apache.parquet"),
                Answer.Text(200, "application/vnd.apache.arrow.stream"),
            ],
            Errors = [400, 503],
        },
        new("GET", "/api/v1/schema", "getSchema", "Query", "All tables with columns")
        {
            Parameters = [Parameter.Query("namespace"), Parameter.Query("layer")],
            Answers = [Answer.Json(200, () => QueriesJson.Default.SchemaModel)],
            Errors = [503],
        },
    ];
}
