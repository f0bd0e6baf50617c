using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rat.Torture.Model;

/// <summary>Values of answers, and values of landing files.</summary>
internal static class CellJson
{
    /// <summary>From a row of <c>/query</c>.</summary>
    public static object? FromQuery(JsonElement cell, CellType type) => cell.ValueKind == JsonValueKind.Null ? null : type.Kind switch
    {
        CellKind.Date => Days(cell.GetString()!),
        CellKind.Timestamp or CellKind.TimestampTz => Micros(cell.GetString()!),
        CellKind.Struct => type.Fields.Select(field => FromQuery(cell.GetProperty(field.Name), field.Type)).ToArray(),
        CellKind.List => cell.EnumerateArray().Select(element => FromQuery(element, type.Element!)).ToArray(),
        _ => Plain(cell, type),
    };

    /// <summary>From <c>read-versions.mjs</c>: timestamps are whole numbers as text, decimals have been floating points.</summary>
    public static object? FromReader(JsonElement cell, CellType type) => cell.ValueKind == JsonValueKind.Null ? null : type.Kind switch
    {
        CellKind.Date => Days(cell.GetString()!),
        CellKind.Timestamp or CellKind.TimestampTz => long.Parse(cell.GetString()!, CultureInfo.InvariantCulture),
        CellKind.Decimal => Math.Round((decimal)cell.GetDouble(), type.Scale),
        CellKind.Struct => type.Fields.Select(field => FromReader(cell.GetProperty(field.Name), field.Type)).ToArray(),
        CellKind.List => cell.EnumerateArray().Select(element => FromReader(element, type.Element!)).ToArray(),
        _ => Plain(cell, type),
    };

    /// <summary>For a line of a landing file that is read with the columns' types given.</summary>
    public static JsonNode? ToLanding(object? value, CellType type) => value switch
    {
        null => null,
        bool truth => truth,
        string text => text,
        double number => number,
        decimal number => number,
        object?[] cells when type.Kind == CellKind.Struct =>
            new JsonObject(cells.Zip(type.Fields, (cell, field) => KeyValuePair.Create(field.Name, ToLanding(cell, field.Type)))),
        object?[] cells => new JsonArray([.. cells.Select(cell => ToLanding(cell, type.Element!))]),
        long number when type.Kind is CellKind.Int or CellKind.Long => number,
        _ => CellSql.TimeText((long)value, type),
    };

    private static object Plain(JsonElement cell, CellType type) => type.Kind switch
    {
        CellKind.Bool => cell.GetBoolean(),
        CellKind.Text => cell.GetString()!,
        CellKind.Int or CellKind.Long => long.Parse(Text(cell), CultureInfo.InvariantCulture),
        CellKind.Decimal => decimal.Parse(Text(cell), CultureInfo.InvariantCulture),
        _ => double.Parse(Text(cell), CultureInfo.InvariantCulture),
    };

    private static string Text(JsonElement cell) => cell.ValueKind == JsonValueKind.String ? cell.GetString()! : cell.GetRawText();

    private static object Days(string text) =>
        (long)(DateOnly.Parse(text, CultureInfo.InvariantCulture).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    private static object Micros(string text) =>
        (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).Ticks
            / TimeSpan.TicksPerMicrosecond;
}
