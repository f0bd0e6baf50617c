using System.Runtime.CompilerServices;
using Rat.Engine.Observation;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>What a follower of a run is told, in this order: every line of its log, then how it ended.</summary>
internal abstract record RunEvent
{
    /// <summary>A line of the log.</summary>
    internal sealed record Line(RunLogLine Entry) : RunEvent;

    /// <summary>The run has ended: nothing follows.</summary>
    internal sealed record Ended(RunRow Run) : RunEvent;
}

/// <summary>Starts, cancels and follows runs.</summary>
internal sealed class RunService(MetadataDatabase database, RunRegistry registry, WaitingRuns waiting, EngineCounters counters, TimeProvider time)
{
    private const string CancelledByUser = "cancelled by user";

    private static readonly Failure NoSuchRun = Failure.NotFound("run not found");

    /// <summary>Queues a run of a live pipeline; it starts as soon as a slot is free.</summary>
    public async Task<Outcome<RunRow>> SubmitAsync(TableName name, string trigger, CancellationToken cancellation)
    {
        var inserted = await database.WriteAsync<Outcome<RunRow>>(connection =>
        {
            if (PipelineStore.Find(connection, name) is not { } pipeline)
                return Failure.NotFound("pipeline not found");
            var run = new RunRow(Guid.NewGuid(), pipeline.Id, name, RunStatus.Pending, trigger, Automatic: false, Restarts: 0,
                time.GetUtcNow(), null, null, null, null, null);
            RunStore.Insert(connection, run);
            return run;
        }, cancellation);

        if (inserted.Succeeded)
            waiting.Add(inserted.Value);
        return inserted;
    }

    /// <summary>Cancels a waiting or executing run. The compare-and-set decides against the run's commit: once this has answered with a value,
    /// nothing of the run is ever committed.</summary>
    public async Task<Outcome<RunRow>> CancelAsync(Guid id)
    {
        var now = time.GetUtcNow();
        var cancelled = await database.WriteAsync<Outcome<RunRow>>(connection =>
        {
            if (RunStore.Find(connection, id) is not { } run)
                return NoSuchRun;
            var duration = run.StartedAt is { } started ? (long)(now - started).TotalMilliseconds : 0;
            if (!RunStore.TryFinish(connection, id, new RunResult(RunStatus.Cancelled, duration, null, CancelledByUser, null), now))
                return Failure.AlreadyExists($"run is not cancellable (status: {run.Status.ToText()})");
            if (run.Status == RunStatus.Pending)
                RunLogStore.Append(connection, id, 0, [new RunLogLine(now, "warn", "Run cancelled")]);
            return run;
        }, CancellationToken.None);

        if (cancelled.Succeeded)
            counters.RunEnded(RunStatus.Cancelled.ToText());
        if (cancelled.Succeeded && registry.Find(id) is { } active)
            Stop(active, wasWaiting: cancelled.Value.Status == RunStatus.Pending, now);
        return cancelled;
    }

    // A run that still waits has no executor that would end its log.
    private void Stop(ActiveRun run, bool wasWaiting, DateTimeOffset now)
    {
        run.Stop();
        if (!wasWaiting)
            return;
        registry.Remove(run);
        run.Log.Add([new RunLogLine(now, "warn", "Run cancelled")]);
        run.Log.Close();
    }

    /// <summary>The run and its log so far.</summary>
    public Outcome<(RunRow Run, IReadOnlyList<RunLogLine> Lines)> ReadLog(Guid id)
    {
        // The registry first: a run that ends in between has its lines in the database by then.
        var active = registry.Find(id);
        return database.Read<Outcome<(RunRow, IReadOnlyList<RunLogLine>)>>(connection => RunStore.Find(connection, id) switch
        {
            null => NoSuchRun,
            var run => (run, active?.Log.From(0).Lines ?? RunLogStore.Read(connection, id)),
        });
    }

    /// <summary>Follows a run from its first line to its end, as it happens.</summary>
    public async IAsyncEnumerable<RunEvent> FollowAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (registry.Find(id) is { } active)
        {
            for (var (next, closed) = (0, false); !closed;)
            {
                var (lines, isClosed, changed) = active.Log.From(next);
                foreach (var line in lines)
                    yield return new RunEvent.Line(line);
                (next, closed) = (next + lines.Count, isClosed);
                if (!closed)
                    await changed.WaitAsync(cancellation);
            }
        }
        else
        {
            foreach (var line in database.Read(connection => RunLogStore.Read(connection, id)))
                yield return new RunEvent.Line(line);
        }

        if (database.Read(connection => RunStore.Find(connection, id)) is { } ended)
            yield return new RunEvent.Ended(ended);
    }
}
