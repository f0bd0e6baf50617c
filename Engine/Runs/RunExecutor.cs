using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Executes one run from <c>running</c> to its end and stores that end together with the last lines of its log.</summary>
internal sealed class RunExecutor(
    MetadataDatabase database, RunAttempt attempt, RunLogFlusher flusher, TimeProvider time, ILogger<RunExecutor> logger)
{
    private volatile bool _abandoning;

    /// <summary>From now on a run that is told to stop leaves its row <c>running</c>: the process is going down, the next start ends it.</summary>
    public void Abandon() => _abandoning = true;

    /// <summary>Never throws for what the run does; what is thrown is a database that can't be written.</summary>
    public async Task ExecuteAsync(ActiveRun run)
    {
        if (!await database.WriteAsync(connection => RunStore.TryStart(connection, run.Id, time.GetUtcNow())))
            return;

        var clock = new PhaseClock();
        using var finished = new CancellationTokenSource();
        var flushing = flusher.FlushUntilAsync(run, finished.Token);
        Failure? failure;
        try
        {
            failure = await attempt.ExecuteAsync(run, clock);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            failure = null;
        }
        catch (Exception exception)
        {
            logger.RunBroke(exception, run.Id, run.Row.Pipeline);
            failure = new Failure(FailureKind.Unavailable, "internal error");
        }
        finally
        {
            await finished.CancelAsync();
            await flushing;
        }

        if (failure is not null && !run.Stopping.IsCancellationRequested)
            await FailAsync(run, clock, failure);
        if (run.Stopping.IsCancellationRequested)
            await StoreCancelledAsync(run, clock);
    }

    private async Task FailAsync(ActiveRun run, PhaseClock clock, Failure failure)
    {
        run.Log.Error($"Pipeline failed: {failure.Message}");
        run.Log.Info($"Duration: {clock.TotalMilliseconds} ms");
        var result = new RunResult(RunStatus.Failed, clock.TotalMilliseconds, null, failure.Message, clock.ToJson());
        var (lines, _, _) = run.Log.From(0);
        await database.WriteAsync(connection =>
        {
            RunLogStore.Append(connection, run.Id, 0, lines);
            return RunStore.TryFinish(connection, run.Id, result, time.GetUtcNow());
        });
    }

    private async Task StoreCancelledAsync(ActiveRun run, PhaseClock clock)
    {
        if (!_abandoning)
        {
            run.Log.Warn("Run cancelled");
            run.Log.Info($"Duration: {clock.TotalMilliseconds} ms");
        }

        var (lines, _, _) = run.Log.From(0);
        await database.WriteAsync(connection =>
        {
            RunLogStore.Append(connection, run.Id, 0, lines);
            return true;
        });
    }
}
