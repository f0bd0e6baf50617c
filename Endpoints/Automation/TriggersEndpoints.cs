using Rat.Endpoints.Http;
using Rat.Engine.Automation.Triggers;
using Rat.Storage;

namespace Rat.Endpoints.Automation;

/// <summary>The triggers of a pipeline: list, make, look at, change, remove.</summary>
internal static class TriggersEndpoints
{
    private const string Triggers = "/pipelines/{namespace}/{layer}/{name}/triggers";

    public static void MapTriggers(this IEndpointRouteBuilder api)
    {
        api.MapGet(Triggers, List);
        api.MapPost(Triggers, Create);
        api.MapGet(Triggers + "/{trigger_id}", Get);
        api.MapPut(Triggers + "/{trigger_id}", Update);
        api.MapDelete(Triggers + "/{trigger_id}", Delete);
    }

    private static IResult List(HttpContext context, TriggerService triggers, PageCache pages) =>
        pages.Answer(context, AutomationJson.Default.TriggerListModel, TriggerService.Listed, () =>
        {
            var found = triggers.List(PipelineOf(context));
            if (!found.Succeeded)
                return found.Failure;
            var models = found.Value.Select(row => TriggerModel.Of(row, context.Request)).ToList();
            return new TriggerListModel(models, models.Count);
        }, namesHost: true);

    private static async Task<IResult> Create(HttpContext context, TriggerService triggers)
    {
        var body = await RequestBody.ReadAsync(context, AutomationJson.Default.CreateTriggerBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (type, config, enabled, cooldown) = body.Value;
        if ((CheckType(type) ?? CheckCooldown(cooldown)) is { } failure)
            return ApiResults.Failure(failure);
        var created = await triggers.CreateAsync(PipelineOf(context), type!, config, enabled ?? true, cooldown ?? 0, context.RequestAborted);
        return created.Succeeded
            ? ApiResults.Created(TriggerModel.Of(created.Value.Trigger, context.Request, created.Value.Token), AutomationJson.Default.TriggerModel)
            : ApiResults.Failure(created.Failure);
    }

    private static IResult Get(HttpContext context, TriggerService triggers) => Answer(context, triggers.Find(PipelineOf(context), IdOf(context)));

    private static async Task<IResult> Update(HttpContext context, TriggerService triggers)
    {
        var body = await RequestBody.ReadAsync(context, AutomationJson.Default.UpdateTriggerBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (config, enabled, cooldown) = body.Value;
        return CheckCooldown(cooldown) is { } failure
            ? ApiResults.Failure(failure)
            : Answer(context, await triggers.UpdateAsync(PipelineOf(context), IdOf(context), config, enabled, cooldown));
    }

    private static async Task<IResult> Delete(HttpContext context, TriggerService triggers) =>
        (await triggers.DeleteAsync(PipelineOf(context), IdOf(context))).ToNoContent();

    private static IResult Answer(HttpContext context, Outcome<Storage.Metadata.TriggerRow> trigger) => trigger.Succeeded
        ? ApiResults.Ok(TriggerModel.Of(trigger.Value, context.Request), AutomationJson.Default.TriggerModel)
        : ApiResults.Failure(trigger.Failure);

    private static Failure? CheckType(string? type) => type switch
    {
        null or "" => Failure.Invalid("type is required"),
        _ when !TriggerTypes.All.Contains(type) => Failure.Invalid($"type must be one of {string.Join(", ", TriggerTypes.All)}"),
        _ => null,
    };

    private static Failure? CheckCooldown(int? seconds) => seconds < 0 ? Failure.Invalid("cooldown_seconds must be 0 or more") : null;

    private static TableName PipelineOf(HttpContext context)
    {
        var values = context.Request.RouteValues;
        return new TableName((string)values["namespace"]!, (string)values["layer"]!, (string)values["name"]!);
    }

    private static Guid? IdOf(HttpContext context) =>
        Guid.TryParseExact((string?)context.Request.RouteValues["trigger_id"], "D", out var id) ? id : null;
}
