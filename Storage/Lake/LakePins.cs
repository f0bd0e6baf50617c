namespace Rat.Storage.Lake;

/// <summary>
/// What statements of this process may still read. Files of expired snapshots are deleted once nothing holds them. A reader opens a lease
/// before it looks into the catalog, which holds whatever is there then, and may narrow it to the states that it turned out to need.
/// </summary>
internal sealed class LakePins
{
    private readonly Lock _lock = new();
    private readonly HashSet<LakeLease> _leases = [];
    private long _opened;

    /// <summary>Raised after a lease has ended or was narrowed, on the thread that did it.</summary>
    public event Action? Released;

    /// <summary>To be called before the SQLite snapshot is opened from which the states are read.</summary>
    public LakeLease Open()
    {
        lock (_lock)
        {
            var lease = new LakeLease(this, ++_opened);
            _leases.Add(lease);
            return lease;
        }
    }

    /// <summary>Leases that are opened from now on can't know what has expired by now.</summary>
    public long Mark()
    {
        lock (_lock)
            return _opened;
    }

    /// <summary>Whether a file of the table that was in its snapshots from <paramref name="since"/> up to, not including,
    /// <paramref name="removed"/> may still be read.</summary>
    /// <param name="mark">Of a moment at which it had expired; else any reader counts.</param>
    public bool Hold(string tableId, long since, long removed, long mark = long.MaxValue)
    {
        lock (_lock)
            return _leases.Any(lease => lease.Number <= mark && lease.Holds(tableId, since, removed));
    }

    /// <summary>From now on the lease holds these states alone.</summary>
    internal void Narrow(LakeLease lease, IEnumerable<TableState> states)
    {
        lock (_lock)
            lease.Kept = [.. states.Select(state => (state.TableId, state.SequenceNumber))];
        Released?.Invoke();
    }

    internal void End(LakeLease lease)
    {
        lock (_lock)
        {
            if (!_leases.Remove(lease))
                return;
        }

        Released?.Invoke();
    }
}

/// <summary>A reader's hold on files of the lake; ends when it is disposed.</summary>
internal sealed class LakeLease(LakePins pins, long number) : IDisposable
{
    /// <summary>Leases are numbered in the order in which they are opened.</summary>
    internal long Number { get; } = number;

    /// <summary>Sequence numbers by table; null for everything. Guarded by the lock of <see cref="LakePins"/>.</summary>
    internal IReadOnlyList<(string TableId, long SequenceNumber)>? Kept { get; set; }

    /// <summary>From now on only these states are held: all that the reader still needs.</summary>
    public void Narrow(IEnumerable<TableState> states) => pins.Narrow(this, states);

    public void Dispose() => pins.End(this);

    internal bool Holds(string tableId, long since, long removed) =>
        Kept is null || Kept.Any(kept => kept.TableId == tableId && kept.SequenceNumber >= since && kept.SequenceNumber < removed);
}
