using System.Collections.Concurrent;
using System.Globalization;
using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>
/// Writes new snapshots of tables up to the point where only the catalog's pointer is missing. The order is what makes a commit whole:
/// data files, manifest, manifest list and metadata are durable, with their names, before <see cref="LakeTables.TryCommit"/> swaps the pointer.
/// </summary>
internal sealed class LakeStaging(
    DataDirectory directory, MetadataDatabase database, LakeTables tables, ILakeSettings settings, IDeleteFileWriter deleteFiles, ILakeFiles kept,
    TimeProvider time, ILogger<LakeStaging> logger)
{
    private const string DataName = "data";
    private const string MetadataName = "metadata";

    // About 1 kB each.
    private const long MostCachedSnapshots = 8_000;

    private readonly LakePaths _paths = LakePaths.Of(directory);
    // Files of attempts that are neither committed nor discarded yet: a copy of one that was uploaded may be gone from this machine.
    private readonly ConcurrentDictionary<Guid, IReadOnlyList<string>> _staged = new();
    private readonly RecentlyUsed<string, TableHistory> _histories = new(MostCachedSnapshots, history => history.Snapshots.Count);

    /// <summary>Names the table's folder and makes it, durable.</summary>
    /// <exception cref="DamagedTableException">Another program has moved the table's pointer.</exception>
    public StagingTarget Begin(TableName name, TableState? current, Guid runId)
    {
        if (current is { IsForeign: true })
            throw new DamagedTableException(name, "another program has moved its pointer");
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

    /// <summary>A snapshot with the given changes. Files without rows are deleted, and so is a data file none of whose rows is left.</summary>
    public StagedCommit Change(StagingTarget target, TableChange change)
    {
        var spec = change.NewSpec ?? (target.Base is { } current ? PartitionSpecs.After(current, change.Schema) : PartitionSpec.None);
        // Rows that stay the same are nobody's run.
        var run = change.Operation == "replace" ? (Guid?)null : target.RunId;
        var content = new SnapshotContent(change.Schema, spec, run, change.Operation, change.Notes);
        return Stage(target, content, builder => builder.Files(change, spec));
    }

    /// <summary>
    /// A new snapshot whose rows, schema and partition spec are those of an older one. No snapshot is lost by it.
    /// </summary>
    /// <param name="target">Of a table that exists.</param>
    /// <returns><see cref="FailureKind.NotFound"/> when the snapshot isn't there, or not any more.</returns>
    public Outcome<StagedCommit> Rollback(StagingTarget target, long snapshotId)
    {
        if (database.Read(connection => tables.Find(connection, target.Name, snapshotId)) is not { } older || older.TableId != target.TableId)
            return Failure.NotFound($"{target.Name} has no snapshot {snapshotId.ToString(CultureInfo.InvariantCulture)}");
        var content = new SnapshotContent(
            older.Schema, older.Spec, null, null, [("rat.rollback-to", snapshotId.ToString(CultureInfo.InvariantCulture))]);
        return Stage(target, content, builder => builder.Back(older));
    }

    /// <summary>Absolute URI by which manifests, and the rows of position deletes, name a file of the lake.</summary>
    public string UriOf(DataFile file) => _paths.Uri(file.Path);

    /// <summary>Absolute path of a file of the lake.</summary>
    public string PathOf(DataFile file) => _paths.Local(file.Path);

    /// <summary>To be called once the transaction of <see cref="LakeTables.TryCommit"/> is durable. Lets readers that look into the folder
    /// find the new version, and deletes metadata that nothing names any more. What fails here is left for the next start.</summary>
    public void Finish(StagedCommit commit)
    {
        _histories.Set(commit.State.TableId, commit.History);
        _staged.TryRemove(commit.AttemptId, out _);
        try
        {
            if (kept.AreLocal)
                VersionHint.Write(_paths.Local($"{commit.State.Location}/{MetadataName}"), commit.Metadata);
            kept.Remove(commit.Obsolete);
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
            var written = Directory.EnumerateFiles(target.DataFolder, $"{target.FilePrefix}*", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(metadataFolder, $"*{target.AttemptId}*"))
                .Select(_paths.Below);
            kept.Remove([.. _staged.TryRemove(target.AttemptId, out var staged) ? written.Union(staged) : written]);
            foreach (var below in Directory.EnumerateDirectories(target.DataFolder, $"{target.FilePrefix}*"))
                Directory.Delete(below, recursive: true);
            if (target.Base is null)
                LakeFolders.DeleteIfEmpty(folder, target.DataFolder, metadataFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LeftFiles(target.Name, exception.Message);
        }
    }

    private StagedCommit Stage(StagingTarget target, SnapshotContent content, Func<SnapshotBuilder, FileChange> files)
    {
        var history = History(target);
        var now = Timestamps.ToMicroseconds(time.GetUtcNow());
        using var written = new DurableFileSet();
        var builder = new SnapshotBuilder(_paths, target, history, written, deleteFiles, now);
        var commit = builder.Build(
            files(builder),
            content,
            added => SnapshotRetention.Of(history, added, settings.Of(target.Name), now),
            oldest => database.Read(connection => TableHistoryStore.ManifestsBefore(connection, target.TableId, oldest)));
        _staged[target.AttemptId] = [.. written.Files.Select(_paths.Below)];
        kept.Keep(written);
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
