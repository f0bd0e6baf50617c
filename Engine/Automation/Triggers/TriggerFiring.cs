using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>Fires triggers inside the transaction of the event that they wait for. What they start is queued once that is durable.</summary>
internal static class TriggerFiring
{
    /// <summary>A file was uploaded.</summary>
    /// <param name="fileName">As the client called it, not as it is stored.</param>
    public static IEnumerable<RunRow> OnUpload(SqliteConnection connection, LandingZoneRow zone, string fileName, long now)
    {
        var subject = $"{zone.Namespace}/{zone.Name}";
        var waiting = TriggerStore.WaitingFor(connection, TriggerTypes.Upload, subject)
            .Concat(TriggerStore.WaitingFor(connection, TriggerTypes.FilePattern, subject).Where(trigger => Matches(trigger, fileName)));
        return FireAll(connection, waiting, now);
    }

    /// <summary>A pipeline has succeeded.</summary>
    public static IEnumerable<RunRow> OnSuccess(SqliteConnection connection, string pipeline, long now)
    {
        var waiting = TriggerStore.WaitingFor(connection, TriggerTypes.PipelineSuccess, pipeline).AsEnumerable();
        if (TriggerDependencyStore.Satisfy(connection, pipeline))
        {
            waiting = waiting.Concat(TriggerStore.DueAfter(connection, pipeline, now)
                .Where(trigger => TriggerDependencyStore.AllSatisfied(connection, trigger.Id)));
        }

        return FireAll(connection, waiting, now);
    }

    /// <summary>A time has come. A trigger that lacks a dependency stays due: from now on a success of that one looks at it.</summary>
    public static IEnumerable<RunRow> OnTime(SqliteConnection connection, long now)
    {
        var ready = new List<TriggerRow>();
        foreach (var trigger in TriggerStore.Due(connection, now))
        {
            if (trigger.Type != TriggerTypes.CronDependency || TriggerDependencyStore.AllSatisfied(connection, trigger.Id))
                ready.Add(trigger);
            else
                TriggerDependencyStore.Await(connection, trigger.Id);
        }

        return FireAll(connection, ready, now);
    }

    /// <summary>Starts a run and records it; null while the trigger's cooldown lasts.</summary>
    public static RunRow? TryFire(SqliteConnection connection, TriggerRow trigger, long now)
    {
        if (TriggerClock.CooldownLeft(trigger, now) > 0)
            return null;
        var label = TriggerConfig.Parse(trigger.Config).LabelOf(trigger.Type);
        var run = AutomaticRuns.Insert(connection, trigger.PipelineId, trigger.Pipeline, label, now);
        var next = TriggerClock.NextDue(trigger with { LastTriggeredAt = now, CountedFrom = now });
        TriggerStore.SetFired(connection, trigger.Id, run.Id, now, next);
        return run;
    }

    private static List<RunRow> FireAll(SqliteConnection connection, IEnumerable<TriggerRow> triggers, long now) =>
        [.. triggers.Select(trigger => TryFire(connection, trigger, now)).OfType<RunRow>()];

    private static bool Matches(TriggerRow trigger, string fileName) =>
        FileGlob.Parse(TriggerConfig.Parse(trigger.Config).Pattern!) is { Succeeded: true } glob && glob.Value.Matches(fileName);
}
