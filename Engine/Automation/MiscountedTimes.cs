using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Cron;
using Rat.Engine.Automation.Schedules;
using Rat.Engine.Automation.Triggers;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation;

/// <summary>Due times that were counted under a clock that was wrong, or couldn't be counted: they are counted from now.</summary>
internal static class MiscountedTimes
{
    /// <summary>Returns how many were counted again.</summary>
    public static int CountAgain(SqliteConnection connection, long now)
    {
        var latest = ClockError.LatestCredible(now);
        var schedules = ScheduleStore.Miscounted(connection, latest);
        foreach (var schedule in schedules)
        {
            var cron = CronSchedule.Parse(schedule.Cron);
            ScheduleStore.SetNext(connection, schedule.Id, now, cron.Succeeded ? ScheduleFiring.Next(cron.Value, now) : null);
        }

        var triggers = TriggerTypes.WithClock.SelectMany(type => TriggerStore.Miscounted(connection, type, latest)).ToList();
        foreach (var trigger in triggers)
        {
            var last = trigger.LastTriggeredAt <= latest ? trigger.LastTriggeredAt : null;
            TriggerStore.SetNext(connection, trigger.Id, now, TriggerClock.NextDue(trigger with { CountedFrom = now, LastTriggeredAt = last }));
        }

        return schedules.Count + triggers.Count;
    }
}
