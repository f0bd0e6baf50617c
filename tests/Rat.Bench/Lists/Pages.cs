using System.Text.Json.Serialization;

namespace Rat.Bench.Lists;

/// <summary>A page of runs, as a bare server would hold it in memory.</summary>
internal sealed record RunPage(IReadOnlyList<RunItem> Runs, long Total);

internal sealed record RunItem(
    Guid Id, Guid PipelineId, string Namespace, string Layer, string Pipeline, string Status, string Trigger, string? StartedAt, string? FinishedAt,
    long? DurationMs, long? RowsWritten, string? Error, [property: JsonPropertyName("logs_s3_path")] string? LogsPath, string CreatedAt);

/// <summary>A page of pipelines.</summary>
internal sealed record PipelinePage(IReadOnlyList<PipelineItem> Pipelines, long Total);

internal sealed record PipelineItem(
    Guid Id, string Namespace, string Layer, string Name, string Type, [property: JsonPropertyName("s3_path")] string Path, string Description,
    string? Owner, string? PublishedAt, Dictionary<string, string> PublishedVersions, bool DraftDirty, int MaxVersions, string? RetentionConfig,
    LastRunItem? LastRun, string CreatedAt, string UpdatedAt);

internal sealed record LastRunItem(Guid RunId, string Status, string? FinishedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(PipelinePage))]
internal sealed partial class PagesJson : JsonSerializerContext;
