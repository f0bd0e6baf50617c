using Rat.Storage.Objects;

namespace Rat.Storage.Lake;

/// <summary>A bucket keeps the lake; what is read of it is copied into the data directory, among what was written there.</summary>
/// <param name="openedAt">By the store's clock.</param>
internal sealed class BucketLakeFiles(
    IObjectStore objects, ObjectCache cache, DataDirectory directory, DateTime openedAt, ILogger<BucketLakeFiles> logger) : ILakeFiles
{
    /// <summary>Of the keys of the lake's objects: no namespace begins with a dot.</summary>
    public const string Prefix = ".rat/lake/";

    /// <summary>The folder of the lake's copies in the cache.</summary>
    public const string CacheFolder = "lake/";

    // A commit has four files, and some hundreds when a large table is partitioned.
    private const int AtOnce = 16;

    private readonly LakePaths _paths = LakePaths.Of(directory);

    public bool AreLocal => false;

    public DateTime OpenedAt => openedAt;

    public void Keep(DurableFileSet written)
    {
        // Meanwhile, since a copy that a lost power supply has spoilt has the right length all the same.
        var syncing = Task.Run(written.Sync);
        try
        {
            Each([.. written.Files.Select(_paths.Below)], KeepAsync);
        }
        finally
        {
            syncing.GetAwaiter().GetResult();
        }
    }

    public IReadOnlyList<string> Remove(IReadOnlyCollection<string> paths)
    {
        var removed = new List<string>(paths.Count);
        Each(paths, async path =>
        {
            if (!await TryRemoveAsync(path))
                return;
            lock (removed)
                removed.Add(path);
        });
        return removed;
    }

    public IEnumerable<LakeFolder> Folders()
    {
        var local = LakeFolders.Locations(_paths).ToHashSet(StringComparer.Ordinal);
        // The listing is in the order of the keys: a folder's are together.
        var files = new List<LakeFile>();
        string? location = null;
        foreach (var stored in objects.ListAsync(Prefix, CancellationToken.None).ToBlockingEnumerable())
        {
            if (LocationOf(stored.Key[Prefix.Length..]) is not { } next)
                continue;
            if (location is not null && next != location)
            {
                yield return Folder(location, files);
                files = [];
            }

            location = next;
            files.Add(new LakeFile(stored.Key[Prefix.Length..], stored.ModifiedAt));
        }

        if (location is not null)
            yield return Folder(location, files);
        foreach (var left in local)
            yield return new LakeFolder(left, WithLeft(left, []));

        LakeFolder Folder(string at, List<LakeFile> kept)
        {
            local.Remove(at);
            return new LakeFolder(at, WithLeft(at, kept));
        }
    }

    public IReadOnlyList<LakeFile> List(string location) => WithLeft(location, [
        .. objects.ListAsync($"{Prefix}{location}/", CancellationToken.None).ToBlockingEnumerable()
            .Select(stored => new LakeFile(stored.Key[Prefix.Length..], stored.ModifiedAt)),
    ]);

    public string? Hold(IReadOnlyCollection<(string Path, long Length)> files, Action<IDisposable> keep, CancellationToken cancellation)
    {
        string? wrong = null;
        Each(files, async file =>
        {
            var (path, length) = file;
            try
            {
                if (await cache.HoldAsync(new ImmutableObject(Prefix + path, CacheFolder + path, length), cancellation) is { } copy)
                {
                    lock (keep)
                        keep(copy);
                }
                else
                {
                    wrong = TableCheck.Missing(path);
                }
            }
            catch (DamagedObjectException damaged)
            {
                wrong = TableCheck.Changed(path, damaged.Length, length);
            }
        }, cancellation);
        return wrong;
    }

    // Side by side: a commit takes as long as its slowest file. Whoever commits has a thread to wait on, as it waits for the disk.
    private static void Each<T>(IReadOnlyCollection<T> items, Func<T, Task> work, CancellationToken cancellation = default)
    {
        if (items.Count == 0)
            return;
        try
        {
            Parallel.ForEachAsync(
                items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (item, _) => await work(item))
                .GetAwaiter().GetResult();
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
    }

    private async Task KeepAsync(string path)
    {
        await using (var file = new FileStream(_paths.Local(path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous))
        {
            var stored = await objects.PutAsync(Prefix + path, file, long.MaxValue, CancellationToken.None);
            if (!stored.Succeeded)
                throw new StorageUnavailableException(stored.Failure.Message);
            if (stored.Value != file.Length)
                throw new IOException($"{path} was changed while it was uploaded");
        }

        cache.Include(CacheFolder + path);
    }

    private async Task<bool> TryRemoveAsync(string path)
    {
        try
        {
            // What is no copy was never uploaded.
            if (!cache.Forget(CacheFolder + path))
                File.Delete(_paths.Local(path));
            await objects.DeleteAsync(Prefix + path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(path, exception.Message);
            return false;
        }
    }

    // With what an earlier process has written and never uploaded. How old that is by the store's clock nobody knows.
    private List<LakeFile> WithLeft(string location, List<LakeFile> kept)
    {
        var folder = new DirectoryInfo(_paths.Local(location));
        if (!folder.Exists)
            return kept;
        var names = kept.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        kept.AddRange(
            from file in folder.EnumerateFiles("*", SearchOption.AllDirectories)
            let path = _paths.Below(file.FullName)
            where file.LastWriteTimeUtc < directory.OpenedAt && !names.Contains(path)
            select new LakeFile(path, DateTime.MinValue));
        return kept;
    }

    // {ns}/{layer}/{name}-{id}
    private static string? LocationOf(string path) => path.Split('/', 4) is [var ns, var layer, var table, _] ? $"{ns}/{layer}/{table}" : null;
}
