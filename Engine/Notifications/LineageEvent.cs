using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Notifications;

/// <summary>A run event of OpenLineage (specification 2-0-2, "RunEvent").</summary>
internal sealed record LineageEvent(
    string EventType,
    DateTimeOffset EventTime,
    LineageRun Run,
    LineageName Job,
    IReadOnlyList<LineageName> Inputs,
    IReadOnlyList<LineageName> Outputs,
    string Producer,
    [property: JsonPropertyName("schemaURL")] string SchemaUrl)
{
    private const string Schema = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";
    private const string Platform = "rat";

    /// <param name="inputs">Tables that the pipeline reads.</param>
    public static LineageEvent Of(NotificationRow row, IEnumerable<TableName> inputs)
    {
        var run = row.Run;
        return new LineageEvent(
            row.Event switch { "running" => "START", "success" => "COMPLETE", "failed" => "FAIL", _ => "ABORT" },
            Timestamps.FromMicroseconds(row.CreatedAt), LineageRun.Of(run, row.Event), NameOf(run.Pipeline), [.. inputs.Select(NameOf)],
            [NameOf(run.Pipeline)], LineageErrorFacet.ProducerName, Schema);
    }

    public HttpRequestMessage ToRequest(NotificationSettings settings)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Lineage)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(this, LineageJson.Default.LineageEvent)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (settings.LineageKey is { } key)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static LineageName NameOf(TableName name) => new(Platform, name.ToString());
}

/// <summary>A job or a dataset.</summary>
internal sealed record LineageName(string Namespace, string Name);

/// <summary>The run of an event.</summary>
internal sealed record LineageRun(Guid RunId, LineageFacets? Facets)
{
    public static LineageRun Of(RunRow run, string reached) =>
        new(run.Id, reached == "failed" && run.Error is { } error ? new LineageFacets(LineageErrorFacet.Of(error)) : null);
}

/// <summary>What is told of a run besides its state.</summary>
internal sealed record LineageFacets(LineageErrorFacet ErrorMessage);

/// <summary>Why a run failed (OpenLineage, "ErrorMessageRunFacet").</summary>
internal sealed record LineageErrorFacet(
    [property: JsonPropertyName("_producer")] string Producer,
    [property: JsonPropertyName("_schemaURL")] string SchemaUrl,
    string Message,
    string ProgrammingLanguage)
{
    public const string ProducerName = "urn:rat";

    public static LineageErrorFacet Of(string message) =>
        new(ProducerName, "https://openlineage.io/spec/facets/1-0-1/ErrorMessageRunFacet.json", message, "SQL");
}

/// <summary>The JSON of OpenLineage events.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LineageEvent))]
internal sealed partial class LineageJson : JsonSerializerContext;
