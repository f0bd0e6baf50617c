using Rat.Endpoints.Http;
using Rat.Engine.Retention;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Retention;

/// <summary>How long what is kept: of the system, of a pipeline; and the clean-up itself.</summary>
internal static class RetentionEndpoints
{
    private const string OfPipeline = "/pipelines/{namespace}/{layer}/{name}/retention";

    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        api.MapGet("/admin/retention/config", GetConfig);
        api.MapPut("/admin/retention/config", UpdateConfig);
        api.MapGet("/admin/retention/status", Status);
        api.MapPost("/admin/retention/run", Run);
        api.MapGet(OfPipeline, GetPipeline);
        api.MapPut(OfPipeline, ReplacePipeline);
    }

    private static IResult GetConfig(RetentionSettings settings) =>
        ApiResults.Ok(new RetentionConfigModel(settings.System()), RetentionJson.Default.RetentionConfigModel);

    private static async Task<IResult> UpdateConfig(HttpContext context, RetentionSettings settings)
    {
        var body = await RequestBody.ReadAsync(context, RetentionJson.Default.RetentionOverrides);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var changed = await settings.ChangeSystemAsync(body.Value);
        return changed.Succeeded
            ? ApiResults.Ok(new RetentionConfigModel(changed.Value), RetentionJson.Default.RetentionConfigModel)
            : ApiResults.Failure(changed.Failure);
    }

    private static IResult Status(MetadataDatabase database) =>
        ApiResults.Ok(ReaperStatusModel.Of(database.Read(RetentionStore.Status)), RetentionJson.Default.ReaperStatusModel);

    // It goes on when the client has gone.
    private static async Task<IResult> Run(Reaper reaper)
    {
        var status = await reaper.RunAsync();
        return status.Succeeded
            ? ApiResults.Accepted(ReaperStatusModel.Of(status.Value), RetentionJson.Default.ReaperStatusModel)
            : ApiResults.Failure(status.Failure);
    }

    private static IResult GetPipeline(string @namespace, string layer, string name, RetentionSettings settings)
    {
        var found = settings.OfPipeline(new TableName(@namespace, layer, name));
        return found.Succeeded
            ? ApiResults.Ok(
                new PipelineRetentionModel(found.Value.System, found.Value.Overrides, found.Value.Effective), RetentionJson.Default.PipelineRetentionModel)
            : ApiResults.Failure(found.Failure);
    }

    private static async Task<IResult> ReplacePipeline(HttpContext context, string @namespace, string layer, string name, RetentionSettings settings)
    {
        var body = await RequestBody.ReadNullableAsync(context, RetentionJson.Default.RetentionOverrides, ifNull: new RetentionOverrides());
        return body.Succeeded
            ? (await settings.ReplacePipelineAsync(new TableName(@namespace, layer, name), body.Value)).ToNoContent()
            : ApiResults.Failure(body.Failure);
    }
}
