using Rat.Storage.Objects;

namespace Rat.Storage.Backup;

/// <summary>
/// A store whose objects go only when no state that can be restored names them: a delete waits until a state has been shipped that is later than
/// the call. Until then the object is still there. What waits is forgotten when the process ends: the sweep of the next start finds it.
/// </summary>
/// <param name="backup">Null: they go at once.</param>
internal sealed class DelayedDeletes(IObjectStore store, ContinuousBackup? backup, ILogger<DelayedDeletes> logger) : IObjectStore
{
    private readonly Lock _lock = new();

    // Deleting an object must not take one that was put under its key meanwhile.
    private readonly KeyLocks _keys = new();

    // All guarded by the lock. By key, each with the number of the call.
    private readonly Dictionary<string, long> _waiting = new(StringComparer.Ordinal);
    private long _calls;
    private int _going;
    private bool _isWorking;

    /// <summary>Objects that are still to be deleted, or are being deleted.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
                return _waiting.Count + _going;
        }
    }

    public async Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation)
    {
        if (backup is null)
            return await store.PutAsync(key, content, largest, cancellation);
        using (await _keys.AcquireAsync(key))
        {
            Keep(key);
            return await store.PutAsync(key, content, largest, cancellation);
        }
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellation) => store.OpenAsync(key, cancellation);

    public async Task CopyAsync(string key, string target)
    {
        using (await _keys.AcquireAsync(target))
        {
            Keep(target);
            await store.CopyAsync(key, target);
        }
    }

    public Task DeleteAsync(string key)
    {
        if (backup is null)
            return store.DeleteAsync(key);
        lock (_lock)
        {
            _waiting[key] = ++_calls;
            if (!_isWorking)
                _ = Task.Run(() => WorkAsync(backup));
            _isWorking = true;
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation) => store.ListAsync(prefix, cancellation);

    public Task<Failure?> CheckAsync(CancellationToken cancellation) => store.CheckAsync(cancellation);

    private async Task WorkAsync(ContinuousBackup shipping)
    {
        while (Take() is { } calls)
        {
            // Another one's backup now: it may name them.
            if (await shipping.ShipAsync(CancellationToken.None) is not null)
            {
                ForgetAll();
                return;
            }

            foreach (var (key, call) in calls)
                await DeleteNowAsync(key, call);
        }
    }

    private async Task DeleteNowAsync(string key, long call)
    {
        using (await _keys.AcquireAsync(key))
        {
            if (!TryForget(key, call))
                return;
            try
            {
                await store.DeleteAsync(key);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                logger.NotDeleted(key, failure.Message);
            }
            finally
            {
                lock (_lock)
                    _going--;
            }
        }
    }

    private List<KeyValuePair<string, long>>? Take()
    {
        lock (_lock)
        {
            _isWorking = _waiting.Count > 0;
            return _isWorking ? [.. _waiting] : null;
        }
    }

    // False when the object was put again, or that of a later call.
    private bool TryForget(string key, long call)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(key, out var last) || last != call)
                return false;
            _waiting.Remove(key);
            _going++;
            return true;
        }
    }

    private void Keep(string key)
    {
        lock (_lock)
            _waiting.Remove(key);
    }

    private void ForgetAll()
    {
        lock (_lock)
        {
            _waiting.Clear();
            _isWorking = false;
        }
    }
}
