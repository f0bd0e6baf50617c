using System.Globalization;

namespace Rat.Torture.Model;

/// <summary>Names and values as SQL.</summary>
internal static class CellSql
{
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(object? value, CellType type) => $"CAST({Bare(value, type)} AS {type.Sql})";

    /// <summary>A date or a timestamp as ISO writes it.</summary>
    public static string TimeText(long value, CellType type) => type.Kind == CellKind.Date
        ? DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)value).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : DateTime.UnixEpoch.AddMicroseconds(value).ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Bare(object? value, CellType type) => value switch
    {
        null => "NULL",
        bool truth => truth ? "true" : "false",
        string text => Text(text),
        double number => $"'{number.ToString("R", CultureInfo.InvariantCulture)}'",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        // Blanks between braces: two of them would begin an expression of the template.
        object?[] cells when type.Kind == CellKind.Struct =>
            $"{{ {string.Join(", ", cells.Zip(type.Fields, (cell, field) => $"{Text(field.Name)}: {Literal(cell, field.Type)}"))} }}",
        object?[] cells => $"[{string.Join(", ", cells.Select(cell => Literal(cell, type.Element!)))}]",
        long number when type.Kind is CellKind.Int or CellKind.Long => string.Create(CultureInfo.InvariantCulture, $"{number}"),
        _ => $"'{TimeText((long)value, type)}'",
    };
}
