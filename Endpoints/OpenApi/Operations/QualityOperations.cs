using Rat.Endpoints.Quality;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class QualityOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/tests", "listQualityTests", "Quality Tests", "List tests")
        {
            Answers = [Answer.Json(200, () => QualityJson.Default.QualityTestListModel)],
            Errors = [400, 404, 503],
        },
        new("POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/tests", "createQualityTest", "Quality Tests", "Create a test")
        {
            Body = RequestContent.Json(() => QualityJson.Default.CreateQualityTestBody, "name", "sql"),
            Answers = [Answer.Json(201, () => QualityJson.Default.CreatedQualityTestModel)],
            Errors = [400, 404, 409, 503],
        },
        new("DELETE", "/api/v1/pipelines/{namespace}/{layer}/{name}/tests/{test_name}", "deleteQualityTest", "Quality Tests", "Delete a test")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404, 503],
        },
        new(
            "POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/tests/run", "runQualityTests",
            "Quality Tests", "Run every test against current data")
        {
            Answers = [Answer.Json(200, () => QualityJson.Default.QualityRunModel)],
            Errors = [400, 404, 503],
        },
        new("GET", "/api/v1/tests/{namespace}/{layer}/{name}", "listQualityTestsLegacy", "Quality Tests (SDK aliases)", "List tests")
        {
            Answers = [Answer.Json(200, () => QualityJson.Default.QualityTestListModel)],
            Errors = [400, 404, 503],
        },
        new("POST", "/api/v1/tests/{namespace}/{layer}/{name}", "createQualityTestLegacy", "Quality Tests (SDK aliases)", "Create a test")
        {
            Body = RequestContent.Json(() => QualityJson.Default.CreateQualityTestBody, "name", "sql"),
            Answers = [Answer.Json(201, () => QualityJson.Default.CreatedQualityTestModel)],
            Errors = [400, 404, 409, 503],
        },
        new(
            "DELETE", "/api/v1/tests/{namespace}/{layer}/{name}/{test_name}", "deleteQualityTestLegacy",
            "Quality Tests (SDK aliases)", "Delete a test")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404, 503],
        },
        new(
            "POST", "/api/v1/tests/{namespace}/{layer}/{name}/run", "runQualityTestsLegacy",
            "Quality Tests (SDK aliases)", "Run every test against current data")
        {
            Answers = [Answer.Json(200, () => QualityJson.Default.QualityRunModel)],
            Errors = [400, 404, 503],
        },
    ];
}
