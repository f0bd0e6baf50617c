using Microsoft.Data.Sqlite;
using Rat.Engine.Duck;
using Rat.Engine.Merging.Files;
using Rat.Engine.Merging.Relations;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Maintenance;

/// <summary>What a compaction has done.</summary>
/// <param name="Files">How many files went.</param>
/// <param name="Into">How many came in their place.</param>
/// <param name="ExpiredSnapshots">By the commit of the compaction.</param>
internal sealed record Compacted(int Files, int Into, int ExpiredSnapshots);

/// <summary>
/// Writes files of a table again, fewer and without their deleted rows. Runs are not kept waiting: files are written beside them, and only the
/// commit takes the table's lock. What a run has changed meanwhile stays as it is.
/// </summary>
internal sealed class Compaction(
    MetadataDatabase database, LakeTables tables, LakeStaging staging, LakePins pins, TableCheck check, TableLocks locks, DuckInstances duck,
    DataDirectory directory)
{
    /// <summary>One pass. Null when there was nothing to do, or a run was faster.</summary>
    /// <exception cref="DuckException">DuckDB could not read or write the files.</exception>
    public async Task<Compacted?> CompactAsync(TableName table, CancellationToken cancellation)
    {
        using var lease = pins.Open();
        if (Find(table) is not { } state)
            return null;
        var groups = CompactionPlan.Of(state.Files);
        if (groups.Count == 0)
            return null;

        var target = staging.Begin(table, state, Guid.NewGuid());
        var mayBeNamed = false;
        try
        {
            var rewritten = Write(state, groups, target, cancellation);
            using var held = await locks.AcquireAsync(table, cancellation);
            if (Find(table) is not { } current || current.TableId != state.TableId || Stage(target with { Base = current }, current, rewritten) is not { } staged)
                return null;
            mayBeNamed = true;
            if (await database.WriteAsync(connection => tables.TryCommit(connection, staged), cancellation))
            {
                staging.Finish(staged);
                return new Compacted(staged.Files.Removed.Count, staged.Files.Added.Count, staged.ExpiredSnapshots);
            }

            mayBeNamed = false;
            return null;
        }
        finally
        {
            if (!mayBeNamed)
                staging.Discard(target);
        }
    }

    private List<RewrittenFiles> Write(
        TableState state, IReadOnlyList<IReadOnlyList<DataFile>> groups, StagingTarget target, CancellationToken cancellation)
    {
        // Beside the pool: a run must not wait for a connection that this has.
        using var connection = duck.Runs.OpenOwn();
        using var interrupt = connection.InterruptOn(cancellation);
        var columns = state.Schema.Fields.Select((field, position) => new TargetColumn(position, field, Value: null, Old: field)).ToList();
        var rewritten = new List<RewrittenFiles>();
        foreach (var group in groups)
        {
            cancellation.ThrowIfCancellationRequested();
            check.VerifyFiles(state, group, connection.Keep, cancellation);
            var rows = CompactionText.Rows(state.Schema, group, directory.Lake, columns);
            using var copy = connection.Query(CopyText.Data(rows, columns, state.Schema, target.DataFolder, target.FilePrefix));
            rewritten.Add(new RewrittenFiles(group, CopyResult.Read(copy)));
        }

        return rewritten;
    }

    private StagedCommit? Stage(StagingTarget target, TableState current, List<RewrittenFiles> rewritten)
    {
        var now = current.Files.ToDictionary(file => file.Path, StringComparer.Ordinal);
        var (added, removed) = (new List<WrittenFile>(), new List<DataFile>());
        foreach (var group in rewritten)
        {
            if (group.IsCurrent(now))
            {
                added.AddRange(group.InPlace());
                removed.AddRange(group.Old);
            }
            else
            {
                group.Delete(target);
            }
        }

        return removed.Count == 0
            ? null
            : staging.Change(target, new TableChange(current.Schema, added, removed, []) { Operation = "replace", Notes = [("rat.maintenance", "compaction")] });
    }

    private TableState? Find(TableName table) => database.Read((SqliteConnection connection) => tables.Find(connection, table));

    /// <summary>Files and what is to take their place.</summary>
    private sealed record RewrittenFiles(IReadOnlyList<DataFile> Old, IReadOnlyList<WrittenFile> New)
    {
        // A run may have removed one, or deleted more of its rows.
        public bool IsCurrent(Dictionary<string, DataFile> now) =>
            Old.All(file => now.TryGetValue(file.Path, out var current) && current.Deletes?.Path == file.Deletes?.Path);

        public IEnumerable<WrittenFile> InPlace()
        {
            // Compaction must never change what a table holds.
            if (New.Sum(file => file.RowCount) != Old.Sum(file => file.LiveRows))
                throw new InvalidDataException($"{New.Sum(file => file.RowCount)} rows were written in the place of {Old.Sum(file => file.LiveRows)}");
            return New.Select((file, index) => file with
            {
                Partition = Old[0].Partition,
                Position = Old[Math.Min(index, Old.Count - 1)].Position,
            });
        }

        public void Delete(StagingTarget target)
        {
            foreach (var file in New)
                File.Delete(Path.Combine(target.DataFolder, file.FileName));
        }
    }
}
