using Rat.Endpoints.Http;
using Rat.Engine.Automation.Schedules;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Automation;

/// <summary>Schedules: list, make, look at, change, remove.</summary>
internal static class SchedulesEndpoints
{
    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", List);
        api.MapPost("/schedules", Create);
        api.MapGet("/schedules/{schedule_id}", Get);
        api.MapPut("/schedules/{schedule_id}", Update);
        api.MapDelete("/schedules/{schedule_id}", Delete);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var paging = Paging.Of(context.Request);
        return pages.Answer(context, AutomationJson.Default.ScheduleListModel, ScheduleStore.Listed, () =>
        {
            var (schedules, total) = database.Read(connection => ScheduleStore.List(connection, paging.Limit, paging.Offset));
            return new ScheduleListModel([.. schedules.Select(ScheduleModel.Of)], total);
        });
    }

    private static async Task<IResult> Create(HttpContext context, ScheduleService schedules)
    {
        var body = await RequestBody.ReadAsync(context, AutomationJson.Default.CreateScheduleBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (CheckCreate(body.Value) is { } failure)
            return ApiResults.Failure(failure);
        var (ns, layer, pipeline, cron, enabled) = body.Value;
        var created = await schedules.CreateAsync(new TableName(ns!, layer!, pipeline!), cron!, enabled ?? true, context.RequestAborted);
        return created.Succeeded
            ? ApiResults.Created(ScheduleModel.Of(created.Value), AutomationJson.Default.ScheduleModel)
            : ApiResults.Failure(created.Failure);
    }

    private static IResult Get(HttpContext context, MetadataDatabase database) =>
        IdOf(context) is { } id && database.Read(connection => ScheduleStore.Find(connection, id)) is { } schedule ? Answer(schedule) : NotFound();

    private static async Task<IResult> Update(HttpContext context, ScheduleService schedules)
    {
        var body = await RequestBody.ReadAsync(context, AutomationJson.Default.UpdateScheduleBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        if (IdOf(context) is not { } id)
            return NotFound();
        var updated = await schedules.UpdateAsync(id, body.Value.Cron, body.Value.Enabled);
        return updated.Succeeded ? Answer(updated.Value) : ApiResults.Failure(updated.Failure);
    }

    private static async Task<IResult> Delete(HttpContext context, ScheduleService schedules) =>
        IdOf(context) is { } id ? (await schedules.DeleteAsync(id)).ToNoContent() : NotFound();

    private static Failure? CheckCreate(CreateScheduleBody body) => body switch
    {
        { Namespace: null or "" } => Failure.Invalid("namespace is required"),
        { Layer: null or "" } => Failure.Invalid("layer is required"),
        { Pipeline: null or "" } => Failure.Invalid("pipeline is required"),
        { Cron: null or "" } => Failure.Invalid("cron is required"),
        _ when !Slug.IsValid(body.Namespace) => Failure.Invalid($"namespace {Slug.Rule}"),
        _ when !Layer.IsValid(body.Layer) => Failure.Invalid($"layer {Layer.Rule}"),
        _ when !Slug.IsValid(body.Pipeline) => Failure.Invalid($"pipeline {Slug.Rule}"),
        _ => null,
    };

    private static Guid? IdOf(HttpContext context) =>
        Guid.TryParseExact((string?)context.Request.RouteValues["schedule_id"], "D", out var id) ? id : null;

    private static IResult Answer(ScheduleRow schedule) => ApiResults.Ok(ScheduleModel.Of(schedule), AutomationJson.Default.ScheduleModel);

    private static IResult NotFound() => ApiResults.Failure(Failure.NotFound("schedule not found"));
}
