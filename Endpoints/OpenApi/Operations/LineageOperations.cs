namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class LineageOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/lineage", "getLineage", "Lineage", "Lineage graph")
        {
            Parameters = [Parameter.Query("namespace")],
            Answers = [Answer.Json(200, () => DocumentJson.Default.LineageGraphModel)],
        },
    ];
}
