using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Retention;

/// <summary>
/// Cleans up at intervals, and when it is asked to (behaviour §12), in this order: 1. runs, 2. stuck runs, 3. soft-deleted pipelines, 4. data that
/// runs have staged in vain, 5. archived landing files, 6. the audit log, 7. logs and results. A task that fails doesn't keep the others from their
/// work.
/// </summary>
internal sealed class Reaper(
    EngineSettings settings, MetadataDatabase database, RunPruning runs, PipelinePurge pipelines, StorageCleaning storage, TimeProvider time,
    ILogger<Reaper> logger) : IAsyncDisposable
{
    // A timer takes no more than 49 days.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(49);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private Task _ticking = Task.CompletedTask;

    /// <summary>Begins to clean up at intervals, the first time after one.</summary>
    public void Start() => _ticking = Task.Run(TickAsync);

    /// <summary>Cleans up now and waits for it; one that is under way is waited for first. Refused when this process does no background work.</summary>
    public async Task<Outcome<ReaperStatusRow>> RunAsync()
    {
        if (!settings.BackgroundWork)
            return Failure.Unavailable("background work is switched off (SCHEDULER_ENABLED)");
        await _turn.WaitAsync();
        try
        {
            return await CleanAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _ticking;
        _stopping.Dispose();
        _turn.Dispose();
    }

    private async Task TickAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var interval = TimeSpan.FromMinutes(database.Read(RetentionSettings.SystemOf).ReaperIntervalMinutes);
            await Task.Delay(interval < LongestInterval ? interval : LongestInterval, time, _stopping.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            try
            {
                await RunAsync();
            }
            catch (SqliteException exception)
            {
                logger.TaskFailed(exception, "status");
            }
        }
    }

    private async Task<ReaperStatusRow> CleanAsync()
    {
        var config = database.Read(RetentionSettings.SystemOf);
        var counts = new ReaperCounts();
        counts = counts with { RunsPruned = await TryAsync("runs", runs.PruneRunsAsync) };
        counts = counts with { RunsFailed = await TryAsync("stuck runs", runs.FailStuckAsync) };
        counts = counts with { PipelinesPurged = await TryAsync("deleted pipelines", () => pipelines.PurgeAsync(config.SoftDeletePurgeDays)) };
        counts = counts with { BranchesCleaned = await TryAsync("staged data", () => storage.RemoveStagedAsync(config.NessieOrphanBranchMaxAgeHours)) };
        counts = counts with { LzFilesCleaned = await TryAsync("archived files", storage.RemoveArchivedAsync) };
        counts = counts with { AuditPruned = await TryAsync("audit log", () => PruneAuditAsync(config.AuditLogMaxAgeDays)) };
        counts = counts with
        {
            LogsPruned = await TryAsync("logs", runs.PruneLogsAsync),
            QualityPruned = await TryAsync("quality results", runs.PruneResultsAsync),
        };

        return await database.WriteAsync(connection =>
        {
            RetentionStore.SetStatus(connection, counts, Timestamps.ToMicroseconds(time.GetUtcNow()));
            return RetentionStore.Status(connection);
        });
    }

    private async Task<int> PruneAuditAsync(int days)
    {
        if (Age.Limit(time.GetUtcNow(), days) is not { } limit)
            return 0;
        for (var total = 0; ;)
        {
            var deleted = await database.WriteAsync(connection => AuditStore.DeleteBefore(connection, Timestamps.ToMicroseconds(limit)));
            if (deleted == 0)
                return total;
            total += deleted;
        }
    }

    private async Task<int> TryAsync(string task, Func<Task<int>> execute)
    {
        try
        {
            return await execute();
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            logger.TaskFailed(exception, task);
            return 0;
        }
    }
}
