using System.Text.Json.Serialization;

namespace Rat.Bare;

internal sealed record RunPage(IReadOnlyList<RunItem> Runs, long Total);

internal sealed record RunItem(
    Guid Id, Guid PipelineId, string Namespace, string Layer, string Pipeline, string Status, string Trigger, string? StartedAt, string? FinishedAt,
    long? DurationMs, long? RowsWritten, string? Error, [property: JsonPropertyName("logs_s3_path")] string? LogsPath, string CreatedAt);

internal sealed record PipelinePage(IReadOnlyList<PipelineItem> Pipelines, long Total);

internal sealed record PipelineItem(
    Guid Id, string Namespace, string Layer, string Name, string Type, [property: JsonPropertyName("s3_path")] string Path, string Description,
    string? Owner, string? PublishedAt, Dictionary<string, string> PublishedVersions, bool DraftDirty, int MaxVersions, string? RetentionConfig,
    LastRunItem? LastRun, string CreatedAt, string UpdatedAt);

internal sealed record LastRunItem(Guid RunId, string Status, string? FinishedAt);

internal sealed record VersionPage(IReadOnlyList<VersionItem> Versions, long Total);

internal sealed record VersionItem(
    Guid Id, Guid PipelineId, int VersionNumber, string Message, Dictionary<string, string> PublishedVersions, string CreatedAt);

internal sealed record TriggerPage(IReadOnlyList<TriggerItem> Triggers, long Total);

internal sealed record TriggerItem(
    Guid Id, Guid PipelineId, string Type, Dictionary<string, string> Config, bool Enabled, int CooldownSeconds, string? LastTriggeredAt,
    Guid? LastRunId, string CreatedAt, string UpdatedAt);

internal sealed record TestPage(IReadOnlyList<TestItem> Tests, long Total);

internal sealed record TestItem(
    string Name, string Sql, string Severity, string Description, bool Published, IReadOnlyList<string> Tags, string Remediation);

internal sealed record SchedulePage(IReadOnlyList<ScheduleItem> Schedules, long Total);

internal sealed record ScheduleItem(
    Guid Id, Guid PipelineId, string Namespace, string Layer, string Pipeline, string Cron, bool Enabled, Guid? LastRunId, string? LastRunAt,
    string? NextRunAt, string CreatedAt, string UpdatedAt);

internal sealed record NamespacePage(IReadOnlyList<NamespaceItem> Namespaces, long Total);

internal sealed record NamespaceItem(string Name, string Description, string? CreatedBy, string CreatedAt);

internal sealed record ZonePage(IReadOnlyList<ZoneItem> Zones, long Total);

internal sealed record ZoneItem(
    Guid Id, string Namespace, string Name, string Description, string? Owner, string ExpectedSchema, int? ProcessedMaxAgeDays, bool AutoPurge,
    long FileCount, long TotalBytes, string CreatedAt, string UpdatedAt);

internal sealed record LandingFilePage(IReadOnlyList<LandingFileItem> Files, long Total);

internal sealed record LandingFileItem(
    Guid Id, Guid ZoneId, [property: JsonPropertyName("filename")] string FileName, [property: JsonPropertyName("s3_path")] string Path,
    long SizeBytes, string ContentType, string? UploadedBy, string UploadedAt);

internal sealed record FilePage(IReadOnlyList<FileItem> Files);

internal sealed record SamplePage(IReadOnlyList<FileItem> Files, long Total);

internal sealed record FileItem(string Path, long Size, string Modified, string Type, string VersionId);

internal sealed record TablePage(IReadOnlyList<TableItem> Tables, long Total);

internal sealed record TableItem(string Namespace, string Layer, string Name, long RowCount, long SizeBytes, string? Description);

internal sealed record AuditPage(IReadOnlyList<AuditItem> Entries, long Total);

internal sealed record AuditItem(Guid Id, string UserId, string Action, string Resource, string Detail, string Ip, string CreatedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(PipelinePage))]
[JsonSerializable(typeof(VersionPage))]
[JsonSerializable(typeof(TriggerPage))]
[JsonSerializable(typeof(TestPage))]
[JsonSerializable(typeof(SchedulePage))]
[JsonSerializable(typeof(NamespacePage))]
[JsonSerializable(typeof(ZonePage))]
[JsonSerializable(typeof(LandingFilePage))]
[JsonSerializable(typeof(SamplePage))]
[JsonSerializable(typeof(FilePage))]
[JsonSerializable(typeof(TablePage))]
[JsonSerializable(typeof(AuditPage))]
internal sealed partial class PagesJson : JsonSerializerContext;
