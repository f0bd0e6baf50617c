using Rat.Engine.Automation;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>
/// The one transaction in which a run succeeds: its table's pointer, its end, its log, the landing files that it has consumed and the
/// runs that follow. The database's writer is the lock that orders it against a cancel.
/// </summary>
internal sealed class RunCommit(MetadataDatabase database, LakeTables tables, LakeStaging staging, FollowUps followUps, TimeProvider time)
{
    /// <summary>False when the run was ended otherwise before: nothing has changed then.</summary>
    /// <param name="staged">Null when nothing was written.</param>
    /// <param name="consumed">Keys of landing files that no run reads again.</param>
    public async Task<bool> CommitAsync(ActiveRun run, PhaseClock clock, StagedCommit? staged, long rows, IReadOnlyList<string> consumed)
    {
        run.Log.Info($"Merging branch 'run-{run.Id}'");
        var (lines, _, _) = run.Log.From(0);
        IReadOnlyList<RunRow> following = [];
        var committed = await database.WriteAsync(connection =>
        {
            var now = time.GetUtcNow();
            // What the log says of the end is stored with it, so the clock stops here.
            List<RunLogLine> last =
            [
                run.Log.NewLine("info", "Branch merged"),
                run.Log.NewLine("info", "Pipeline completed successfully"),
                run.Log.NewLine("info", $"Duration: {clock.TotalMilliseconds} ms"),
            ];
            var result = new RunResult(RunStatus.Success, clock.TotalMilliseconds, rows, null, clock.ToJson());
            if (!RunStore.TryFinish(connection, run.Id, result, now))
                return null;
            if (staged is not null && !tables.TryCommit(connection, staged))
                throw new InvalidOperationException($"the pointer of {run.Row.Pipeline} moved while run {run.Id} held its lock");
            LandingFileStore.Consume(connection, run.Id, consumed);
            RunLogStore.Append(connection, run.Id, 0, lines);
            RunLogStore.Append(connection, run.Id, lines.Count, last);
            following = followUps.OfSuccess(connection, run.Row.Pipeline, now);
            return last;
        });
        if (committed is null)
            return false;
        run.Log.Add(committed);
        // Followers are told now; what comes after the commit must not keep them waiting.
        run.Log.Close();
        followUps.Start(following);
        if (staged is not null)
            staging.Finish(staged);
        return true;
    }
}
