using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Clock;
using Rat.Engine.Automation.Schedules;
using Rat.Engine.Automation.Triggers;
using Rat.Engine.Observation;
using Rat.Engine.Runs;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation;

/// <summary>
/// The one timer of all schedules and cron triggers. It sleeps until the next of them is due; a change of one, the end of a run and a clock that is
/// set wake it. What is due fires in one transaction.
/// </summary>
internal sealed class AutomationTimer(
    MetadataDatabase database, WaitingRuns waiting, RunRegistry registry, IAlarm alarm, EngineCounters counters, TimeProvider time,
    ILogger<AutomationTimer> logger) : IDisposable
{
    // After this a full disk may have room again.
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private Thread? _thread;
    private DateTimeOffset _seen = DateTimeOffset.MaxValue;
    private volatile bool _stopping;

    /// <summary>Begins to fire; what was missed while no process was there fires once.</summary>
    public void Start()
    {
        registry.Changed += alarm.Wake;
        _thread = new Thread(Turn) { IsBackground = true, Name = "automation timer" };
        _thread.Start();
    }

    public void Dispose()
    {
        if (_thread is null || _stopping)
            return;
        registry.Changed -= alarm.Wake;
        _stopping = true;
        alarm.Wake();
        _thread.Join();
    }

    private void Turn()
    {
        while (!_stopping)
        {
            counters.SchedulerTicks.Add(1);
            alarm.Wait(TurnOnce());
        }
    }

    // Until when there is nothing to do; null: until something changes.
    private DateTimeOffset? TurnOnce()
    {
        var now = time.GetUtcNow();
        try
        {
            // The clock went back. So it may have before the first turn, too.
            if (now < _seen)
                Write(connection => MiscountedTimes.CountAgain(connection, Timestamps.ToMicroseconds(now)));
            _seen = now;
            var next = database.Read(connection => Earlier(ScheduleStore.NextDue(connection), TriggerStore.NextDue(connection)));
            if (next is not { } due || due > Timestamps.ToMicroseconds(now))
                return next is { } later ? Timestamps.FromMicroseconds(later) : null;
            Fire(now);
            return now;
        }
        catch (SqliteException exception)
        {
            logger.NotFired(exception, PauseAfterFailure);
            return now + PauseAfterFailure;
        }
    }

    private void Fire(DateTimeOffset now)
    {
        var microseconds = Timestamps.ToMicroseconds(now);
        var (scheduled, triggered) = Write(connection => (
            ScheduleFiring.OnTime(connection, microseconds, (schedule, reason) => logger.ScheduleBroken(schedule.Id, schedule.Pipeline, reason)).ToList(),
            TriggerFiring.OnTime(connection, microseconds).ToList()));
        counters.SchedulerRunsTriggered.Add(scheduled.Count);
        waiting.Add(scheduled);
        waiting.Add(triggered);
    }

    // The thread has nothing else to do: blocking it is the point.
    private T Write<T>(Func<SqliteConnection, T> work) => database.WriteAsync(work).GetAwaiter().GetResult();

    private static long? Earlier(long? one, long? other) => one is null || other < one ? other : one;
}
