using Rat.Engine.Automation.Clock;

namespace Rat.Tests.Automation;

/// <summary>
/// A wall clock that stands still until the timer waits, then shows what the timer waited for. At moments named before it is set: from then on it
/// goes on from elsewhere. It has no time of its own, so that years pass as fast as the timer can turn.
/// </summary>
/// <param name="start">UTC.</param>
/// <param name="sets">When the clock is set, and to what, in this order; the last one ends the simulation.</param>
internal sealed class SimulatedClock(DateTimeOffset start, IReadOnlyList<(DateTimeOffset At, DateTimeOffset? To)> sets) : TimeProvider, IAlarm
{
    private readonly ManualResetEventSlim _ended = new();
    private readonly AutoResetEvent _woken = new(initialState: false);
    private DateTimeOffset _now = start;
    private int _set;

    /// <summary>Called each time the timer has done everything that is due.</summary>
    public Action? Idle { get; set; }

    public override DateTimeOffset GetUtcNow() => _now;

    public void Wait(DateTimeOffset? until)
    {
        if (until is { } soon && soon <= _now)
            return;
        Idle?.Invoke();
        if (_woken.WaitOne(0))
            return;
        var (at, to) = sets[_set];
        if (until is { } due && due < at)
        {
            _now = due;
        }
        else if (to is { } elsewhere)
        {
            _now = elsewhere;
            _set++;
        }
        else
        {
            _now = at;
            _ended.Set();
            _woken.WaitOne();
        }
    }

    public void Wake() => _woken.Set();

    public void WaitForEnd() => Assert.True(_ended.Wait(TimeSpan.FromMinutes(10)), $"the simulation hangs at {_now:O}");

    public void Dispose()
    {
        _ended.Dispose();
        _woken.Dispose();
    }
}
