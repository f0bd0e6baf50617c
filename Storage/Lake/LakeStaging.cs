using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>
/// Writes new snapshots of tables up to the point where only the catalog's pointer is missing. The order is what makes a commit whole:
/// data files, manifest, manifest list and metadata are durable, with their names, before <see cref="LakeTables.TryCommit"/> swaps the pointer.
/// </summary>
internal sealed class LakeStaging(
    DataDirectory directory, MetadataDatabase database, LakeSettings settings, TimeProvider time, ILogger<LakeStaging> logger)
{
    private const string DataName = "data";
    private const string MetadataName = "metadata";

    // About 1 kB each.
    private const long MostCachedSnapshots = 8_000;

    private readonly LakePaths _paths = new(directory.Lake);
    private readonly RecentlyUsed<string, TableHistory> _histories = new(MostCachedSnapshots, history => history.Snapshots.Count);

    /// <summary>Names the table's folder and makes it, durable.</summary>
    public StagingTarget Begin(TableName name, TableState? current, Guid runId)
    {
        var id = current?.TableId ?? Guid.NewGuid().ToString();
        var location = current?.Location ?? $"{name.Namespace}/{name.Layer}/{name.Name}-{id[..8]}";
        var folder = _paths.Local(location);
        if (current is null)
            SyncFoldersAbove(folder);
        DurableFiles.CreateDirectory(Path.Combine(folder, DataName));
        DurableFiles.CreateDirectory(Path.Combine(folder, MetadataName));

        var attempt = Guid.NewGuid();
        return new StagingTarget(name, id, location, Path.Combine(folder, DataName), $"{runId}-{attempt.ToString()[..8]}-", current, runId)
        {
            AttemptId = attempt,
        };
    }

    /// <summary>A snapshot in which the given files are the whole table. Files without rows are deleted.</summary>
    public StagedCommit Replace(StagingTarget target, LakeSchema schema, IReadOnlyList<WrittenFile> files) =>
        Change(target, new TableChange(schema, files, target.Base?.Files ?? [], []));

    /// <summary>A snapshot with the given files added. Files without rows are deleted.</summary>
    public StagedCommit Append(StagingTarget target, LakeSchema schema, IReadOnlyList<WrittenFile> files) =>
        Change(target, new TableChange(schema, files, [], []));

    /// <summary>A snapshot with the given changes. Files without rows are deleted.</summary>
    public StagedCommit Change(StagingTarget target, TableChange change)
    {
        if (change.Deletes.Count > 0 || change.NewSpec is { IsPartitioned: true } || change.Removed.Count is var removed && removed > 0 && removed < target.Base?.Files.Count)
            throw new NotSupportedException("only whole replacements and appends so far");
        return Stage(target, change.Schema, change.Added, change.Removed.Count > 0 ? change.Removed : null);
    }

    /// <summary>To be called once the transaction of <see cref="LakeTables.TryCommit"/> is durable. Lets readers that look into the folder
    /// find the new version, and deletes metadata that nothing names any more. What fails here is left for the next start.</summary>
    public void Finish(StagedCommit commit)
    {
        _histories.Set(commit.State.TableId, commit.History);
        try
        {
            VersionHint.Write(_paths.Local($"{commit.State.Location}/{MetadataName}"), commit.Metadata);
            foreach (var path in commit.Obsolete)
                File.Delete(_paths.Local(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LeftFiles(commit.State.Name, exception.Message);
        }
    }

    /// <summary>Removes what the run wrote, and the folder of a table that came to nothing. Never after a commit. What fails here is left for
    /// the next start.</summary>
    public void Discard(StagingTarget target)
    {
        var folder = _paths.Local(target.Location);
        var metadataFolder = Path.Combine(folder, MetadataName);
        try
        {
            foreach (var file in Directory.EnumerateFiles(target.DataFolder, $"{target.FilePrefix}*"))
                File.Delete(file);
            foreach (var file in Directory.EnumerateFiles(metadataFolder, $"*{target.AttemptId}*"))
                File.Delete(file);
            if (target.Base is null)
                LakeFolders.DeleteIfEmpty(folder, target.DataFolder, metadataFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LeftFiles(target.Name, exception.Message);
        }
    }

    private StagedCommit Stage(StagingTarget target, LakeSchema schema, IReadOnlyList<WrittenFile> files, IReadOnlyList<DataFile>? removed)
    {
        var history = History(target);
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        using var written = new DurableFileSet();
        var snapshot = new SnapshotBuilder(_paths, target, schema, history, written, now);

        foreach (var file in files)
            snapshot.Add(file);
        if (removed is null)
            snapshot.KeepFiles();
        else
            snapshot.RemoveFiles(removed);
        snapshot.WriteManifest();
        snapshot.WriteManifestList();
        var retention = SnapshotRetention.Of(history, SnapshotJson.ToPast(snapshot.Snapshot, _paths), settings.MostSnapshots);
        var commit = snapshot.WriteMetadata(retention, ObsoleteManifests(target, retention));
        written.Sync();
        return commit;
    }

    private TableHistory History(StagingTarget target)
    {
        if (target.Base is null)
            return TableHistory.None;
        return _histories.TryGet(target.TableId, out var known) && known.MetadataFiles[^1].Path == target.Base.MetadataPath
            ? known
            : database.Read(connection => TableHistoryStore.Read(connection, target.TableId, _paths));
    }

    private IReadOnlyList<Manifest> ObsoleteManifests(StagingTarget target, SnapshotRetention retention) => retention.Expired.Count == 0
        ? []
        : database.Read(connection => TableHistoryStore.ManifestsBefore(connection, target.TableId, retention.Kept[0].SequenceNumber));

    // Folders of the namespace and the layer that are there already: a process that died, or a run that is under way, may have made them
    // without having synced their names yet.
    private void SyncFoldersAbove(string folder)
    {
        for (var above = Path.GetDirectoryName(folder)!; above.Length > _paths.Root.Length; above = Path.GetDirectoryName(above)!)
        {
            if (Directory.Exists(above))
                DurableFiles.SyncDirectory(Path.GetDirectoryName(above)!);
        }
    }
}
