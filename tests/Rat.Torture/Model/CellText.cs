using System.Globalization;
using System.Text.Json;

namespace Rat.Torture.Model;

/// <summary>One text for each value, so that values from anywhere can be compared.</summary>
internal static class CellText
{
    public const string Null = "NULL";

    public static string Of(object? value, CellType type) => value switch
    {
        null => Null,
        bool truth => truth ? "true" : "false",
        string text => JsonSerializer.Serialize(text),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal number => number.ToString($"F{type.Scale}", CultureInfo.InvariantCulture),
        object?[] cells when type.Kind == CellKind.Struct =>
            $"{{{string.Join(", ", cells.Zip(type.Fields, (cell, field) => $"{field.Name.ToLowerInvariant()}: {Of(cell, field.Type)}"))}}}",
        object?[] cells => $"[{string.Join(", ", cells.Select(cell => Of(cell, type.Element!)))}]",
        long number => string.Create(CultureInfo.InvariantCulture, $"{number}"),
        _ => throw new ArgumentException($"no value of the model: {value}"),
    };

    public static string OfRow(object?[] row, IReadOnlyList<Column> columns) =>
        string.Join(" | ", row.Zip(columns, (cell, column) => Of(cell, column.Type)));
}
