using System.Text.Json;

namespace Rat.Torture.Model;

/// <summary>Rows as they were read, against those of the model.</summary>
internal static class Difference
{
    private const int Shown = 5;

    /// <summary>From the answer of <c>/query</c>; null when it holds the model's columns and rows.</summary>
    public static string? OfQuery(JsonElement answer, ModelTable expected)
    {
        var columns = answer.GetProperty("columns").EnumerateArray()
            .Select(column => $"{column.GetProperty("name").GetString()} {PlainType(column.GetProperty("type").GetString()!)}").ToList();
        var own = expected.Columns.Select(column => $"{column.Name} {PlainType(column.Type.Sql)}").ToList();
        if (!columns.SequenceEqual(own))
            return $"columns {string.Join(", ", columns)}\n    instead of {string.Join(", ", own)}";
        var rows = answer.GetProperty("rows").EnumerateArray()
            .Select(row => expected.Columns.Select(column => CellJson.FromQuery(row.GetProperty(column.Name), column.Type)).ToArray());
        return OfRows(rows, expected.Rows, expected.Columns);
    }

    /// <summary>From <c>read-versions.mjs</c>, which tells names and Iceberg's types.</summary>
    public static string? OfReader(JsonElement version, ModelTable expected)
    {
        var names = version.GetProperty("schema").EnumerateArray().Select(field => field.GetProperty("name").GetString()!).ToList();
        if (!names.SequenceEqual(expected.Columns.Select(column => column.Name)))
            return $"columns {string.Join(", ", names)}\n    instead of {string.Join(", ", expected.Columns)}";
        var rows = version.GetProperty("rows").EnumerateArray()
            .Select(row => expected.Columns.Zip(row.EnumerateArray(), (column, cell) => CellJson.FromReader(cell, column.Type)).ToArray());
        return OfRows(rows, expected.Rows.Select(row => AsReaderSees(row, expected.Columns)), expected.Columns);
    }

    private static string? OfRows(IEnumerable<object?[]> seen, IEnumerable<object?[]> expected, IReadOnlyList<Column> columns)
    {
        var counts = new Dictionary<string, int>();
        foreach (var row in seen)
            counts[CellText.OfRow(row, columns)] = counts.GetValueOrDefault(CellText.OfRow(row, columns)) + 1;
        foreach (var row in expected)
            counts[CellText.OfRow(row, columns)] = counts.GetValueOrDefault(CellText.OfRow(row, columns)) - 1;
        var (superfluous, missing) = (counts.Where(row => row.Value > 0).ToList(), counts.Where(row => row.Value < 0).ToList());
        return superfluous.Count + missing.Count == 0
            ? null
            : $"{missing.Sum(row => -row.Value)} rows are missing, {superfluous.Sum(row => row.Value)} superfluous of {string.Join(" | ", columns)}"
                + string.Concat(missing.OrderBy(row => row.Key).Take(Shown).Select(row => $"\n    missing     {row.Key}"))
                + string.Concat(superfluous.OrderBy(row => row.Key).Take(Shown).Select(row => $"\n    superfluous {row.Key}"));
    }

    // The reader takes decimals for floating points.
    private static object?[] AsReaderSees(object?[] row, IReadOnlyList<Column> columns) =>
        [.. row.Zip(columns, (cell, column) => AsReaderSees(cell, column.Type))];

    private static object? AsReaderSees(object? cell, CellType type) => cell switch
    {
        decimal number => Math.Round((decimal)(double)number, type.Scale),
        object?[] cells when type.Kind == CellKind.Struct => AsReaderSees(cells, type.Fields),
        object?[] cells => cells.Select(element => AsReaderSees(element, type.Element!)).ToArray(),
        _ => cell,
    };

    // Quotes and blanks in the fields of a struct are a matter of taste.
    private static string PlainType(string type) => type.Replace("\"", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
