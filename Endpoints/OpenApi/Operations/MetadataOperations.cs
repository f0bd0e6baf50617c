using Rat.Endpoints.Sidecars;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class MetadataOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/metadata", "getPipelineMetadata", "Metadata", "Read pipeline.meta.yaml")
        {
            Answers = [Answer.Json(200, () => SidecarsJson.Default.SidecarModel)],
            Errors = [400, 404, 503],
        },
        new(
            "GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/metadata/quality", "getPipelineQualityMetadata",
            "Metadata", "Read tests/quality.meta.yaml")
        {
            Answers = [Answer.Json(200, () => SidecarsJson.Default.SidecarModel)],
            Errors = [400, 404, 503],
        },
        new(
            "GET", "/api/v1/metadata/{namespace}/pipeline/{layer}/{name}", "getPipelineMetadataLegacy",
            "Metadata", "Legacy alias for pipeline.meta.yaml")
        {
            Answers = [Answer.Json(200, () => SidecarsJson.Default.SidecarModel)],
            Errors = [400, 404, 503],
        },
        new(
            "GET", "/api/v1/metadata/{namespace}/quality/{layer}/{name}", "getPipelineQualityMetadataLegacy",
            "Metadata", "Legacy alias for tests/quality.meta.yaml")
        {
            Answers = [Answer.Json(200, () => SidecarsJson.Default.SidecarModel)],
            Errors = [400, 404, 503],
        },
    ];
}
