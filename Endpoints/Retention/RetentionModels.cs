using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Retention;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Retention;

/// <summary>The system's settings (schema <c>RetentionConfigResponse</c>).</summary>
internal sealed record RetentionConfigModel(RetentionConfig Config);

/// <summary>A pipeline's settings (schema <c>PipelineRetention</c>).</summary>
internal sealed record PipelineRetentionModel(RetentionConfig System, RetentionOverrides? Overrides, RetentionConfig Effective);

/// <summary>The last clean-up (schema <c>ReaperStatus</c>).</summary>
internal sealed record ReaperStatusModel(
    [property: JsonConverter(typeof(Timestamp))] long? LastRunAt,
    int RunsPruned,
    int LogsPruned,
    int QualityPruned,
    int PipelinesPurged,
    int RunsFailed,
    int BranchesCleaned,
    int LzFilesCleaned,
    int AuditPruned,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt)
{
    public static ReaperStatusModel Of(ReaperStatusRow row) => new(
        row.LastRunAt, row.Counts.RunsPruned, row.Counts.LogsPruned, row.Counts.QualityPruned, row.Counts.PipelinesPurged, row.Counts.RunsFailed,
        row.Counts.BranchesCleaned, row.Counts.LzFilesCleaned, row.Counts.AuditPruned, row.UpdatedAt);
}

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(RetentionConfigModel))]
[JsonSerializable(typeof(RetentionOverrides))]
[JsonSerializable(typeof(PipelineRetentionModel))]
[JsonSerializable(typeof(ReaperStatusModel))]
internal sealed partial class RetentionJson : JsonSerializerContext;
