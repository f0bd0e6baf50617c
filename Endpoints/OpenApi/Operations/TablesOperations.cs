using Rat.Endpoints.Tables;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class TablesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/tables", "listTables", "Tables", "List tables")
        {
            Parameters = [Parameter.Query("namespace"), Parameter.Query("layer")],
            Answers = [Answer.Json(200, () => TablesJson.Default.TableListModel)],
            Errors = [503],
        },
        new("GET", "/api/v1/tables/{namespace}/{layer}/{name}", "getTable", "Tables", "Table details")
        {
            Answers = [Answer.Json(200, () => TablesJson.Default.TableDetailModel)],
            Errors = [400, 404, 503],
        },
        new("GET", "/api/v1/tables/{namespace}/{layer}/{name}/preview", "previewTable", "Tables", "First rows of a table")
        {
            Parameters = [Parameter.Number("limit")],
            Answers = [Answer.Json(200, () => DocumentJson.Default.QueryDocument)],
            Errors = [400, 404, 503],
        },
        new("PUT", "/api/v1/tables/{namespace}/{layer}/{name}/metadata", "updateTableMetadata", "Tables", "Document a table")
        {
            Body = RequestContent.Json(() => TablesJson.Default.UpdateTableMetadataBody),
            Answers = [Answer.Json(200, () => TablesJson.Default.TableMetadataModel)],
            Errors = [400, 404, 503],
        },
    ];
}
