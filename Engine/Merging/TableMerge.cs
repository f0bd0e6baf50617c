using Rat.Engine.Duck;
using Rat.Engine.Merging.Files;
using Rat.Engine.Merging.Relations;
using Rat.Engine.Merging.Strategies;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging;

/// <summary>
/// Turns an executed result into what changes in the table, at the cost of what it touches:
/// 1. the batch is reduced to one row of each key if the strategy says so;
/// 2. files that can't hold a key of the batch are left out, by their statistics;
/// 3. one pass over the key columns of the others finds the places of the rows that go; rows that are gone already are taken out of these;
/// 4. for each file that loses rows: it goes, or what stays of it is written again, or it gets position deletes;
/// 5. what stays and what comes in is written by one COPY.
/// </summary>
internal sealed class TableMerge(
    DuckConnection connection, ExecutedResult result, StagingTarget target, TableCheck check, DataDirectory directory, long smallFileBytes,
    CancellationToken cancellation)
{
    private readonly LakePaths _paths = LakePaths.Of(directory);
    private readonly TableRows _rows = new(LakePaths.Of(directory), result.Columns.List);
    // Those that the merge may touch.
    private IReadOnlyList<NumberedFile> _files = Numbered(target.Base?.Files ?? []);

    /// <summary>Null when the table stays as it is.</summary>
    /// <exception cref="DuckException"/>
    public TableChange? Execute()
    {
        if (result.RowCount == 0)
            return null;
        var change = result.Strategy.ReplacesTable
            ? new TableChange(result.Columns.Schema, result.Files ?? [], target.Base?.Files ?? [], [])
            : Merge();
        return change.Added.Count + change.Removed.Count + change.Deletes.Count == 0 && target.Base?.Schema.Id == change.Schema.Id
            ? null
            : change with { NewSpec = result.Spec };
    }

    private TableChange Merge()
    {
        var plan = result.Files is null ? Match() : null;
        var outgoing = plan is null ? new Dictionary<int, long>() : CountOutgoing();

        // 4.
        var choice = FileChoice.Of(_files, outgoing, result.Columns.RewritesFiles, smallFileBytes);
        return new TableChange(
            result.Columns.Schema,
            [.. result.Files ?? [], .. WriteRows(plan, choice.Rewritten)],
            [.. choice.Dropped.Concat(choice.Rewritten).Select(file => file.File)],
            [.. choice.Marked.Select(WriteDeletes)]);
    }

    private MergePlan Match()
    {
        var columns = result.Columns.List;
        var key = result.Strategy.Key.Columns
            .Select(name => columns.First(column => FieldIds.SameName(column.Field.Name, name)).Position).Distinct().ToList();
        var batch = new Batch(connection, columns);
        var held = batch.KeyColumns(key);
        var named = new MergeColumns(
            [.. columns.Select(column => column.Field.Name)], key,
            [.. columns.Where(column => column.IsOfResult).Select(column => column.Position)], column => held[column].HasNull);
        var plan = result.Strategy.Plan(named);

        // 1.
        if (plan.KeepsLast)
            batch.KeepLast(key);

        // 2.
        if (!result.Columns.RewritesFiles)
            _files = Numbered(_files.Select(file => file.File).Where(file => MayMatch(file, plan, held)));

        // 3.
        Hold(_files);
        var gone = _rows.DeletedPlaces(_files) is { } places ? $" WHERE (file, pos) NOT IN ({places})" : "";
        connection.Execute($"""
            CREATE TEMP TABLE matched AS WITH old AS NOT MATERIALIZED ({_rows.WithDeleted(_files)}) SELECT * FROM ({plan.Matched}) AS found{gone};
            CREATE TEMP VIEW outgoing AS {plan.Outgoing};
            """);
        return plan;
    }

    private void Hold(IReadOnlyList<NumberedFile> files)
    {
        if (files.Count > 0)
            check.VerifyFiles(target.Base!, files.Select(file => file.File), connection.Keep, cancellation);
    }

    private static IReadOnlyList<NumberedFile> Numbered(IEnumerable<DataFile> files) => [.. files.Select((file, index) => new NumberedFile(index, file))];

    private bool MayMatch(DataFile file, MergePlan plan, IReadOnlyDictionary<int, KeyColumn> held)
    {
        if (plan.OnlyNull is { } only && file.Columns.TryGetValue(FieldOf(only), out var column) && column.NullCount == 0)
            return false;
        return held.All(entry => entry.Value.Range is not { } range || range.MayMeet(file, FieldOf(entry.Key)));
    }

    private int FieldOf(int column) => result.Columns.List[column].Field.Id;

    private Dictionary<int, long> CountOutgoing()
    {
        var counts = new Dictionary<int, long>();
        using var answer = connection.Query("SELECT file, count(*) FROM outgoing GROUP BY file");
        while (answer.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
                counts.Add((int)chunk.GetInt64(0, row), chunk.GetInt64(1, row));
        }

        return counts;
    }

    // 5.
    private IReadOnlyList<WrittenFile> WriteRows(MergePlan? plan, IReadOnlyList<NumberedFile> rewritten)
    {
        List<string> parts = [];
        var names = string.Join(", ", result.Columns.List.Select(column => column.Alias));
        if (rewritten.Count > 0)
        {
            Hold(rewritten);
            parts.Add(plan is null
                ? $"SELECT {names} FROM ({_rows.Of(rewritten)}) AS old"
                : $"SELECT {names} FROM ({_rows.Of(rewritten)}) AS old WHERE (file, pos) NOT IN (SELECT file, pos FROM outgoing)");
        }

        if (plan is not null)
            parts.Add($"SELECT {names} FROM ({plan.Incoming}) AS incoming");
        if (parts.Count == 0)
            return [];
        using var copy = DataCopy.Begin(connection, string.Join(" UNION ALL ", parts), result.Columns, result.Spec, target, directory.Temporary);
        return copy.Finish();
    }

    private WrittenDeletes WriteDeletes(NumberedFile file)
    {
        // The data file's earlier deletes are part of the new ones: it has one file of them at most.
        var places = $"SELECT pos FROM outgoing WHERE file = {file.Number}";
        if (file.File.Deletes is not null)
            places += $" UNION ALL {_rows.Deleted(file)}";
        using var copied = connection.Query(DeleteFileText.Of(target, _paths.Uri(file.File.Path), places));
        return new WrittenDeletes(file.File, CopyResult.Read(copied).Single());
    }
}
