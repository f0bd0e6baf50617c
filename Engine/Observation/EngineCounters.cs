using System.Collections.Concurrent;

namespace Rat.Engine.Observation;

/// <summary>
/// What the engine counts for <c>/metrics</c> (behaviour §2). Singleton; every member may be called from any thread. The engine knows
/// nothing of how the numbers leave the process.
/// </summary>
internal sealed class EngineCounters
{
    /// <summary>All three states exist from the start, so that a rate can be taken from the first one on.</summary>
    private readonly ConcurrentDictionary<string, Tally> _runs = new(StringComparer.Ordinal)
    {
        ["success"] = new Tally(),
        ["failed"] = new Tally(),
        ["cancelled"] = new Tally(),
    };

    /// <summary>Runs that are executing now: add 1 when one starts to run, take 1 off when it ends.</summary>
    public Tally ActiveRuns { get; } = new();

    /// <summary>Wake-ups of the scheduler's timer.</summary>
    public Tally SchedulerTicks { get; } = new();

    /// <summary>Runs that a schedule has queued.</summary>
    public Tally SchedulerRunsTriggered { get; } = new();

    /// <summary>Log streams that are open now.</summary>
    public Tally LogStreams { get; } = new();

    /// <summary>Data files that compaction has put together or freed of deleted rows.</summary>
    public Tally CompactedFiles { get; } = new();

    /// <summary>Snapshots that have expired, by age or by number.</summary>
    public Tally ExpiredSnapshots { get; } = new();

    /// <summary>Files of the lake that were deleted since nothing named them any more.</summary>
    public Tally RemovedFiles { get; } = new();

    /// <summary>Passes of maintenance that something has broken off.</summary>
    public Tally MaintenanceFailures { get; } = new();

    /// <summary>Finished runs since the start, by final status.</summary>
    public IEnumerable<KeyValuePair<string, Tally>> Runs => _runs;

    /// <summary>Runs from their start to their end: <c>success</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public Durations RunDurations { get; } = new();

    /// <summary>Queries and previews of tables, waiting in line included: <c>ok</c>, <c>refused</c>, <c>timeout</c>, <c>cancelled</c> or
    /// <c>unavailable</c>.</summary>
    public Durations QueryDurations { get; } = new();

    /// <summary>The transactions that move a table's pointer; there is one outcome, <c>ok</c>.</summary>
    public Durations CommitDurations { get; } = new();

    /// <summary>Counts a run that ended.</summary>
    /// <param name="status"><c>success</c>, <c>failed</c> or <c>cancelled</c>.</param>
    public void RunEnded(string status) => _runs.GetOrAdd(status, _ => new Tally()).Add(1);
}
