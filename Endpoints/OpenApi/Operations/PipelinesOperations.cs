using Rat.Endpoints.Pipelines;
using Rat.Endpoints.Previews;
using Rat.Endpoints.Publishing;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class PipelinesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/pipelines", "listPipelines", "Pipelines", "List pipelines")
        {
            Parameters =
            [
                Parameter.Query("namespace"), Parameter.Query("layer"), Parameter.Query("search"),
                Parameter.Sort("name", "namespace", "layer", "type", "created_at", "updated_at"), Parameter.Order, .. Parameter.Page,
            ],
            Answers = [Answer.Json(200, () => PipelinesJson.Default.PipelineListModel)],
        },
        new("POST", "/api/v1/pipelines", "createPipeline", "Pipelines", "Create a pipeline and scaffold its files")
        {
            Body = RequestContent.Json(() => PipelinesJson.Default.CreatePipelineBody, "namespace", "layer", "name"),
            Answers = [Answer.Json(201, () => PipelinesJson.Default.CreatedPipelineModel)],
            Errors = [400, 404, 409],
        },
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}", "getPipeline", "Pipelines", "Get a pipeline")
        {
            Answers = [Answer.Json(200, () => PipelinesJson.Default.PipelineModel)],
            Errors = [400, 404],
        },
        new("PUT", "/api/v1/pipelines/{namespace}/{layer}/{name}", "updatePipeline", "Pipelines", "Partially update a pipeline")
        {
            Body = RequestContent.Json(() => PipelinesJson.Default.UpdatePipelineBody),
            Answers = [Answer.Json(200, () => PipelinesJson.Default.PipelineModel)],
            Errors = [400, 403, 404],
        },
        new(
            "DELETE", "/api/v1/pipelines/{namespace}/{layer}/{name}", "deletePipeline",
            "Pipelines", "Soft-delete a pipeline and remove its files")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 403, 404],
        },
        new("POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/preview", "previewPipeline", "Pipelines", "Dry run")
        {
            Parameters = [Parameter.Number("limit")],
            Body = RequestContent.OptionalJson(() => PreviewsJson.Default.PreviewBody),
            Answers = [Answer.Json(200, () => DocumentJson.Default.PreviewDocument)],
            Errors = [400, 404, 503],
        },
        new(
            "POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/publish", "publishPipeline",
            "Pipelines", "Publish the current files as a new version")
        {
            Body = RequestContent.OptionalJson(() => PublishingJson.Default.PublishBody),
            Answers =
            [
                Answer.Json(200, () => PublishingJson.Default.PublishedModel),
                Answer.Json(422, () => PublishingJson.Default.ValidationErrorModel),
            ],
            Errors = [400, 404, 503],
        },
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/versions", "listPipelineVersions", "Pipelines", "Version history")
        {
            Answers = [Answer.Json(200, () => PublishingJson.Default.PipelineVersionListModel)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/versions/{number}", "getPipelineVersion", "Pipelines", "One version")
        {
            Answers = [Answer.Json(200, () => PublishingJson.Default.PipelineVersionModel)],
            Errors = [400, 404],
        },
        new(
            "POST", "/api/v1/pipelines/{namespace}/{layer}/{name}/rollback", "rollbackPipeline",
            "Pipelines", "Re-pin an earlier version as a new version")
        {
            Body = RequestContent.Json(() => PublishingJson.Default.RollbackBody, "version"),
            Answers = [Answer.Json(200, () => PublishingJson.Default.RolledBackModel)],
            Errors = [400, 404],
        },
    ];
}
