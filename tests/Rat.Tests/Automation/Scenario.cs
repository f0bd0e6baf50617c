using System.Globalization;

namespace Rat.Tests.Automation;

/// <summary>What happens at named times of one simulated stretch of time.</summary>
internal static class Scenario
{
    /// <summary>Plays the steps at their times; between them the timer does what is due. Times as <c>HH:mm[:ss]</c> on 2026-03-02, a Monday, UTC; the
    /// first step is the beginning, the last one comes after everything that is due up to its time.</summary>
    public static void Play(params (string At, Action<SimulatedPlatform> Do)[] steps)
    {
        var times = steps.Select(step => Time(step.At)).ToList();
        var stops = times.Skip(1).Select(time => (time, (DateTimeOffset?)time)).ToList();
        stops.Add((times[^1].AddTicks(1), null));
        using var platform = new SimulatedPlatform(new SimulatedClock(times[0], stops));
        steps[0].Do(platform);
        var next = 1;
        Exception? thrown = null;
        platform.Clock.Idle = () =>
        {
            if (next >= steps.Length || platform.Clock.GetUtcNow() < times[next] || thrown is not null)
                return;
            try
            {
                steps[next++].Do(platform);
            }
            catch (Exception exception)
            {
                thrown = exception;
            }
        };
        platform.Simulate();
        if (thrown is not null)
            throw new InvalidOperationException($"step {next - 1}: {thrown.Message}", thrown);
        Assert.Equal(steps.Length, next);
    }

    public static DateTimeOffset Time(string text) => DateTimeOffset.Parse($"2026-03-02T{text}Z", CultureInfo.InvariantCulture);

    public static long Microseconds(string text) => Rat.Storage.Metadata.Timestamps.ToMicroseconds(Time(text));

    /// <summary>When each run so far began and what started it, as <c>HH:mm:ss label</c>.</summary>
    public static string[] Fired(SimulatedPlatform platform) =>
        [.. platform.Runs().Select(run => $"{run.CreatedAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {run.Trigger}")];
}
