using System.Collections.Concurrent;
using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>
/// Removes files of the lake that no retained snapshot names and that are older than this process: what runs of an earlier one left
/// without committing it. A file of this process is never touched, nor one that a statement of this process can have pinned.
/// </summary>
internal sealed class LakeSweep(
    DataDirectory directory, MetadataDatabase database, LakePins pins, ILakeFiles kept, ILogger<LakeSweep> logger)
{
    private readonly LakePaths _paths = LakePaths.Of(directory);
    private readonly ConcurrentDictionary<string, long> _expiredAt = new(StringComparer.Ordinal);

    /// <summary>One pass over the lake. Returns how many files it removed; what can't be removed is logged and left.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        var removed = (await RemoveExpiredAsync(cancellation)).Removed;
        foreach (var table in kept.Folders())
        {
            cancellation.ThrowIfCancellationRequested();
            removed += Try(table.Location, () => SweepTable(table));
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
        var removed = kept.Remove(free);
        await database.WriteAsync(connection => LakeFileStore.ForgetExpired(connection, removed), cancellation);
        foreach (var path in removed)
            _expiredAt.TryRemove(path, out _);
        return (removed.Count, expired.Count - free.Count);
    }

    /// <summary>Removes files of one table that nothing names and that are older than <paramref name="maxAge"/>. Returns how many. Nobody may
    /// be writing the table meanwhile: files of a run that has not committed yet have no name either.</summary>
    /// <param name="location">Of the table, below the lake's root.</param>
    public int RemoveOrphans(string location, TimeSpan maxAge) =>
        Try(location, () =>
        {
            // A bucket's clock may differ from this one by minutes, which is little beside such an age.
            var oldest = DateTime.UtcNow - maxAge;
            // Listed before the names are read: what is committed in between is named.
            var old = kept.List(location).Where(file => file.ModifiedAt < oldest).ToList();
            if (old.Count == 0 || database.Read(connection => LakeFileStore.CurrentMetadata(connection, location)) is not { } current)
                return 0;
            return RemoveUnnamed(location, old, kept.AreLocal ? HintOf(location, current) : []);
        });

    private int SweepTable(LakeFolder table)
    {
        var old = table.Files.Where(file => file.ModifiedAt < kept.OpenedAt).ToList();
        if (!kept.AreLocal)
            return RemoveUnnamed(table.Location, old, []);
        if (CorrectHint(table.Location) is not { } hint)
        {
            // Only committed tables have one: the database is not the one that this lake belongs to.
            logger.UnknownTable(table.Location);
            return 0;
        }

        var removed = RemoveUnnamed(table.Location, old, hint);
        DeleteIfEmpty(_paths.Local(table.Location));
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

        return HintOf(location, current);

        MetadataFile? Current() => database.Read(connection => LakeFileStore.CurrentMetadata(connection, location));
    }

    // A run of this process may have made the folder a moment ago, to write into it.
    private void DeleteIfEmpty(string folder)
    {
        if (Directory.GetLastWriteTimeUtc(folder) < directory.OpenedAt)
            LakeFolders.DeleteIfEmpty(folder, Directory.GetDirectories(folder));
    }

    private static IReadOnlyList<string> HintOf(string location, MetadataFile current) =>
        [.. VersionHint.Names(current.Version).Select(name => $"{location}/metadata/{name}")];

    private int RemoveUnnamed(string location, List<LakeFile> files, IReadOnlyList<string> hint)
    {
        if (files.Count == 0)
            return 0;
        var named = database.Read(connection => LakeFileStore.NamedAt(connection, location));
        named.UnionWith(hint);
        return kept.Remove([.. files.Select(file => file.Path).Where(path => !named.Contains(path))]).Count;
    }

    private int Try(string place, Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(place, exception.Message);
            return 0;
        }
    }
}
