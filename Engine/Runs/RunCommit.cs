using Rat.Engine.Automation;
using Rat.Engine.Landing;
using Rat.Engine.Observation;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>What became of a commit.</summary>
internal enum CommitOutcome
{
    Committed,

    /// <summary>The run was ended otherwise before: nothing has changed.</summary>
    RunEnded,

    /// <summary>Somebody else has moved the table's pointer since the run read it: nothing has changed.</summary>
    TableMoved,
}

/// <summary>
/// The one transaction in which a run succeeds: its table's pointer, its end, its log, the landing files that it has consumed and the
/// runs that follow. The database's writer is the lock that orders it against a cancel.
/// </summary>
internal sealed class RunCommit(MetadataDatabase database, LakeTables tables, LakeStaging staging, FollowUps followUps, EngineCounters counters, TimeProvider time)
{
    /// <param name="staged">Null when nothing was written.</param>
    /// <param name="consumed">Landing files that no run reads again; null without an archive, and then the log is closed.</param>
    public async Task<CommitOutcome> CommitAsync(ActiveRun run, PhaseClock clock, StagedCommit? staged, long rows, ConsumedFiles? consumed)
    {
        run.Log.Info($"Merging branch 'run-{run.Id}'");
        var (lines, _, _) = run.Log.From(0);
        var start = time.GetTimestamp();
        List<RunLogLine>? committed;
        IReadOnlyList<RunRow> following = [];
        try
        {
            committed = await database.WriteAsync(connection =>
            {
                var now = time.GetUtcNow();
                // What the log says of the end is stored with it, so the clock stops here.
                var result = new RunResult(RunStatus.Success, clock.TotalMilliseconds, rows, null, clock.ToJson());
                if (!RunStore.TryFinish(connection, run.Id, result, now))
                    return null;
                if (staged is not null && !tables.TryCommit(connection, staged))
                    throw new TableMovedException();
                FileStore.Consume(connection, consumed?.Files ?? []);
                RunUploadStore.SetRead(connection, run.Row.PipelineId, consumed?.Files ?? []);
                var last = LastLines(run, result, isAll: consumed is null);
                RunLogStore.Append(connection, run.Id, 0, lines);
                RunLogStore.Append(connection, run.Id, lines.Count, last);
                following = followUps.OfSuccess(connection, run.Row.Pipeline, now);
                return last;
            });
        }
        catch (TableMovedException)
        {
            return CommitOutcome.TableMoved;
        }

        if (committed is null)
            return CommitOutcome.RunEnded;
        followUps.Start(following);
        if (staged is not null)
            counters.CommitDurations.Add("ok", time.GetElapsedTime(start));
        run.Log.Add(committed);
        run.Consumed = consumed;
        if (staged is not null && rows > 0)
            run.ExpiredSnapshots = staged.ExpiredSnapshots;
        // Followers are told now; what comes after the commit must not keep them waiting, unless the log has more to say of it.
        if (consumed is null)
            run.Log.Close();
        if (staged is not null)
            staging.Finish(staged);
        return CommitOutcome.Committed;
    }

    private static List<RunLogLine> LastLines(ActiveRun run, RunResult result, bool isAll)
    {
        List<RunLogLine> last = [run.Log.NewLine("info", "Branch merged")];
        if (run.Retry > 0)
            last.Add(run.Log.NewLine("info", $"Succeeded on retry {run.Retry}"));
        last.Add(run.Log.NewLine("info", "Pipeline completed successfully"));
        if (isAll)
            last.Add(run.Log.NewLine("info", $"Duration: {result.DurationMs} ms"));
        return last;
    }

    // Takes the run's end back out of the transaction.
    private sealed class TableMovedException : Exception;
}
