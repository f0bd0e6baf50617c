using System.Collections.Concurrent;
using Rat.Storage;

namespace Rat.Engine.Runs;

/// <summary>One writer per table: from reading the state that its result is built on to its commit, a run has the table for itself.</summary>
internal sealed class TableLocks
{
    private readonly ConcurrentDictionary<TableName, SemaphoreSlim> _locks = new();

    /// <summary>Waits until the table is free. Disposing the answer frees it.</summary>
    public async Task<IDisposable> AcquireAsync(TableName table, CancellationToken cancellation)
    {
        var semaphore = _locks.GetOrAdd(table, _ => new SemaphoreSlim(1));
        await semaphore.WaitAsync(cancellation);
        return new Held(semaphore);
    }

    /// <summary>The table, if it is free; null when somebody has it.</summary>
    public IDisposable? TryAcquire(TableName table)
    {
        var semaphore = _locks.GetOrAdd(table, _ => new SemaphoreSlim(1));
        return semaphore.Wait(0) ? new Held(semaphore) : null;
    }

    private sealed class Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
