using Rat.Engine.Automation.Cron;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>When a trigger may fire.</summary>
internal static class TriggerClock
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>When it is due next, in microseconds since the epoch: the first time of its expression after the one that is counted from, its cooldown
    /// over. Null when it has no clock or no such time.</summary>
    public static long? NextDue(TriggerRow trigger)
    {
        if (!TriggerTypes.WithClock.Contains(trigger.Type))
            return null;
        var cron = CronSchedule.Parse(TriggerConfig.Parse(trigger.Config).CronExpr!);
        if (!cron.Succeeded || cron.Value.Next(Timestamps.FromMicroseconds(trigger.CountedFrom)) is not { } next)
            return null;
        return Math.Max(Timestamps.ToMicroseconds(next), trigger.LastTriggeredAt is { } last ? last + Cooldown(trigger) : 0);
    }

    /// <summary>How long its cooldown still lasts, in microseconds; 0 when it may fire.</summary>
    public static long CooldownLeft(TriggerRow trigger, long now) =>
        trigger.LastTriggeredAt is { } last && last <= ClockError.LatestCredible(now) ? Math.Max(0, last + Cooldown(trigger) - now) : 0;

    private static long Cooldown(TriggerRow trigger) => trigger.CooldownSeconds * MicrosecondsPerSecond;
}
