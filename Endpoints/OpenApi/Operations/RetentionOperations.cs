using Rat.Endpoints.Retention;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class RetentionOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/admin/retention/config", "getRetentionConfig", "Retention", "System retention settings")
        {
            Answers = [Answer.Json(200, () => RetentionJson.Default.RetentionConfigModel)],
        },
        new("PUT", "/api/v1/admin/retention/config", "updateRetentionConfig", "Retention", "Change system retention settings")
        {
            Body = RequestContent.Json(() => RetentionJson.Default.RetentionOverrides),
            Answers = [Answer.Json(200, () => RetentionJson.Default.RetentionConfigModel)],
            Errors = [400],
        },
        new("GET", "/api/v1/admin/retention/status", "getReaperStatus", "Retention", "Statistics of the last reaper tick")
        {
            Answers = [Answer.Json(200, () => RetentionJson.Default.ReaperStatusModel)],
        },
        new("POST", "/api/v1/admin/retention/run", "triggerReaper", "Retention", "Run the reaper now and wait")
        {
            Answers = [Answer.Json(202, () => RetentionJson.Default.ReaperStatusModel)],
            Errors = [503],
        },
        new(
            "GET", "/api/v1/pipelines/{namespace}/{layer}/{name}/retention", "getPipelineRetention",
            "Retention", "System, override and effective settings")
        {
            Answers = [Answer.Json(200, () => RetentionJson.Default.PipelineRetentionModel)],
            Errors = [400, 404],
        },
        new("PUT", "/api/v1/pipelines/{namespace}/{layer}/{name}/retention", "updatePipelineRetention", "Retention", "Replace the overrides")
        {
            Body = RequestContent.Json(() => RetentionJson.Default.RetentionOverrides) with { IsNullable = true },
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
    ];
}
