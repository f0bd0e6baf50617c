namespace Rat.Storage.Lake;

/// <summary>
/// What statements of this process may still read. Files of expired snapshots are deleted once nothing holds them. A reader opens a lease
/// before it looks into the catalog, which holds whatever is there then, and may narrow it to the states that it turned out to need; a lease
/// that isn't narrowed holds everything.
/// </summary>
internal sealed class LakePins
{
    private readonly Lock _lock = new();
    private readonly HashSet<LakeLease> _leases = [];

    /// <summary>Raised after a lease has ended, on the thread that ended it.</summary>
    public event Action? Released;

    /// <summary>To be called before the SQLite snapshot is opened from which the states are read.</summary>
    public LakeLease Open()
    {
        var lease = new LakeLease(this);
        lock (_lock)
            _leases.Add(lease);
        return lease;
    }

    /// <summary>Whether a file of the table that was in its snapshots from <paramref name="added"/> up to, not including,
    /// <paramref name="removed"/> may still be read.</summary>
    public bool Hold(string tableId, long added, long removed)
    {
        lock (_lock)
            return _leases.Any(lease => lease.Holds(tableId, added, removed));
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
internal sealed class LakeLease(LakePins pins) : IDisposable
{
    /// <summary>Sequence numbers by table; null for everything. Guarded by the lock of <see cref="LakePins"/>.</summary>
    internal IReadOnlyList<(string TableId, long SequenceNumber)>? Kept { get; set; }

    /// <summary>From now on only these states are held: all that the reader still needs.</summary>
    public void Narrow(IEnumerable<TableState> states) => pins.Narrow(this, states);

    public void Dispose() => pins.End(this);

    internal bool Holds(string tableId, long added, long removed) =>
        Kept is null || Kept.Any(kept => kept.TableId == tableId && kept.SequenceNumber >= added && kept.SequenceNumber < removed);
}
