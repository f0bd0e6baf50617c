using System.Collections.Concurrent;
using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>
/// Removes files below the lake's root that no retained snapshot names and that are older than this process: what runs of an earlier one left
/// without committing it. A file of this process is never touched, nor one that a statement of this process can have pinned.
/// </summary>
internal sealed class LakeSweep(
    DataDirectory directory, MetadataDatabase database, LakePins pins, ILakeUploads uploads, ILogger<LakeSweep> logger)
{
    private readonly LakePaths _paths = new(directory.Lake, directory.LakeUri);
    private readonly ConcurrentDictionary<string, long> _expiredAt = new(StringComparer.Ordinal);

    /// <summary>One pass over the lake. Returns how many files it removed; what can't be removed is logged and left.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var removed = (await RemoveExpiredAsync(cancellation)).Removed;
        foreach (var table in TableFolders())
        {
            cancellation.ThrowIfCancellationRequested();
            removed += Try(table, SweepTable);
        }

        if (removed > 0)
            logger.Swept(removed);
        return removed;
    }

    /// <summary>Removes files of expired snapshots that no statement of this process can still read. Returns how many it removed, and how many
    /// are held.</summary>
    public async Task<(int Removed, int Held)> RemoveExpiredAsync(CancellationToken cancellation)
    {
        var expired = database.Read(LakeFileStore.Expired);
        var mark = pins.Mark();
        var free = expired.Where(file => !pins.Hold(file.TableId, file.Since, file.Removed, _expiredAt.GetOrAdd(file.Path, mark)))
            .Select(file => file.Path).ToList();
        if (free.Count == 0)
            return (0, expired.Count);
        var removed = free.Where(path => Try(_paths.Local(path), Remove) > 0).ToList();
        uploads.Remove(removed);
        await database.WriteAsync(connection => LakeFileStore.ForgetExpired(connection, removed), cancellation);
        removed.ForEach(path => _expiredAt.TryRemove(path, out _));
        return (removed.Count, expired.Count - free.Count);
    }

    /// <summary>Removes files of one table that nothing names and that are older than <paramref name="maxAge"/>. Returns how many. Nobody may
    /// be writing the table meanwhile: files of a run that has not committed yet have no name either.</summary>
    /// <param name="location">Of the table, below the lake's root.</param>
    public int RemoveOrphans(string location, TimeSpan maxAge) =>
        Try(_paths.Local(location), folder =>
        {
            if (!Directory.Exists(folder))
                return 0;
            var oldest = DateTime.UtcNow - maxAge;
            // Listed before the names are read: what is committed in between is named.
            var old = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => File.GetLastWriteTimeUtc(file) < oldest).ToList();
            if (old.Count == 0 || database.Read(connection => LakeFileStore.CurrentMetadata(connection, location)) is not { } current)
                return 0;
            var named = database.Read(connection => LakeFileStore.NamedAt(connection, location));
            named.UnionWith(VersionHint.Names(current.Version).Select(name => $"{location}/metadata/{name}"));
            return RemoveUnnamed(old, named);
        });

    // {ns}/{layer}/{name}-{id}
    private IEnumerable<string> TableFolders() =>
        from ns in Directory.EnumerateDirectories(_paths.Root)
        from layer in Directory.EnumerateDirectories(ns)
        from table in Directory.EnumerateDirectories(layer)
        select table;

    private int SweepTable(string folder)
    {
        var location = _paths.Below(folder);
        // Listed before the names are read: what is committed in between is named.
        var old = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => File.GetLastWriteTimeUtc(file) < directory.OpenedAt)
            .ToList();
        if (CorrectHint(location) is not { } hint)
        {
            // Only committed tables have one: the database is not the one that this lake belongs to.
            logger.UnknownTable(location);
            return 0;
        }

        var named = database.Read(connection => LakeFileStore.NamedAt(connection, location));
        named.UnionWith(hint);
        var removed = RemoveUnnamed(old, named);
        DeleteIfEmpty(folder);
        return removed;
    }

    // A process that died right after a commit has left the hint of the version before. Returns the names of the hint's own files, null when
    // there is a hint but no table.
    private IReadOnlyList<string>? CorrectHint(string location)
    {
        var folder = _paths.Local($"{location}/metadata");
        MetadataFile? current;
        do
        {
            current = Current();
            if (current is null)
                return VersionHint.Exists(folder) ? null : [];
            if (!VersionHint.IsAt(folder, current.Version))
                VersionHint.Write(folder, current);
        }
        while (current != Current()); // a commit of this process came in between: its hint must win

        return [.. VersionHint.Names(current.Version).Select(name => $"{location}/metadata/{name}")];

        MetadataFile? Current() => database.Read(connection => LakeFileStore.CurrentMetadata(connection, location));
    }

    // A run of this process may have made the folder a moment ago, to write into it.
    private void DeleteIfEmpty(string folder)
    {
        if (Directory.GetLastWriteTimeUtc(folder) < directory.OpenedAt)
            LakeFolders.DeleteIfEmpty(folder, Directory.GetDirectories(folder));
    }

    private int RemoveUnnamed(List<string> files, HashSet<string> named)
    {
        var unnamed = files.Where(file => !named.Contains(_paths.Below(file))).ToList();
        uploads.Remove([.. unnamed.Select(_paths.Below)]);
        return unnamed.Sum(Remove);
    }

    private static int Remove(string file)
    {
        File.Delete(file);
        return 1;
    }

    private int Try(string place, Func<string, int> work)
    {
        try
        {
            return work(place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(place, exception.Message);
            return 0;
        }
    }
}
