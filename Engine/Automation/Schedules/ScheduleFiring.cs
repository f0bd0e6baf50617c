using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Cron;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Schedules;

/// <summary>Fires the schedules whose time has come. Times that were missed, however many, are one firing.</summary>
internal static class ScheduleFiring
{
    /// <summary>Starts the runs of all schedules that are due and whose pipeline is free.</summary>
    /// <param name="broken">Told of a schedule whose expression can't be evaluated (any more); it waits for its next change or the next start.</param>
    public static IEnumerable<RunRow> OnTime(SqliteConnection connection, long now, Action<ScheduleRow, string> broken)
    {
        var started = new Dictionary<Guid, RunRow>();
        foreach (var schedule in ScheduleStore.Due(connection, now))
        {
            // Another schedule of the pipeline may have made it busy a moment ago.
            if (started.ContainsKey(schedule.PipelineId))
                continue;
            var cron = CronSchedule.Parse(schedule.Cron);
            if (!cron.Succeeded)
            {
                ScheduleStore.SetNext(connection, schedule.Id, now, next: null);
                broken(schedule, cron.Failure.Message);
                continue;
            }

            var run = AutomaticRuns.Insert(connection, schedule.PipelineId, schedule.Pipeline, $"schedule:{schedule.Cron}", now);
            ScheduleStore.SetFired(connection, schedule.Id, run.Id, now);
            ScheduleStore.SetNext(connection, schedule.Id, now, Next(cron.Value, now));
            started.Add(schedule.PipelineId, run);
        }

        return started.Values;
    }

    /// <summary>The first due time strictly after <paramref name="now"/>; both in microseconds since the epoch.</summary>
    public static long? Next(CronSchedule cron, long now) =>
        cron.Next(Timestamps.FromMicroseconds(now)) is { } next ? Timestamps.ToMicroseconds(next) : null;
}
