using System.Buffers;
using Rat.Storage.Metadata;

namespace Rat.Storage.Objects;

/// <summary>Objects as files below one folder, by their keys. New ones are written aside, synced, then renamed.</summary>
/// <param name="openedAt">By the clock of the file system.</param>
internal sealed class DiskObjectStore(string root, string temporary, DateTime openedAt) : IObjectStore, ILocalObjects
{
    private const int BufferSize = 128 * 1024;

    // An empty folder must not be removed while somebody is about to put a file there.
    private readonly Lock _folders = new();

    public static DiskObjectStore Of(DataDirectory directory) => new(directory.Objects, directory.Temporary, directory.OpenedAt);

    public bool ReadsInPlace => true;

    public DateTime OpenedAt => openedAt;

    public async Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation)
    {
        var aside = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            if (await WriteAsync(aside, content, largest, cancellation) is not { } size)
                return Failure.TooLarge($"file too large (max {largest / (1024 * 1024)}MB)");

            if (Collides(key))
                return Collision(key);
            MoveInto(PathOf(key), aside);
            return size;
        }
        catch (IOException) when (Collides(key))
        {
            return Collision(key); // with what was written at the same time
        }
        catch (IOException full) when (FullDisk.Caused(full))
        {
            return FullDisk.Failure;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    public Task<Stream?> OpenAsync(string key, CancellationToken cancellation) => Task.FromResult(Open(key));

    public Stream? Open(string key)
    {
        var path = PathOf(key);
        return File.Exists(path)
            ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize, FileOptions.Asynchronous)
            : null;
    }

    public Task CopyAsync(string key, string target)
    {
        var path = PathOf(target);
        var folder = Path.GetDirectoryName(path)!;
        lock (_folders)
        {
            DurableFiles.CreateDirectory(folder);
            DurableFiles.LinkOrCopy(PathOf(key), path);
        }

        DurableFiles.SyncDirectory(folder);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string key)
    {
        var path = PathOf(key);
        lock (_folders)
        {
            if (!File.Exists(path))
                return Task.CompletedTask;
            File.Delete(path);
            // A folder that stays would keep its name from being a file's.
            var folder = Path.GetDirectoryName(path)!;
            for (; folder.Length > root.Length && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
                Directory.Delete(folder);
            DurableFiles.SyncDirectory(folder);
        }

        return Task.CompletedTask;
    }

    public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation) => (
        from path in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
        let key = Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/')
        where key.StartsWith(prefix, StringComparison.Ordinal)
        select new StoredObject(key, File.GetLastWriteTimeUtc(path)))
        .ToAsyncEnumerable();

    public string LocalPath(FileVersion version) => PathOf(version.ObjectKey);

    // A file that is open stays readable when it is removed; one that isn't yet is DuckDB's to miss.
    public ValueTask<IDisposable?> HoldAsync(FileVersion version, CancellationToken cancellation) => ValueTask.FromResult<IDisposable?>(NothingHeld.Instance);

    public Task<Failure?> CheckAsync(CancellationToken cancellation) => Task.FromResult(LocalSpace.Check(root, temporary));

    // Null past the limit.
    private static async Task<long?> WriteAsync(string path, Stream content, long largest, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            long size = 0;
            for (int read; (read = await content.ReadAsync(buffer, cancellation)) > 0;)
            {
                if ((size += read) > largest)
                    return null;
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }

            file.Flush(flushToDisk: true);
            return size;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void MoveInto(string path, string aside)
    {
        var folder = Path.GetDirectoryName(path)!;
        lock (_folders)
        {
            DurableFiles.CreateDirectory(folder);
            File.Move(aside, path, overwrite: true);
        }

        DurableFiles.SyncDirectory(folder);
    }

    private string PathOf(string key) => Path.Combine(root, key);

    private static Failure Collision(string key) =>
        Failure.Invalid($"the path {key} can't be written: a folder has that name, or a part of it is a file");

    private bool Collides(string key) => Directory.Exists(PathOf(key)) || HasFileAbove(key);

    private bool HasFileAbove(string key)
    {
        for (var slash = key.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = key.IndexOf('/', slash + 1))
        {
            if (File.Exists(PathOf(key[..slash])))
                return true;
        }

        return false;
    }

    private sealed class NothingHeld : IDisposable
    {
        public static readonly NothingHeld Instance = new();

        public void Dispose()
        {
        }
    }
}
