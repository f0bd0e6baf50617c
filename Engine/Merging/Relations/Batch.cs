using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Relations;

/// <summary>
/// The result of a pipeline, executed once, in a temporary table of its connection: DuckDB moves what doesn't fit into memory to its spill
/// folder, and drops it with the connection. Its <c>rowid</c> counts the rows in the order of the result.
/// </summary>
internal sealed class Batch(DuckConnection connection, IReadOnlyList<TargetColumn> columns)
{
    /// <summary>Begins to execute a statement into the batch. The answer's one row is the number of rows.</summary>
    public static DuckResult Begin(DuckConnection connection, string sql, TargetColumns columns)
    {
        connection.CloseAfterUse();
        return connection.Query($"CREATE TEMP TABLE batch AS {columns.Rows(sql)}");
    }

    /// <summary>Leaves one row of each key, the last.</summary>
    public void KeepLast(IReadOnlyList<int> key)
    {
        var columns = string.Join(", ", key.Select(column => $"c{column}"));
        // Mostly there is nothing to delete, and to find that out takes less memory.
        if (connection.Scalar($"SELECT count(*) - (SELECT count(*) FROM (SELECT DISTINCT {columns} FROM batch)) FROM batch") != "0")
            connection.Execute($"DELETE FROM batch WHERE rowid NOT IN (SELECT max(rowid) FROM batch GROUP BY {columns})");
    }

    /// <summary>What the key's columns hold, by their positions.</summary>
    public IReadOnlyDictionary<int, KeyColumn> KeyColumns(IReadOnlyList<int> key)
    {
        // Three values for each column: the smallest and the largest as text, and how many aren't NULL.
        var values = key.Select(column => $"{Text(column, "min")}, {Text(column, "max")}, count(c{column})");
        using var result = connection.Query($"SELECT count(*), {string.Join(", ", values)} FROM batch");
        if (!result.TryReadChunk(out var chunk))
            throw new InvalidOperationException("an aggregate without a row");
        var rows = chunk.GetInt64(0, 0);
        return key.Index().ToDictionary(entry => entry.Item, entry =>
        {
            var first = 1 + (3 * entry.Index);
            var hasNull = chunk.GetInt64(first + 2, 0) < rows;
            var type = columns[entry.Item].Field.Type;
            return new KeyColumn(IsPlain(type) ? KeyRange.FromText(type, Cell(chunk, first), Cell(chunk, first + 1), hasNull) : null, hasNull);
        });
    }

    private static string? Cell(DuckChunk chunk, int column) => chunk.IsNull(column, 0) ? null : chunk.GetString(column, 0);

    // Files have no statistics of the others.
    private static bool IsPlain(LakeType type) => type is PrimitiveType or DecimalType;

    private string Text(int column, string aggregate) => columns[column].Field.Type switch
    {
        PrimitiveType { Name: "binary" } => $"hex({aggregate}(c{column}))",
        var type when IsPlain(type) => $"CAST({aggregate}(c{column}) AS VARCHAR)",
        _ => "CAST(NULL AS VARCHAR)",
    };
}

/// <summary>What a batch holds in one column of the key.</summary>
/// <param name="Range">Null when it tells no files apart.</param>
internal sealed record KeyColumn(KeyRange? Range, bool HasNull);
