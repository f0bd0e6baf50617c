namespace Rat.Storage.Lake;

/// <summary>States of tables by table and snapshot, the ones used last. A snapshot never changes, so an entry is never wrong.</summary>
internal sealed class StateCache
{
    // About 100 bytes each, and the statistics of a file: some 100 MB at most, for very large lakes only.
    private const int MostFiles = 100_000;
    private const int MostStates = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string TableId, long SnapshotId), LinkedListNode<TableState>> _states = [];
    private readonly LinkedList<TableState> _byUse = new();
    private int _files;

    public TableState? Find(string tableId, long snapshotId)
    {
        lock (_lock)
        {
            if (!_states.TryGetValue((tableId, snapshotId), out var node))
                return null;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            return node.Value;
        }
    }

    public void Add(TableState state)
    {
        lock (_lock)
        {
            if (!_states.TryAdd((state.TableId, state.SnapshotId), new LinkedListNode<TableState>(state)))
                return;
            _byUse.AddFirst(_states[(state.TableId, state.SnapshotId)]);
            _files += state.Files.Count;
            // The newest stays, however large.
            while ((_files > MostFiles || _states.Count > MostStates) && _states.Count > 1)
                RemoveLast();
        }
    }

    private void RemoveLast()
    {
        var state = _byUse.Last!.Value;
        _byUse.RemoveLast();
        _states.Remove((state.TableId, state.SnapshotId));
        _files -= state.Files.Count;
    }
}
