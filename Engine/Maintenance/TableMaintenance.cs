using Rat.Engine.Observation;
using Rat.Engine.Runs;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Maintenance;

/// <summary>What is done for a table after its commits: compaction, files of expired snapshots, files that nothing names (engine.md §9).</summary>
internal sealed class TableMaintenance(
    MetadataDatabase database, LakeTables tables, Compaction compaction, LakeSweep sweep, ILakeSettings lakeSettings, TableLocks locks,
    EngineSettings settings, EngineCounters counters, TimeProvider time)
{
    // So that a table with a thousand files isn't listed after each of a thousand commits.
    private const int LooksPerAge = 10;

    // A table that is never free for so long is looked at after its next commit.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, DateTimeOffset> _looked = [];

    /// <summary>One pass; what was done is appended to the log of the run that asked for it.</summary>
    public async Task MaintainAsync(MaintenanceOrder order, CancellationToken cancellation)
    {
        List<RunLogLine> lines = [Line($"Running maintenance on {order.Table}")];
        var compacted = settings.Compaction ? await compaction.CompactAsync(order.Table, cancellation) : null;
        if (compacted is not null)
            lines.Add(Line($"Compacted {compacted.Files} files into {compacted.Into}"));
        var expired = order.ExpiredSnapshots + (compacted?.ExpiredSnapshots ?? 0);
        var removed = (await sweep.RemoveExpiredAsync(cancellation)).Removed + await RemoveOrphansAsync(order, cancellation);
        lines.Add(Line($"Expired {expired} snapshots"));
        lines.Add(Line($"Removed {removed} files"));
        lines.Add(Line("Maintenance complete"));

        counters.CompactedFiles.Add(compacted?.Files ?? 0);
        counters.ExpiredSnapshots.Add(expired);
        counters.RemovedFiles.Add(removed);
        await database.WriteAsync(connection => Append(connection, order.RunId, lines), cancellation);
    }

    private async Task<int> RemoveOrphansAsync(MaintenanceOrder order, CancellationToken cancellation)
    {
        var maxAge = lakeSettings.Of(order.Table).OrphanMaxAge;
        if (database.Read(connection => tables.Find(connection, order.Table)) is not { } state || !IsDue(state.Location, maxAge))
            return 0;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            // Files of a run that has not committed yet have no name either.
            using var held = await locks.AcquireAsync(order.Table, patience.Token);
            _looked[state.Location] = time.GetUtcNow();
            return sweep.RemoveOrphans(state.Location, maxAge);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return 0;
        }
    }

    private bool IsDue(string location, TimeSpan maxAge) =>
        !_looked.TryGetValue(location, out var last) || time.GetUtcNow() - last >= maxAge / LooksPerAge;

    private RunLogLine Line(string message) => new(time.GetUtcNow(), "info", message);

    private static bool Append(Microsoft.Data.Sqlite.SqliteConnection connection, Guid runId, List<RunLogLine> lines)
    {
        // Retention may have taken the run.
        if (RunStore.Find(connection, runId) is null)
            return false;
        RunLogStore.Append(connection, runId, RunLogStore.Count(connection, runId), lines);
        return true;
    }
}
