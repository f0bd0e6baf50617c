using Rat.Endpoints.Http;
using Rat.Engine.Pipelines;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Pipelines;

/// <summary>Pipelines: list, create with a scaffold, look at, change, delete.</summary>
internal static class PipelinesEndpoints
{
    private static readonly string[] SortFields = ["created_at", "name", "namespace", "layer", "type", "updated_at"];

    public static void MapPipelines(this IEndpointRouteBuilder api)
    {
        api.MapGet("/pipelines", List);
        api.MapPost("/pipelines", Create);
        api.MapGet("/pipelines/{namespace}/{layer}/{name}", Get);
        api.MapPut("/pipelines/{namespace}/{layer}/{name}", Update);
        api.MapDelete("/pipelines/{namespace}/{layer}/{name}", Delete);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var request = context.Request;
        var (sorting, paging) = (Sorting.Of(request, SortFields), Paging.Of(request));
        var filter = new PipelineFilter(
            request.Filter("namespace"), request.Filter("layer"), request.Filter("search"), sorting.Field, sorting.Descending, paging.Limit, paging.Offset);
        return pages.Answer(context, PipelinesJson.Default.PipelineListModel, PipelineStore.Listed, () =>
        {
            var (pipelines, total) = database.Read(connection => PipelineStore.List(connection, filter));
            return new PipelineListModel([.. pipelines.Select(PipelineModel.Of)], total);
        });
    }

    private static async Task<IResult> Create(HttpContext context, PipelineService pipelines)
    {
        var body = await RequestBody.ReadAsync(context, PipelinesJson.Default.CreatePipelineBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var request = body.Value;
        if (CheckCreate(request) is { } failure)
            return ApiResults.Failure(failure);

        var name = new TableName(request.Namespace!, request.Layer!, request.Name!);
        var created = await pipelines.CreateAsync(
            name, TypeOf(request.Type), request.Source, request.UniqueKey, request.Description ?? "", context.RequestAborted);
        return created.Succeeded
            ? ApiResults.Created(
                new CreatedPipelineModel(name.Namespace, name.Layer, name.Name, PipelineRow.FolderOf(name), created.Value.Files),
                PipelinesJson.Default.CreatedPipelineModel)
            : ApiResults.Failure(created.Failure);
    }

    private static IResult Get(string @namespace, string layer, string name, MetadataDatabase database) =>
        Answer(database.Read(connection => PipelineStore.Find(connection, new TableName(@namespace, layer, name))));

    private static async Task<IResult> Update(
        HttpContext context, string @namespace, string layer, string name, PipelineService pipelines)
    {
        var body = await RequestBody.ReadAsync(context, PipelinesJson.Default.UpdatePipelineBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (description, type, ownerField) = body.Value;
        var owner = OptionalText.Clearable(ownerField, "owner", current: null);
        if ((CheckType(type) ?? OptionalText.CheckDescription(description) ?? owner.Failure) is { } failure)
            return ApiResults.Failure(failure);

        var updated = await pipelines.UpdateAsync(new TableName(@namespace, layer, name), row => row with
        {
            Description = description ?? row.Description,
            Type = type ?? row.Type,
            Owner = OptionalText.Clearable(ownerField, "owner", row.Owner).Value,
        });
        return Answer(updated);
    }

    private static async Task<IResult> Delete(string @namespace, string layer, string name, PipelineService pipelines) =>
        (await pipelines.DeleteAsync(new TableName(@namespace, layer, name))).ToNoContent();

    private static IResult Answer(PipelineRow? pipeline) => pipeline is null
        ? ApiResults.Failure(Failure.NotFound("pipeline not found"))
        : ApiResults.Ok(PipelineModel.Of(pipeline), PipelinesJson.Default.PipelineModel);

    private static Failure? CheckCreate(CreatePipelineBody body) => body switch
    {
        { Namespace: null or "" } => Failure.Invalid("namespace is required"),
        { Layer: null or "" } => Failure.Invalid("layer is required"),
        { Name: null or "" } => Failure.Invalid("name is required"),
        _ when !Slug.IsValid(body.Namespace) => Failure.Invalid($"namespace {Slug.Rule}"),
        _ when !Slug.IsValid(body.Name) => Failure.Invalid($"name {Slug.Rule}"),
        _ when !Layer.IsValid(body.Layer) => Failure.Invalid($"layer {Layer.Rule}"),
        _ => CheckType(TypeOf(body.Type)) ?? OptionalText.CheckDescription(body.Description),
    };

    private static string TypeOf(string? type) => string.IsNullOrEmpty(type) ? "sql" : type;

    private static Failure? CheckType(string? type) => type is null or "sql" or "python" ? null : Failure.Invalid("type must be sql or python");
}
