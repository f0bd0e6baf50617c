using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>What a start finds of the process before it.</summary>
/// <param name="Interrupted">Runs that were executing; they are failed now.</param>
/// <param name="Waiting">Runs to execute, in order: those that waited, then those started again.</param>
internal sealed record RecoveredRuns(IReadOnlyList<RunRow> Interrupted, IReadOnlyList<RunRow> Waiting);

/// <summary>Brings the runs of a process that was killed to an end, in one transaction.</summary>
internal static class RunRecovery
{
    // A run that kills the process each time must not do so for ever (DECISIONS 25).
    private const int MostRestarts = 2;

    private const string Interruption = "the process was restarted while it was in flight";

    public static Task<RecoveredRuns> RecoverAsync(MetadataDatabase database, TimeProvider time) => database.WriteAsync(connection =>
    {
        var now = time.GetUtcNow();
        var active = RunStore.Active(connection);
        var interrupted = active.Where(run => run.Status == RunStatus.Running).ToList();
        foreach (var run in interrupted)
        {
            Fail(connection, run, now);
            if (run.Automatic && run.Restarts < MostRestarts)
                StartAgain(connection, run, now);
        }

        var waiting = RunStore.Active(connection);
        return new RecoveredRuns(interrupted, waiting);
    });

    private static void Fail(SqliteConnection connection, RunRow run, DateTimeOffset now)
    {
        var duration = run.StartedAt is { } started ? (long)(now - started).TotalMilliseconds : 0;
        RunStore.TryFinish(connection, run.Id, new RunResult(RunStatus.Failed, duration, null, Interruption, null), now);
        RunLogStore.Append(connection, run.Id, RunLogStore.Count(connection, run.Id),
            [new RunLogLine(now, "error", $"Pipeline failed: {Interruption}")]);
    }

    private static void StartAgain(SqliteConnection connection, RunRow run, DateTimeOffset now)
    {
        var again = run with
        {
            Id = Guid.NewGuid(),
            Status = RunStatus.Pending,
            Restarts = run.Restarts + 1,
            CreatedAt = now,
            StartedAt = null,
        };
        RunStore.Insert(connection, again);
        RunUploadStore.Copy(connection, run.Id, again.Id);
    }
}
