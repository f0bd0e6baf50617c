namespace Rat.Torture.Model;

/// <summary>What a run makes of a table.</summary>
/// <param name="Table">The table afterwards, as it was when the run fails; null when there is still none.</param>
/// <param name="Inserted">Rows that are new in it, versions of rows included; null when nothing is written.</param>
/// <param name="FailsOver">A name that the error must tell; null when the run succeeds.</param>
internal sealed record Merged(ModelTable? Table, int? Inserted, string? FailsOver = null);

/// <summary>The six strategies, row by row in memory: slow, obvious, and sharing nothing with what it judges.</summary>
internal static class MergeModel
{
    /// <param name="now">The instant of the run, in microseconds; only scd2 writes it.</param>
    public static Merged Apply(MergeSettings settings, ModelTable? table, ModelTable batch, long now)
    {
        if (Fault(settings, batch) is { } name)
            return new Merged(table, null, name);
        if (batch.Rows.Count == 0)
            return new Merged(table, null);
        if (settings.Strategy == "full_refresh")
            return new Merged(batch, batch.Rows.Count);

        var (columns, clash) = Columns(settings, table, batch);
        if (clash is not null)
            return new Merged(table, null, clash);
        var old = table?.RowsAs(columns) ?? [];
        var fresh = batch.RowsAs(columns);
        return settings.Strategy switch
        {
            "append_only" => Of(columns, old, fresh),
            "incremental" => Replace(settings, columns, old, LastOfEach(settings, columns, fresh)),
            "delete_insert" or "snapshot" => Replace(settings, columns, old, fresh),
            "scd2" => Historize(settings, columns, table, old, batch, LastOfEach(settings, columns, fresh), now),
            _ => throw new ArgumentException(settings.Strategy),
        };
    }

    private static string? Fault(MergeSettings settings, ModelTable batch)
    {
        var twice = batch.Columns.GroupBy(column => column.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            return twice.Key;
        if (settings.MatchedBy.FirstOrDefault(column => batch.IndexOf(column) < 0) is { } missing)
            return missing;
        return settings.Strategy == "scd2"
            ? new[] { MergeSettings.ValidFrom, MergeSettings.ValidTo }.FirstOrDefault(column => batch.IndexOf(column) >= 0)
            : null;
    }

    // Those of the table first, in its order and spelling.
    private static (IReadOnlyList<Column> Columns, string? Clash) Columns(MergeSettings settings, ModelTable? table, ModelTable batch)
    {
        if (table is null)
        {
            return (settings.Strategy == "scd2"
                ? [.. batch.Columns, new(MergeSettings.ValidFrom, CellType.TimestampTz), new(MergeSettings.ValidTo, CellType.TimestampTz)]
                : batch.Columns, null);
        }

        var columns = new List<Column>();
        foreach (var column in table.Columns)
        {
            var index = batch.IndexOf(column.Name);
            if (index < 0)
                columns.Add(column);
            else if (Widening.Common(column.Type, batch.Columns[index].Type) is { } type)
                columns.Add(column with { Type = type });
            else
                return ([], column.Name);
        }

        columns.AddRange(batch.Columns.Where(column => table.IndexOf(column.Name) < 0));
        return (columns, null);
    }

    private static IReadOnlyList<object?[]> LastOfEach(MergeSettings settings, IReadOnlyList<Column> columns, IReadOnlyList<object?[]> rows)
    {
        var key = new RowKey(columns, settings.MatchedBy);
        var last = new Dictionary<string, int>();
        foreach (var (index, row) in rows.Index())
            last[key.Of(row)] = index;
        return [.. rows.Where((row, index) => last[key.Of(row)] == index)];
    }

    private static Merged Replace(
        MergeSettings settings, IReadOnlyList<Column> columns, IReadOnlyList<object?[]> old, IReadOnlyList<object?[]> fresh)
    {
        var key = new RowKey(columns, settings.MatchedBy);
        var arriving = fresh.Select(key.Of).ToHashSet();
        return Of(columns, old.Where(row => !arriving.Contains(key.Of(row))), fresh);
    }

    private static Merged Historize(
        MergeSettings settings, IReadOnlyList<Column> columns, ModelTable? table, IReadOnlyList<object?[]> old, ModelTable batch,
        IReadOnlyList<object?[]> fresh, long now)
    {
        var key = new RowKey(columns, settings.MatchedBy);
        var (from, to) = (IndexOf(columns, MergeSettings.ValidFrom), IndexOf(columns, MergeSettings.ValidTo));
        // A column that only the table has isn't compared; one that only the batch has is, against the NULL of the old rows.
        var compared = columns.Index()
            .Where(column => batch.IndexOf(column.Item.Name) >= 0 && !settings.UniqueKey.Any(column.Item.IsCalled))
            .Select(column => column.Index).ToList();
        var arriving = fresh.ToDictionary(key.Of);
        var rows = new List<object?[]>();
        var unchanged = new HashSet<string>();
        var inserted = 0;
        foreach (var row in old)
        {
            var isOpen = row[to] is null;
            if (!isOpen || !arriving.TryGetValue(key.Of(row), out var next))
            {
                rows.Add(row);
            }
            else if (compared.All(index => CellText.Of(row[index], columns[index].Type) == CellText.Of(next[index], columns[index].Type)))
            {
                rows.Add(row);
                unchanged.Add(key.Of(row));
            }
            else
            {
                var closed = (object?[])row.Clone();
                closed[to] = now;
                rows.Add(closed);
                inserted++;
            }
        }

        foreach (var row in fresh.Where(row => !unchanged.Contains(key.Of(row))))
        {
            var opened = (object?[])row.Clone();
            (opened[from], opened[to]) = (now, null);
            rows.Add(opened);
            inserted++;
        }

        // Equal data writes nothing, unless its columns are others.
        return inserted == 0 && columns.SequenceEqual(table!.Columns) ? new Merged(table, null) : new Merged(new ModelTable(columns, rows), inserted);
    }

    private static int IndexOf(IReadOnlyList<Column> columns, string name) => columns.Index().First(column => column.Item.IsCalled(name)).Index;

    private static Merged Of(IReadOnlyList<Column> columns, IEnumerable<object?[]> kept, IReadOnlyList<object?[]> fresh) =>
        new(new ModelTable(columns, [.. kept, .. fresh]), fresh.Count);
}

/// <summary>The key of a row: NULL equals NULL.</summary>
internal sealed class RowKey(IReadOnlyList<Column> columns, IReadOnlyList<string> key)
{
    private readonly int[] _indexes = [.. key.Select(name => columns.Index().First(column => column.Item.IsCalled(name)).Index)];

    public string Of(object?[] row) => string.Join('\u0001', _indexes.Select(index => CellText.Of(row[index], columns[index].Type)));
}
