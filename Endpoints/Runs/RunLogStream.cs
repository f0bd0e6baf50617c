using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Features;
using Rat.Endpoints.Http;
using Rat.Engine.Runs;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Runs;

/// <summary>
/// The log of a run as server-sent events (WHATWG HTML, "Server-sent events"): every line as <c>log</c>, then <c>status</c> once, then
/// <c>error</c> for a failed run. <c>error</c> never comes before <c>status</c> of a run that has ended: an EventSource would reconnect.
/// </summary>
internal sealed class RunLogStream(
    Guid runId, RunService runs, StreamSlots slots, Engine.Observation.EngineCounters counters, CancellationToken serverStopping) : IResult
{
    private const int RetryAfterSeconds = 5;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var slot = slots.TryTake(Http.Middleware.ClientAddress.Of(httpContext));
        if (slot is null)
        {
            httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await ErrorEnvelope.WriteAsync(httpContext, StatusCodes.Status429TooManyRequests,
                $"Too many open log streams. Retry after {RetryAfterSeconds} seconds.");
            return;
        }

        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers.Connection = "keep-alive";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        counters.LogStreams.Add(1);
        try
        {
            await response.StartAsync(httpContext.RequestAborted);
            await FollowAsync(response, httpContext.RequestAborted);
        }
        finally
        {
            counters.LogStreams.Add(-1);
        }
    }

    private async Task FollowAsync(HttpResponse response, CancellationToken aborted)
    {
        using var lifetime = new CancellationTokenSource(Lifetime);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(aborted, serverStopping, lifetime.Token);
        var events = Channel.CreateBounded<RunEvent>(64);
        var reading = ReadAsync(events.Writer, ending.Token);
        try
        {
            while (await WaitAsync(events.Reader, response, ending.Token))
            {
                while (events.Reader.TryRead(out var happened))
                    await WriteAsync(response, happened, ending.Token);
                await response.Body.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            var error = lifetime.IsCancellationRequested
                ? new ErrorEventModel("TIMEOUT", $"the stream has been open for {Lifetime.TotalMinutes} minutes")
                : new ErrorEventModel("DISCONNECTED", "the server is stopping");
            await SendAsync(response, "error", error, RunsJson.Default.ErrorEventModel, aborted);
        }
        catch (OperationCanceledException)
        {
            // The client went away: nobody is left to tell.
        }
        finally
        {
            await ending.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(ChannelWriter<RunEvent> events, CancellationToken ending)
    {
        try
        {
            await foreach (var happened in runs.FollowAsync(runId, ending))
                await events.WriteAsync(happened, ending);
            events.Complete();
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            events.Complete();
        }
        catch (Exception exception)
        {
            events.Complete(exception);
        }
    }

    // A comment now and then keeps proxies and clients from taking a quiet run for a dead connection.
    private static async Task<bool> WaitAsync(ChannelReader<RunEvent> events, HttpResponse response, CancellationToken ending)
    {
        var waiting = events.WaitToReadAsync(ending).AsTask();
        while (await Task.WhenAny(waiting, Task.Delay(Heartbeat, ending)) != waiting)
        {
            ending.ThrowIfCancellationRequested();
            await response.WriteAsync(": ping\n\n", ending);
            await response.Body.FlushAsync(ending);
        }

        return await waiting;
    }

    private static async Task WriteAsync(HttpResponse response, RunEvent happened, CancellationToken aborted)
    {
        switch (happened)
        {
            case RunEvent.Line line:
                await SendAsync(response, "log", LogEntryModel.Of(line.Entry), RunsJson.Default.LogEntryModel, aborted);
                break;
            case RunEvent.Ended { Run: var run } when run.Status.IsTerminal():
                var failed = run.Status == RunStatus.Failed;
                await SendAsync(response, "status", new StatusEventModel(run.Status.ToText(), run.RowsWritten, run.DurationMs, failed ? run.Error : null),
                    RunsJson.Default.StatusEventModel, aborted);
                if (failed)
                    await SendAsync(response, "error", new ErrorEventModel("RUN_FAILED", run.Error ?? ""), RunsJson.Default.ErrorEventModel, aborted);
                break;
        }
    }

    private static async Task SendAsync<T>(HttpResponse response, string name, T data, JsonTypeInfo<T> type, CancellationToken aborted)
    {
        // JSON text has no line break, so one data line holds it.
        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, type)}\n\n", aborted);
    }
}
