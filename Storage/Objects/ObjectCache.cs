namespace Rat.Storage.Objects;

/// <summary>An object that never changes, as whoever needs it knows it.</summary>
/// <param name="Copy">Where its copy lies below the cache's folder, with forward slashes.</param>
/// <param name="Length">In bytes; other bytes are refused. Null when it isn't known.</param>
internal sealed record ImmutableObject(string Key, string Copy, long? Length);

/// <summary>An object's bytes are not those that were written.</summary>
internal sealed class DamagedObjectException(string key, long length)
    : StorageUnavailableException($"the object {key} is damaged: its bytes are not those that were written")
{
    /// <summary>How many bytes it has.</summary>
    public long Length => length;
}

/// <summary>
/// Local copies of objects that never change, below one folder, up to a number of bytes. A copy stays while somebody holds it, even
/// past the limit; of the others the one goes first that was used longest ago. However many ask for an object at once, it is fetched once.
/// </summary>
/// <param name="temporary">Of the same file system as the folder.</param>
/// <param name="shared">A folder below the cache's, with a slash at its end, in which others make folders, too: an empty one stays.</param>
internal sealed class ObjectCache(IObjectStore objects, string folder, string temporary, string shared, long limit)
{
    private const int BufferSize = 128 * 1024;

    private readonly Lock _lock = new();

    // All of these are guarded by the lock. An entry is in the list when it is whole and nobody holds it.
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _idle = [];
    private long _bytes;
    private long _hits;
    private long _fetches;

    /// <summary>Size of all copies; how often one was there, or on its way; and how often one had to be fetched.</summary>
    public (long Bytes, long Hits, long Fetches) Figures
    {
        get
        {
            lock (_lock)
                return (_bytes, _hits, _fetches);
        }
    }

    /// <summary>Takes over what an earlier process has left in the folder. Before anything else is asked for.</summary>
    public void TakeOver()
    {
        var left = Directory.CreateDirectory(folder).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.LastAccessTimeUtc);
        lock (_lock)
        {
            foreach (var file in left)
            {
                var entry = new Entry(Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), holders: 0);
                entry.Loading = Task.FromResult(true);
                _entries.Add(entry.Copy, entry);
                Settle(entry, file.Length);
            }
        }
    }

    /// <summary>A copy of the object, to be disposed when it isn't needed any more; null when there is no such object.</summary>
    /// <exception cref="StorageUnavailableException">It can't be fetched.</exception>
    /// <exception cref="DamagedObjectException">Its bytes are not what they have to be.</exception>
    public async Task<CachedObject?> HoldAsync(ImmutableObject wanted, CancellationToken cancellation)
    {
        var entry = Hold(wanted);
        try
        {
            // Whoever gives up leaves it to the others: the object goes on coming.
            if (await entry.Loading.WaitAsync(cancellation))
                return new CachedObject(this, entry, PathOf(entry.Copy));
        }
        catch
        {
            Release(entry);
            throw;
        }

        Release(entry);
        return null;
    }

    /// <summary>Takes in a file of the folder that has just become an object.</summary>
    public void Include(string copy)
    {
        lock (_lock)
        {
            // Uploaded again after an answer that got lost.
            if (_entries.ContainsKey(copy))
                return;
            var entry = new Entry(copy, holders: 0) { Loading = Task.FromResult(true) };
            _entries.Add(copy, entry);
            Settle(entry, new FileInfo(PathOf(copy)).Length);
        }
    }

    /// <summary>The object is gone: so is its copy, once nobody holds it. False when there is none.</summary>
    public bool Forget(string copy)
    {
        lock (_lock)
        {
            if (!_entries.TryGetValue(copy, out var entry))
                return false;
            entry.IsUnwanted = true;
            if (entry.Place is not null)
                Remove(entry);
            return true;
        }
    }

    /// <summary>Where a copy lies, or would.</summary>
    public string PathOf(string copy) => Path.Combine(folder, copy.Replace('/', Path.DirectorySeparatorChar));

    internal void Release(Entry entry)
    {
        lock (_lock)
        {
            if (--entry.Holders > 0 || !entry.IsWhole)
                return;
            entry.Place = _idle.AddLast(entry);
            if (entry.IsUnwanted)
                Remove(entry);
            Shrink();
        }
    }

    private Entry Hold(ImmutableObject wanted)
    {
        lock (_lock)
        {
            // Somebody may have emptied the folder; a copy of another length is a damaged one.
            if (_entries.TryGetValue(wanted.Copy, out var known) && known is { IsWhole: true, Holders: 0 }
                && (new FileInfo(PathOf(wanted.Copy)) is not { Exists: true, Length: var length } || length != (wanted.Length ?? known.Length)))
            {
                Remove(known);
            }

            if (_entries.TryGetValue(wanted.Copy, out var entry))
            {
                _hits++;
                entry.Holders++;
                if (entry.Place is not null)
                    _idle.Remove(entry.Place);
                entry.Place = null;
                return entry;
            }

            _fetches++;
            entry = new Entry(wanted.Copy, holders: 1);
            _entries.Add(wanted.Copy, entry);
            entry.Loading = Task.Run(() => FetchAsync(entry, wanted));
            return entry;
        }
    }

    private async Task<bool> FetchAsync(Entry entry, ImmutableObject wanted)
    {
        var aside = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            var length = await WriteAsync(aside, wanted);
            lock (_lock)
            {
                if (length is { } whole)
                {
                    Directory.CreateDirectory(Path.GetDirectoryName(PathOf(entry.Copy))!);
                    File.Move(aside, PathOf(entry.Copy), overwrite: true);
                    Settle(entry, whole);
                }
                else
                {
                    _entries.Remove(entry.Copy);
                }
            }

            return length is not null;
        }
        catch
        {
            // The next one that asks tries again.
            lock (_lock)
                _entries.Remove(entry.Copy);
            throw;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    // Null when there is no such object.
    private async Task<long?> WriteAsync(string path, ImmutableObject wanted)
    {
        await using var content = await objects.OpenAsync(wanted.Key, CancellationToken.None);
        if (content is null)
            return null;
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = new byte[BufferSize];
        long length = 0;
        for (int count; (count = await content.ReadAsync(buffer)) > 0; length += count)
            await file.WriteAsync(buffer.AsMemory(0, count));

        // What its bytes are the store's stream has checked.
        if (length != (wanted.Length ?? length))
            throw new DamagedObjectException(wanted.Key, length);
        // A name that outlives lost power while its bytes don't would be taken for a copy.
        file.Flush(flushToDisk: true);
        return length;
    }

    // Under the lock.
    private void Settle(Entry entry, long length)
    {
        entry.Length = length;
        entry.IsWhole = true;
        _bytes += length;
        if (entry.Holders == 0)
            entry.Place = _idle.AddLast(entry);
        if (entry.IsUnwanted && entry.Place is not null)
            Remove(entry);
        Shrink();
    }

    // Under the lock.
    private void Shrink()
    {
        while (_bytes > limit && _idle.First is { } oldest)
            Remove(oldest.Value);
    }

    // Under the lock, the deletion too: by the time that the key is asked for again its old file must be gone.
    private void Remove(Entry entry)
    {
        _idle.Remove(entry.Place!);
        _entries.Remove(entry.Copy);
        _bytes -= entry.Length;
        var path = PathOf(entry.Copy);
        var above = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(above))
            return;
        File.Delete(path);
        if (entry.Copy.StartsWith(shared, StringComparison.Ordinal))
            return;
        for (; above.Length > folder.Length && !Directory.EnumerateFileSystemEntries(above).Any(); above = Path.GetDirectoryName(above)!)
            Directory.Delete(above);
    }

    /// <summary>A copy, or one that is on its way.</summary>
    internal sealed class Entry(string copy, int holders)
    {
        public string Copy => copy;

        /// <summary>False when there is no such object.</summary>
        public Task<bool> Loading { get; set; } = Task.FromResult(false);

        public bool IsWhole { get; set; }

        public bool IsUnwanted { get; set; }

        public long Length { get; set; }

        public int Holders { get; set; } = holders;

        public LinkedListNode<Entry>? Place { get; set; }
    }
}

/// <summary>A copy that stays until it is disposed.</summary>
internal sealed class CachedObject(ObjectCache cache, ObjectCache.Entry entry, string path) : IDisposable
{
    private int _isReleased;

    /// <summary>A file of this machine.</summary>
    public string Path => path;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            cache.Release(entry);
    }
}
