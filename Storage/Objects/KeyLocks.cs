namespace Rat.Storage.Objects;

/// <summary>One at a time per key. Two keys may share a lock, so nobody may hold two.</summary>
internal sealed class KeyLocks
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Waits for the key. Disposing the answer gives it back.</summary>
    public async Task<IDisposable> AcquireAsync(string key)
    {
        var semaphore = _locks[(uint)string.GetHashCode(key, StringComparison.Ordinal) % _locks.Length];
        await semaphore.WaitAsync();
        return new Held(semaphore);
    }

    private sealed class Held(SemaphoreSlim semaphore) : IDisposable
    {
        public void Dispose() => semaphore.Release();
    }
}
