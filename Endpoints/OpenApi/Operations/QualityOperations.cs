namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class QualityOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("DELETE", "/api/v1/pipelines/{namespace}/{layer}/{name}/tests/{test_name}", "deleteQualityTest", "Quality Tests", "Delete a test")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404, 503],
        },
        new(
            "DELETE", "/api/v1/tests/{namespace}/{layer}/{name}/{test_name}", "deleteQualityTestLegacy",
            "Quality Tests (SDK aliases)", "Delete a test")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404, 503],
        },
    ];
}
