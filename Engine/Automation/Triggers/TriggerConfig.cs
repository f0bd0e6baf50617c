using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Storage;

namespace Rat.Engine.Automation.Triggers;

/// <summary>The settings of a trigger; which of them there are depends on its type (schema <c>TriggerConfig</c>).</summary>
internal sealed record TriggerConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Namespace { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ZoneName { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pattern { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Layer { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Pipeline { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CronExpr { get; init; }

    /// <summary>Each <c>namespace.layer.pipeline</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Dependencies { get; init; }

    /// <summary>SHA-256 of a webhook's token in hexadecimal digits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenHash { get; init; }

    /// <summary>The landing zone that upload triggers name.</summary>
    [JsonIgnore]
    public string Zone => $"{Namespace}/{ZoneName}";

    /// <summary>The pipeline that a pipeline_success trigger names.</summary>
    [JsonIgnore]
    public TableName Upstream => new(Namespace!, Layer!, Pipeline!);

    public static TriggerConfig Parse(string json) => JsonSerializer.Deserialize(json, TriggerConfigJson.Default.TriggerConfig)!;

    public string ToJson() => JsonSerializer.Serialize(this, TriggerConfigJson.Default.TriggerConfig);

    /// <summary>Whose events a trigger with this configuration waits for; null when it waits for times only.</summary>
    public string? SubjectOf(string type) => type switch
    {
        TriggerTypes.Upload or TriggerTypes.FilePattern => Zone,
        TriggerTypes.PipelineSuccess => Upstream.ToString(),
        TriggerTypes.Webhook => TokenHash,
        _ => null,
    };

    /// <summary>What the runs of such a trigger say has started them (behaviour §4, "Trigger labels").</summary>
    public string LabelOf(string type) => type switch
    {
        TriggerTypes.Upload => $"trigger:{type}:{Zone}",
        TriggerTypes.FilePattern => $"trigger:{type}:{Zone}:{Pattern}",
        TriggerTypes.PipelineSuccess => $"trigger:{type}:{Namespace}/{Layer}/{Pipeline}",
        TriggerTypes.Webhook => $"trigger:{type}:{TokenHash![..8]}",
        _ => $"trigger:{type}:{CronExpr}",
    };

    /// <summary>The pipelines that a cron_dependency trigger waits for; they were checked.</summary>
    public IEnumerable<TableName> DependencyNames() => (Dependencies ?? []).Select(name => TryParse(name)!);

    /// <summary>Null when it isn't <c>namespace.layer.pipeline</c>.</summary>
    public static TableName? TryParse(string? name) => name?.Split('.') is [var ns, var layer, var pipeline]
        && Slug.IsValid(ns) && Storage.Layer.IsValid(layer) && Slug.IsValid(pipeline)
            ? new TableName(ns, layer, pipeline)
            : null;
}

/// <summary>The JSON of a trigger's settings, in the database and in the API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(TriggerConfig))]
internal sealed partial class TriggerConfigJson : JsonSerializerContext;
