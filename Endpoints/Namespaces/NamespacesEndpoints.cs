using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Engine.Namespaces;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Namespaces;

/// <summary>Namespaces: list, create, describe, delete.</summary>
internal static class NamespacesEndpoints
{
    public static void MapNamespaces(this IEndpointRouteBuilder api)
    {
        api.MapGet("/namespaces", List);
        api.MapPost("/namespaces", Create);
        api.MapPut("/namespaces/{name}", Describe);
        api.MapDelete("/namespaces/{name}", Delete);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var paging = Paging.Of(context.Request);
        return pages.Answer(context, NamespacesJson.Default.NamespaceListModel, NamespaceStore.Listed, () =>
        {
            var (namespaces, total) = database.Read(connection => NamespaceStore.List(connection, paging.Limit, paging.Offset));
            return new NamespaceListModel([.. namespaces.Select(NamespaceModel.Of)], total);
        });
    }

    private static async Task<IResult> Create(HttpContext context, NamespaceService namespaces)
    {
        var body = await RequestBody.ReadAsync(context, NamespacesJson.Default.CreateNamespaceBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (OptionalText.CheckDescription(body.Value.Description) is { } failure)
            return ApiResults.Failure(failure);

        var created = await namespaces.CreateAsync(body.Value.Name ?? "", body.Value.Description ?? "", context.RequestAborted);
        return created.Succeeded
            ? ApiResults.Created(NamespaceModel.Of(created.Value), NamespacesJson.Default.NamespaceModel)
            : ApiResults.Failure(created.Failure);
    }

    private static async Task<IResult> Describe(HttpContext context, string name, NamespaceService namespaces)
    {
        var body = await RequestBody.ReadAsync(context, NamespacesJson.Default.UpdateNamespaceBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (body.Value.Description is not { } description)
            return ApiResults.Failure(Failure.Invalid("description is required"));
        if (OptionalText.CheckDescription(description) is { } failure)
            return ApiResults.Failure(failure);
        return (await namespaces.DescribeAsync(name, description)).ToNoContent();
    }

    private static async Task<IResult> Delete(string name, NamespaceService namespaces) => (await namespaces.DeleteAsync(name)).ToNoContent();
}

/// <summary>A namespace (schema <c>Namespace</c>).</summary>
internal sealed record NamespaceModel(
    string Name, string Description, string? CreatedBy, [property: JsonConverter(typeof(Timestamp))] long CreatedAt)
{
    public static NamespaceModel Of(NamespaceRow row) => new(row.Name, row.Description, row.CreatedBy, row.CreatedAt);
}

/// <summary>One page of namespaces (schema <c>NamespaceList</c>).</summary>
internal sealed record NamespaceListModel(IReadOnlyList<NamespaceModel> Namespaces, long Total);

/// <summary>Body of <c>POST /namespaces</c>.</summary>
internal sealed record CreateNamespaceBody(string? Name, string? Description);

/// <summary>Body of <c>PUT /namespaces/{name}</c>.</summary>
internal sealed record UpdateNamespaceBody(string? Description);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(NamespaceModel))]
[JsonSerializable(typeof(NamespaceListModel))]
[JsonSerializable(typeof(CreateNamespaceBody))]
[JsonSerializable(typeof(UpdateNamespaceBody))]
internal sealed partial class NamespacesJson : JsonSerializerContext;
