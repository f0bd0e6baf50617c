namespace Rat.Storage.Backup;

/// <summary>Who waits until a state can be restored, and which one can: one that was shipped, once there is a base before it.</summary>
internal sealed class ShippedStates
{
    private readonly Lock _lock = new();

    // All are guarded by the lock. Those of the second list wait for a base alone.
    private Waiters _next = [];
    private Waiters _shipped = [];
    private bool _hasBase;
    private DateTimeOffset _shippedAt;
    private DateTimeOffset? _lastAt;
    private DateTimeOffset? _baseMissingSince;

    public DateTimeOffset? LastAt
    {
        get
        {
            lock (_lock)
                return _lastAt;
        }
    }

    public DateTimeOffset? BaseMissingSince
    {
        get
        {
            lock (_lock)
                return _baseMissingSince;
        }
    }

    public bool IsAwaited
    {
        get
        {
            lock (_lock)
                return _next.Count > 0;
        }
    }

    /// <summary>Waits for the state that the next cut finds.</summary>
    public Task<Failure?> AwaitNext()
    {
        var waiter = new TaskCompletionSource<Failure?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _next.Add(waiter);
        return waiter.Task;
    }

    /// <summary>Those for whom a cut is good that comes after this.</summary>
    public Waiters TakeWaiters()
    {
        lock (_lock)
        {
            var taken = _next;
            _next = [];
            return taken;
        }
    }

    /// <summary>There was no cut.</summary>
    public void PutBack(Waiters waiters)
    {
        lock (_lock)
            _next.AddRange(waiters);
    }

    /// <summary>What is shipped from now on is good for nothing until there is a base.</summary>
    public void EpochBegun(DateTimeOffset at)
    {
        lock (_lock)
        {
            _hasBase = false;
            _baseMissingSince ??= at;
        }
    }

    /// <summary>All changes before a time are in the bucket.</summary>
    public void Shipped(Waiters waiters, DateTimeOffset at)
    {
        lock (_lock)
        {
            _shippedAt = at;
            _shipped.AddRange(waiters);
            if (_hasBase)
                Answer();
        }
    }

    /// <summary>The epoch's base is in the bucket.</summary>
    public void BaseIsUp()
    {
        lock (_lock)
        {
            _hasBase = true;
            _baseMissingSince = null;
            Answer();
        }
    }

    /// <summary>Nothing will be shipped any more.</summary>
    public void AnswerAll(Failure failure)
    {
        lock (_lock)
        {
            foreach (var waiter in _next.Concat(_shipped))
                waiter.TrySetResult(failure);
            (_next, _shipped) = ([], []);
        }
    }

    private void Answer()
    {
        _lastAt = _shippedAt;
        foreach (var waiter in _shipped)
            waiter.TrySetResult(null);
        _shipped = [];
    }

    /// <summary>Some who wait.</summary>
    internal sealed class Waiters : List<TaskCompletionSource<Failure?>>;
}
