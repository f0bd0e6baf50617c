using System.Text;
using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Endpoints.Sidecars;

/// <summary>The YAML files beside a pipeline that describe it and its tests, as they are; and the deprecated addresses of the same.</summary>
internal static class SidecarEndpoints
{
    private const string OfPipeline = "pipeline.meta.yaml";
    private const string OfTests = "tests/quality.meta.yaml";

    public static void MapSidecars(this IEndpointRouteBuilder api)
    {
        api.MapGet("/pipelines/{namespace}/{layer}/{name}/metadata", Pipeline);
        api.MapGet("/pipelines/{namespace}/{layer}/{name}/metadata/quality", Quality);
        api.MapGet("/metadata/{namespace}/pipeline/{layer}/{name}", LegacyPipeline);
        api.MapGet("/metadata/{namespace}/quality/{layer}/{name}", LegacyQuality);
    }

    private static Task<IResult> Pipeline(HttpContext context, string @namespace, string layer, string name, UserFiles files) =>
        ReadAsync(context, new TableName(@namespace, layer, name), OfPipeline, files);

    private static Task<IResult> Quality(HttpContext context, string @namespace, string layer, string name, UserFiles files) =>
        ReadAsync(context, new TableName(@namespace, layer, name), OfTests, files);

    private static Task<IResult> LegacyPipeline(HttpContext context, string @namespace, string layer, string name, UserFiles files)
    {
        Deprecate(context, $"/api/v1/pipelines/{@namespace}/{layer}/{name}/metadata");
        return Pipeline(context, @namespace, layer, name, files);
    }

    private static Task<IResult> LegacyQuality(HttpContext context, string @namespace, string layer, string name, UserFiles files)
    {
        Deprecate(context, $"/api/v1/pipelines/{@namespace}/{layer}/{name}/metadata/quality");
        return Quality(context, @namespace, layer, name, files);
    }

    private static void Deprecate(HttpContext context, string successor)
    {
        context.Response.Headers["Deprecation"] = "true";
        context.Response.Headers.Link = $"<{successor}>; rel=\"successor-version\"";
    }

    private static async Task<IResult> ReadAsync(HttpContext context, TableName name, string file, UserFiles files)
    {
        var path = PipelineRow.FolderOf(name) + file;
        await using var content = await files.OpenAsync(path, context.RequestAborted);
        if (content is null)
            return ApiResults.Failure(Failure.NotFound("metadata not found"));
        using var reader = new StreamReader(content.Stream, Encoding.UTF8);
        return ApiResults.Ok(new SidecarModel(path, await reader.ReadToEndAsync(context.RequestAborted)), SidecarsJson.Default.SidecarModel);
    }
}

/// <summary>A file and its text (schema <c>SidecarMetadata</c>).</summary>
internal sealed record SidecarModel(string Path, string Content);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(SidecarModel))]
internal sealed partial class SidecarsJson : JsonSerializerContext;
