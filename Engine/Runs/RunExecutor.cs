using Microsoft.Data.Sqlite;
using Rat.Engine.Observation;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Executes one run from <c>running</c> to its end. A success is stored by its commit; every other end is stored here, together with
/// the last lines of the log.</summary>
internal sealed class RunExecutor(
    MetadataDatabase database, RunAttempt attempt, RunLogFlusher flusher, EngineCounters counters, TimeProvider time, ILogger<RunExecutor> logger) : IDisposable
{
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

        counters.ActiveRuns.Add(1);
        try
        {
            await ExecuteStartedAsync(run);
        }
        finally
        {
            counters.ActiveRuns.Add(-1);
        }
    }

    private async Task ExecuteStartedAsync(ActiveRun run)
    {
        var clock = new PhaseClock();
        var failure = await AttemptAsync(run, clock);
        if (run.Stopping.IsCancellationRequested && !_abandoned.IsCancellationRequested)
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
            var end = new RunResult(RunStatus.Failed, clock.TotalMilliseconds, run.RowsRefused, failure.Message, clock.ToJson());
            await EndAsync(run, [run.Log.NewLine("error", $"Pipeline failed: {failure.Message}"), Duration(run, clock)], end);
            counters.RunEnded(RunStatus.Failed.ToText());
            Observe(RunStatus.Failed, clock);
        }
    }

    private void Observe(RunStatus status, PhaseClock clock) =>
        counters.RunDurations.Add(status.ToText(), TimeSpan.FromMilliseconds(clock.TotalMilliseconds));

    private async Task<Failure?> AttemptAsync(ActiveRun run, PhaseClock clock)
    {
        using var finished = new CancellationTokenSource();
        var flushing = flusher.FlushUntilAsync(run, finished.Token);
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
            return exception switch
            {
                _ when FullDisk.Caused(exception) => FullDisk.Failure,
                IOException or SqliteException => Failure.Unavailable("the data directory could not be written; is the disk in order?"),
                _ => Failure.Unavailable("internal error"),
            };
        }
        finally
        {
            await finished.CancelAsync();
            await flushing;
        }
    }

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
