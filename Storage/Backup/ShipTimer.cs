namespace Rat.Storage.Backup;

/// <summary>Says when to ship: at the soonest time that was asked for, and not before a while has passed since the last time. Nothing is ever
/// due that wasn't asked for.</summary>
internal sealed class ShipTimer : IDisposable
{
    // Commits that follow one another closely go together.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _due = new(0);
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    // By the clock of timestamps, which nobody sets back. All are guarded by the lock.
    private long? _at;
    private long _earliest;
    private bool _isHurrying;

    public ShipTimer(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Makes it due within a time.</summary>
    public void Ask(TimeSpan within)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var at = now + Ticks(within);
            if (!_isHurrying)
                at = Math.Max(at, _earliest);
            if (_at <= at)
                return;
            _at = at;
            _timer.Change(TimeSpan.FromSeconds((double)Math.Max(0, at - now) / _time.TimestampFrequency), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>From now on there are no pauses.</summary>
    public void Hurry()
    {
        lock (_lock)
            _isHurrying = true;
    }

    /// <summary>Waits until it is due, for one who ships.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        await _due.WaitAsync(cancellation);
        lock (_lock)
            _earliest = _time.GetTimestamp() + Ticks(Pause);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _due.Dispose();
    }

    private long Ticks(TimeSpan duration) => (long)(duration.TotalSeconds * _time.TimestampFrequency);

    private void Fire()
    {
        lock (_lock)
        {
            _at = null;
            if (_due.CurrentCount == 0)
                _due.Release();
        }
    }
}
