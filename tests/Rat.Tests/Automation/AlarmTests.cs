using System.Diagnostics;
using Rat.Engine.Automation.Clock;

namespace Rat.Tests.Automation;

/// <summary>Alarms on the real clock.</summary>
public class AlarmTests
{
    public static TheoryData<string> Kinds => ["here", "patient"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_rings_at_the_time_and_not_before(string kind)
    {
        using var alarm = Create(kind);
        var due = DateTimeOffset.UtcNow.AddMilliseconds(300);
        while (DateTimeOffset.UtcNow < due)
            alarm.Wait(due);
        Assert.InRange((DateTimeOffset.UtcNow - due).TotalMilliseconds, 0, 2000);
        alarm.Wait(due);
        alarm.Wait(DateTimeOffset.UnixEpoch);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wake_ends_a_wait_whichever_comes_first(string kind)
    {
        using var alarm = Create(kind);
        var clock = Stopwatch.StartNew();
        alarm.Wake();
        alarm.Wait(null);
        foreach (var until in new DateTimeOffset?[] { null, DateTimeOffset.UtcNow.AddDays(400) })
        {
            var waiting = Task.Run(() => alarm.Wait(until));
            await Task.Delay(50);
            Assert.False(kind == "here" && waiting.IsCompleted);
            alarm.Wake();
            await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        }

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20));
    }

    private static IAlarm Create(string kind) => kind == "here" ? Alarms.Create(TimeProvider.System) : new PatientAlarm(TimeProvider.System);
}
