using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Pipelines;

/// <summary>A pipeline (schema <c>Pipeline</c>).</summary>
internal sealed record PipelineModel(
    Guid Id,
    string Namespace,
    string Layer,
    string Name,
    string Type,
    [property: JsonPropertyName("s3_path")] string Path,
    string Description,
    string? Owner,
    [property: JsonConverter(typeof(Timestamp))] long? PublishedAt,
    IReadOnlyDictionary<string, string> PublishedVersions,
    bool DraftDirty,
    int MaxVersions,
    JsonElement? RetentionConfig,
    LastRunModel? LastRun,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt)
{
    public static PipelineModel Of(PipelineRow row) => new(
        row.Id, row.Name.Namespace, row.Name.Layer, row.Name.Name, row.Type, row.Folder, row.Description, row.Owner, row.PublishedAt,
        row.PublishedVersions, row.DraftDirty, row.MaxVersions, Parse(row.RetentionConfig), LastRunModel.Of(row.LastRun), row.CreatedAt, row.UpdatedAt);

    private static JsonElement? Parse(string? json)
    {
        if (json is null)
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

/// <summary>The newest run of a pipeline (schema <c>LastRun</c>).</summary>
internal sealed record LastRunModel(Guid RunId, string Status, [property: JsonConverter(typeof(Timestamp))] long? FinishedAt)
{
    public static LastRunModel? Of(LastRunRow? run) => run is null ? null : new(run.RunId, run.Status, run.FinishedAt);
}

/// <summary>One page of pipelines (schema <c>PipelineList</c>).</summary>
internal sealed record PipelineListModel(IReadOnlyList<PipelineModel> Pipelines, long Total);

/// <summary>Body of <c>POST /pipelines</c>. All fields are optional here so that a missing one gets a message of its own.</summary>
internal sealed record CreatePipelineBody(
    string? Namespace, string? Layer, string? Name, string? Type, string? Source, string? UniqueKey, string? Description);

/// <summary>Answer of <c>POST /pipelines</c> (schema <c>CreatePipelineResponse</c>).</summary>
internal sealed record CreatedPipelineModel(
    string Namespace, string Layer, string Name, [property: JsonPropertyName("s3_path")] string Path, IReadOnlyList<string> FilesCreated);

/// <summary>Body of <c>PUT /pipelines/…</c>: absent means unchanged.</summary>
internal sealed record UpdatePipelineBody(string? Description, string? Type, JsonElement Owner);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(PipelineModel))]
[JsonSerializable(typeof(PipelineListModel))]
[JsonSerializable(typeof(CreatePipelineBody))]
[JsonSerializable(typeof(CreatedPipelineModel))]
[JsonSerializable(typeof(UpdatePipelineBody))]
internal sealed partial class PipelinesJson : JsonSerializerContext;
