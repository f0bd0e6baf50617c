using Microsoft.Data.Sqlite;
using Rat.Engine.Landing;
using Rat.Engine.Maintenance;
using Rat.Engine.Observation;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Executes one run from <c>running</c> to its end. A success is stored by its commit; every other end is stored here, together with
/// the last lines of the log.</summary>
internal sealed class RunExecutor(
    MetadataDatabase database, RunAttempt attempt, RunLogFlusher flusher, LandingArchive archive, RunRegistry registry, RunSlots slots,
    MaintenanceQueue maintenance, EngineCounters counters, TimeProvider time, ILogger<RunExecutor> logger) : IDisposable
{
    private const int MostConflicts = 3;

    // A timer takes no more than 49 days.
    private const int LongestDelaySeconds = 49 * 24 * 60 * 60;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _abandoned = new();

    /// <summary>From now on a run that is told to stop leaves its row <c>running</c>: the process is going down, the next start ends it.</summary>
    public void Abandon() => _abandoned.Cancel();

    public void Dispose() => _abandoned.Dispose();

    /// <summary>Never throws for what the run does; what is thrown is a database that can't be written.</summary>
    public async Task ExecuteAsync(ActiveRun run)
    {
        if (!await StoreAsync(run, connection => RunStore.TryStart(connection, run.Id, time.GetUtcNow())))
            return;

        registry.Begun();
        counters.ActiveRuns.Add(1);
        try
        {
            await ExecuteStartedAsync(run);
        }
        finally
        {
            counters.ActiveRuns.Add(-1);
        }

        if (run.ExpiredSnapshots is { } expired)
            maintenance.Request(run.Row.Pipeline, run.Id, expired);
    }

    private async Task ExecuteStartedAsync(ActiveRun run)
    {
        var (failure, clock) = await AttemptAsync(run);
        if (run.Consumed is { } consumed)
        {
            counters.RunEnded(RunStatus.Success.ToText());
            Observe(RunStatus.Success, clock);
            await ArchiveAsync(run, consumed, Duration(run, clock));
        }
        else if (run.Stopping.IsCancellationRequested && !_abandoned.IsCancellationRequested)
        {
            await EndAsync(run, [run.Log.NewLine("warn", "Run cancelled"), Duration(run, clock)], end: null);
            // Counted by whoever cancelled it.
            Observe(RunStatus.Cancelled, clock);
        }
        else if (run.Stopping.IsCancellationRequested)
        {
            await EndAsync(run, [], end: null);
        }
        else if (failure is null)
        {
            counters.RunEnded(RunStatus.Success.ToText());
            Observe(RunStatus.Success, clock);
        }
        else
        {
            var message = failure.Cause.Message;
            var end = new RunResult(RunStatus.Failed, clock.TotalMilliseconds, run.RowsRefused, message, clock.ToJson());
            await EndAsync(run, [run.Log.NewLine("error", $"Pipeline failed: {message}"), Duration(run, clock)], end);
            counters.RunEnded(RunStatus.Failed.ToText());
            Observe(RunStatus.Failed, clock);
        }
    }

    private void Observe(RunStatus status, PhaseClock clock) =>
        counters.RunDurations.Add(status.ToText(), TimeSpan.FromMilliseconds(clock.TotalMilliseconds));

    /// <summary>Attempts until one is committed or there is no use in another. The clock is that of the last one.</summary>
    private async Task<(AttemptFailure? Failure, PhaseClock Clock)> AttemptAsync(ActiveRun run)
    {
        using var finished = new CancellationTokenSource();
        var flushing = flusher.FlushUntilAsync(run, finished.Token);
        try
        {
            for (var conflicts = 0; ;)
            {
                var clock = new PhaseClock();
                (run.Config, run.RowsRefused) = (null, null);
                var failure = await AttemptOnceAsync(run, clock);
                if (failure is null || run.Stopping.IsCancellationRequested)
                    return (failure, clock);
                if (failure.Rule == RetryRule.AtOnce && conflicts++ < MostConflicts)
                    run.Log.Warn($"{failure.Cause.Message}; building on the new state");
                else if (!await RetryAsync(run, failure))
                    return (failure, clock);
            }
        }
        finally
        {
            await finished.CancelAsync();
            await flushing;
        }
    }

    private async Task<AttemptFailure?> AttemptOnceAsync(ActiveRun run, PhaseClock clock)
    {
        try
        {
            return await attempt.ExecuteAsync(run, clock);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            logger.RunBroke(exception, run.Id, run.Row.Pipeline);
            return new AttemptFailure(exception switch
            {
                _ when FullDisk.Caused(exception) => FullDisk.Failure,
                StorageUnavailableException => Failure.Unavailable(exception.Message),
                IOException or SqliteException => Failure.Unavailable("the data directory could not be written; is the disk in order?"),
                _ => Failure.Unavailable("internal error"),
            }, RetryRule.IfConfigured);
        }
    }

    /// <summary>Waits before the next attempt. False when there is none: the failure stays, the retries are used up, or the run was told to
    /// stop.</summary>
    private async Task<bool> RetryAsync(ActiveRun run, AttemptFailure failure)
    {
        var most = run.Config?.MaxRetries ?? 0;
        if (run.Retry > 0)
            run.Log.Warn($"Retry {run.Retry}/{most} failed");
        if (failure.Rule == RetryRule.Never || run.Retry >= most)
            return false;
        run.Retry++;
        run.Log.Error($"Pipeline failed: {failure.Cause.Message}");
        var seconds = Math.Min(run.Config!.RetryDelaySeconds, LongestDelaySeconds);
        run.Log.Info($"Retrying ({run.Retry}/{most}) after {seconds} seconds");
        try
        {
            slots.GiveBack(run);
            await Task.Delay(TimeSpan.FromSeconds(seconds), time, run.Stopping);
            await slots.TakeAsync(run, run.Stopping);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            run.Log.Warn("Retry cancelled");
            return false;
        }

        // A commit whose answer got lost may have come through.
        return database.Read(connection => RunStore.Find(connection, run.Id)) is { Status: RunStatus.Running };
    }

    // The run has succeeded; whatever happens here, it stays so.
    private async Task ArchiveAsync(ActiveRun run, ConsumedFiles consumed, RunLogLine last)
    {
        try
        {
            run.Log.Add(await archive.MoveAsync(run.Id, consumed, last, IsActive));
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or SqliteException)
        {
            logger.ArchiveBroke(broken, run.Id);
            run.Log.Add([run.Log.NewLine("warn", "Failed to archive landing files: they are not read again, and are moved later"), last]);
        }
    }

    private bool IsActive(Guid runId) => registry.Find(runId) is not null;

    private static RunLogLine Duration(ActiveRun run, PhaseClock clock) => run.Log.NewLine("info", $"Duration: {clock.TotalMilliseconds} ms");

    // The last lines and the end, if it isn't stored yet.
    private async Task EndAsync(ActiveRun run, IReadOnlyList<RunLogLine> last, RunResult? end)
    {
        run.Log.Add(last);
        var (lines, _, _) = run.Log.From(0);
        await StoreAsync(run, connection =>
        {
            RunLogStore.Append(connection, run.Id, 0, lines);
            return end is null || RunStore.TryFinish(connection, run.Id, end, time.GetUtcNow());
        });
    }

    /// <summary>Stores what becomes of a run. On a full disk it is tried again until it succeeds or the process stops: a run must not stay
    /// <c>pending</c> or <c>running</c> for good.</summary>
    private async Task<bool> StoreAsync(ActiveRun run, Func<SqliteConnection, bool> change)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await database.WriteAsync(change);
            }
            catch (SqliteException full) when (!_abandoned.IsCancellationRequested)
            {
                logger.StateNotStored(full, run.Id, pause);
                await Task.Delay(pause, time, _abandoned.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
