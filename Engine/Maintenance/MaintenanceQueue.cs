using System.Diagnostics.CodeAnalysis;
using Rat.Storage;

namespace Rat.Engine.Maintenance;

/// <summary>A table that has changed.</summary>
/// <param name="RunId">The last run that has changed it; its log tells what was done.</param>
/// <param name="ExpiredSnapshots">How many snapshots have expired by its commits.</param>
internal sealed record MaintenanceOrder(TableName Table, Guid RunId, int ExpiredSnapshots);

/// <summary>What waits to be maintained: each table once, however often it has changed.</summary>
internal sealed class MaintenanceQueue : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<TableName> _order = new();
    private readonly Dictionary<TableName, MaintenanceOrder> _waiting = [];
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>After a commit that brought rows, once the run's log is stored.</summary>
    public void Request(TableName table, Guid runId, int expiredSnapshots)
    {
        lock (_lock)
        {
            if (_waiting.TryGetValue(table, out var before))
                expiredSnapshots += before.ExpiredSnapshots;
            else
                _order.Enqueue(table);
            _waiting[table] = new MaintenanceOrder(table, runId, expiredSnapshots);
        }

        _signal.Release();
    }

    /// <summary>Makes who waits look again.</summary>
    public void Wake() => _signal.Release();

    /// <summary>Waits until something may be to do.</summary>
    public Task WaitAsync(CancellationToken cancellation) => _signal.WaitAsync(cancellation);

    public bool TryTake([MaybeNullWhen(false)] out MaintenanceOrder order)
    {
        lock (_lock)
        {
            order = null;
            return _order.TryDequeue(out var table) && _waiting.Remove(table, out order);
        }
    }

    public void Dispose() => _signal.Dispose();
}
