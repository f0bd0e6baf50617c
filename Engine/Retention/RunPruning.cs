using Microsoft.Data.Sqlite;
using Rat.Engine.Runs;
using Rat.Storage.Metadata;

namespace Rat.Engine.Retention;

/// <summary>Retention of runs, their logs and the results of their quality tests, by the settings of each pipeline; and runs that nobody executes.</summary>
internal sealed class RunPruning(MetadataDatabase database, RunRegistry registry, TimeProvider time)
{
    // A thousand years: further back there are no points in time.
    private const int MostMinutes = 1000 * 365 * 24 * 60;

    private const string Stuck = "run timed out (stuck for too long)";

    /// <summary>Removes finished runs: beyond the newest ones, then those that are too old.</summary>
    public Task<int> PruneRunsAsync() => EachPipelineAsync(async (pipeline, config) =>
    {
        var pruned = await RepeatAsync(connection => RunRetentionStore.DeleteBeyond(connection, pipeline, config.RunsMaxPerPipeline));
        if (Limit(config.RunsMaxAgeDays) is { } before)
            pruned += await RepeatAsync(connection => RunRetentionStore.DeleteBefore(connection, pipeline, before));
        return pruned;
    });

    /// <summary>Removes the logs of finished runs that are too old. Counts the runs.</summary>
    public Task<int> PruneLogsAsync() => EachPipelineAsync(async (pipeline, config) => Limit(config.LogsMaxAgeDays) is { } before
        ? await RepeatAsync(connection => RunRetentionStore.DeleteLogsBefore(connection, pipeline, before))
        : 0);

    /// <summary>Removes results of each quality test beyond its newest ones.</summary>
    public Task<int> PruneResultsAsync() => EachPipelineAsync(async (pipeline, config) => config.QualityResultsMaxPerTest > 0
        ? await RepeatAsync(connection => RunRetentionStore.DeleteResultsBeyond(connection, pipeline, config.QualityResultsMaxPerTest))
        : 0);

    /// <summary>Fails runs that wait or execute by their rows alone: this process knows nothing of them, for longer than the time-out.</summary>
    public async Task<int> FailStuckAsync()
    {
        var now = time.GetUtcNow();
        var timeout = TimeSpan.FromMinutes(Math.Min(database.Read(RetentionSettings.SystemOf).StuckRunTimeoutMinutes, MostMinutes));
        var stuck = database.Read(RunStore.Active)
            .Where(run => (run.StartedAt ?? run.CreatedAt) < now - timeout && registry.Find(run.Id) is null)
            .ToList();
        if (stuck.Count == 0)
            return 0;
        return await database.WriteAsync(connection => stuck.Count(run => TryFail(connection, run, now)));
    }

    private static bool TryFail(SqliteConnection connection, RunRow run, DateTimeOffset now)
    {
        var duration = run.StartedAt is { } started ? (long)(now - started).TotalMilliseconds : 0;
        if (!RunStore.TryFinish(connection, run.Id, new RunResult(RunStatus.Failed, duration, null, Stuck, null), now))
            return false;
        RunLogStore.Append(
            connection, run.Id, RunLogStore.Count(connection, run.Id), [new RunLogLine(now, "error", $"Pipeline failed: {Stuck}")]);
        return true;
    }

    private async Task<int> EachPipelineAsync(Func<Guid, RetentionConfig, Task<int>> prune)
    {
        var (system, pipelines) = database.Read(connection => (RetentionSettings.SystemOf(connection), RetentionStore.WithRuns(connection)));
        var pruned = 0;
        foreach (var (id, overrides) in pipelines)
            pruned += await prune(id, system.With(RetentionOverrides.Parse(overrides)));
        return pruned;
    }

    // In small transactions: what else is written goes on in between.
    private async Task<int> RepeatAsync(Func<SqliteConnection, int> delete)
    {
        for (var total = 0; ;)
        {
            // Looked for by a write that finds nothing most of the time: it shares the transaction of others.
            var deleted = await database.WriteAsync(delete);
            if (deleted == 0)
                return total;
            total += deleted;
        }
    }

    private long? Limit(int days) => Age.Limit(time.GetUtcNow(), days) is { } before ? Timestamps.ToMicroseconds(before) : null;
}
