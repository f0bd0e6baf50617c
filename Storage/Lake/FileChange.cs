namespace Rat.Storage.Lake;

/// <summary>The files of a new snapshot against those of its base.</summary>
/// <param name="All">Every data file of the new snapshot, in order.</param>
/// <param name="AddedDeletes">Of added files, too.</param>
/// <param name="RemovedDeletes">Of removed files, too.</param>
internal sealed record FileChange(
    IReadOnlyList<DataFile> All,
    IReadOnlyList<DataFile> Added,
    IReadOnlyList<DataFile> Removed,
    IReadOnlyList<FileDeletes> AddedDeletes,
    IReadOnlyList<FileDeletes> RemovedDeletes)
{
    /// <param name="files">Of the base, in order.</param>
    /// <param name="added">New ones.</param>
    /// <param name="removed">Paths of the base's files that go.</param>
    /// <param name="deletes">New position deletes by the path of their data file; null when it has none any more.</param>
    public static FileChange Of(
        IReadOnlyList<DataFile> files, IReadOnlyList<DataFile> added, IReadOnlySet<string> removed, IReadOnlyDictionary<string, DeleteFile?> deletes)
    {
        var all = new List<DataFile>(files.Count + added.Count);
        var gone = new List<DataFile>();
        var (newDeletes, oldDeletes) = (new List<FileDeletes>(), new List<FileDeletes>());
        foreach (var file in files)
        {
            var goes = removed.Contains(file.Path);
            if (goes)
                gone.Add(file);
            var replaced = deletes.TryGetValue(file.Path, out var fresh);
            if (file.Deletes is { } old && (goes || replaced))
                oldDeletes.Add(new FileDeletes(file, old));
            if (goes)
                continue;
            if (fresh is not null)
                newDeletes.Add(new FileDeletes(file, fresh));
            all.Add(replaced ? file with { Deletes = fresh } : file);
        }

        all.AddRange(added);
        newDeletes.AddRange(FileDeletes.Of(added));
        // Files that stand in the place of others; else new ones come last anyway.
        if (added.Any(file => file.Position < (files.Count == 0 ? 0 : files[^1].Position)))
            all = [.. all.OrderBy(file => file.Position)];
        return new FileChange(all, added, gone, newDeletes, oldDeletes);
    }
}
