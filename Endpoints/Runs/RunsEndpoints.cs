using System.Text;
using Rat.Endpoints.Http;
using Rat.Engine.Observation;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Runs;

/// <summary>Runs: list, start, look at, cancel, follow.</summary>
internal static class RunsEndpoints
{
    private const int LongestTrigger = 100;

    private static readonly string[] SortFields = ["created_at", "started_at", "finished_at", "status", "trigger", "duration_ms"];

    public static void MapRuns(this IEndpointRouteBuilder api)
    {
        api.MapGet("/runs", List);
        api.MapPost("/runs", Create);
        api.MapGet("/runs/{run_id}", Get);
        api.MapPost("/runs/{run_id}/cancel", Cancel);
        api.MapGet("/runs/{run_id}/logs", Logs);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var request = context.Request;
        var from = TimeFilter(request, "from");
        var to = TimeFilter(request, "to");
        var startedAfter = TimeFilter(request, "started_after");
        var startedBefore = TimeFilter(request, "started_before");
        if ((from.Failure ?? to.Failure ?? startedAfter.Failure ?? startedBefore.Failure) is { } failure)
            return ApiResults.Failure(failure);

        var sorting = Sorting.Of(request, SortFields);
        var paging = Paging.Of(request);
        var filter = new RunFilter(
            request.Filter("namespace"), request.Filter("layer"), request.Filter("pipeline"), request.Filter("status"),
            from.Value, to.Value, startedAfter.Value, startedBefore.Value, sorting.Field, !sorting.Descending, paging.Limit, paging.Offset);
        return pages.Answer(context, RunsJson.Default.RunListModel, RunStore.Listed, () =>
        {
            var (runs, total) = database.Read(connection => RunStore.List(connection, filter));
            return new RunListModel([.. runs.Select(RunModel.Of)], total);
        });
    }

    private static async Task<IResult> Create(HttpContext context, RunService runs)
    {
        var body = await RequestBody.ReadAsync(context, RunsJson.Default.CreateRunBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (ns, layer, pipeline, trigger) = body.Value;
        if (CheckCreate(ns, layer, pipeline, trigger) is { } failure)
            return ApiResults.Failure(failure);

        var run = await runs.SubmitAsync(
            new TableName(ns!, layer!, pipeline!), string.IsNullOrEmpty(trigger) ? "manual" : trigger, context.RequestAborted);
        return run.Succeeded
            ? ApiResults.Accepted(new RunRefModel(run.Value.Id, run.Value.Status.ToText()), RunsJson.Default.RunRefModel)
            : ApiResults.Failure(run.Failure);
    }

    private static IResult Get(HttpContext context, MetadataDatabase database) =>
        RunId(context) is { } id && database.Read(connection => RunStore.Find(connection, id)) is { } run
            ? ApiResults.Ok(RunModel.Of(run), RunsJson.Default.RunModel)
            : NotFound();

    private static async Task<IResult> Cancel(HttpContext context, RunService runs)
    {
        if (RunId(context) is not { } id)
            return NotFound();
        var cancelled = await runs.CancelAsync(id);
        return cancelled.Succeeded
            ? ApiResults.Ok(new RunRefModel(id, RunStatus.Cancelled.ToText()), RunsJson.Default.RunRefModel)
            : ApiResults.Failure(cancelled.Failure);
    }

    private static IResult Logs(HttpContext context, RunService runs, StreamSlots slots, EngineCounters counters, IHostApplicationLifetime lifetime)
    {
        if (RunId(context) is not { } id)
            return NotFound();
        var log = runs.ReadLog(id);
        if (!log.Succeeded)
            return ApiResults.Failure(log.Failure);
        if (context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
            return new RunLogStream(id, runs, slots, counters, lifetime.ApplicationStopping);

        var (run, lines) = log.Value;
        return ApiResults.Ok(new RunLogsModel([.. lines.Select(LogEntryModel.Of)], run.Status.ToText()), RunsJson.Default.RunLogsModel);
    }

    private static Failure? CheckCreate(string? ns, string? layer, string? pipeline, string? trigger) => (ns, layer, pipeline) switch
    {
        (null or "", _, _) => Failure.Invalid("namespace is required"),
        (_, null or "", _) => Failure.Invalid("layer is required"),
        (_, _, null or "") => Failure.Invalid("pipeline is required"),
        _ when !Slug.IsValid(ns) => Failure.Invalid($"namespace {Slug.Rule}"),
        _ when !Layer.IsValid(layer) => Failure.Invalid($"layer {Layer.Rule}"),
        _ when !Slug.IsValid(pipeline) => Failure.Invalid($"pipeline {Slug.Rule}"),
        _ when Encoding.UTF8.GetByteCount(trigger ?? "") > LongestTrigger => Failure.Invalid($"trigger must be at most {LongestTrigger} bytes"),
        _ => null,
    };

    private static Outcome<DateTimeOffset?> TimeFilter(HttpRequest request, string name)
    {
        if (request.Filter(name) is not { } text)
            return (DateTimeOffset?)null;
        return Rfc3339.TryParse(text, out var time)
            ? time
            : Failure.Invalid($"{name} must be an RFC 3339 time such as 2026-01-31T08:00:00Z");
    }

    private static Guid? RunId(HttpContext context) =>
        Guid.TryParseExact((string?)context.Request.RouteValues["run_id"], "D", out var id) ? id : null;

    private static IResult NotFound() => ApiResults.Failure(Failure.NotFound("run not found"));
}
