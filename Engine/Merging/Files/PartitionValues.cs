using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Rat.Engine.Merging.Relations;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>Partition values as SQL and from what DuckDB answers (Iceberg specification, "Partition Transforms", and Appendix D for the binary
/// form). Names of folders never count: they hold no tuple.</summary>
internal sealed class PartitionValues(PartitionSpec spec, IReadOnlyList<TargetColumn> columns)
{
    /// <summary>SQL of a text that only rows of one partition share, fit for the name of a folder.</summary>
    public string Folder => $"md5(concat({string.Join(", ", spec.Fields.Select(part => Marked(Value(part))))}))";

    /// <summary>SQL of the tuple's values, each a text or NULL.</summary>
    public IReadOnlyList<string> Texts => [.. spec.Fields.Select(Value)];

    /// <summary>The tuple whose values DuckDB has printed.</summary>
    public PartitionTuple Tuple(IReadOnlyList<string?> texts) =>
        new(spec.Id, [.. spec.Fields.Select((field, index) => texts[index] is { } text ? Binary(field, text) : null)]);

    // Lengths, so that no two tuples are one text; a NULL is no text at all.
    private static string Marked(string value) => $"coalesce(concat(length({value}), ':', {value}), '-')";

    private string Value(SpecField field)
    {
        var column = Source(field);
        var type = ((column.Field.Type as PrimitiveType)?.Name, field.Transform);
        var value = type switch
        {
            ("timestamptz", not SpecTransform.Identity) => $"({column.Alias} AT TIME ZONE 'UTC')",
            _ => column.Alias,
        };
        var sql = type switch
        {
            (_, SpecTransform.Year or SpecTransform.Month or SpecTransform.Day or SpecTransform.Hour) =>
                // Counts the boundaries between the two, also before 1970.
                $"date_diff('{PartitionSpecs.ToText(field.Transform)}', TIMESTAMP '1970-01-01', CAST({value} AS TIMESTAMP))",
            // Infinite ones have no text that is a time, but numbers.
            ("date", _) => Infinite(value, int.MaxValue, $"date_diff('day', DATE '1970-01-01', {value})"),
            ("timestamp" or "timestamptz", _) => Infinite(value, long.MaxValue, $"epoch_us({value})"),
            ("binary", _) => $"hex({value})",
            _ => value,
        };
        return $"CAST({sql} AS VARCHAR)";
    }

    // Without ELSE: NULL stays NULL.
    private static string Infinite(string value, long largest, string finite) => string.Create(
        CultureInfo.InvariantCulture,
        $"CASE WHEN isfinite({value}) THEN {finite} WHEN {value} > '2000-01-01' THEN {largest} WHEN {value} < '2000-01-01' THEN {-largest} END");

    private byte[] Binary(SpecField field, string text)
    {
        if (field.Transform != SpecTransform.Identity)
            return Number(text, sizeof(int));
        var type = Source(field).Field.Type;
        return (type as PrimitiveType)?.Name switch
        {
            "string" => Encoding.UTF8.GetBytes(text),
            "binary" => Convert.FromHexString(text),
            "date" => Number(text, sizeof(int)),
            "timestamp" or "timestamptz" => Number(text, sizeof(long)),
            "float" => Number(BitConverter.SingleToInt32Bits((float)Floating(text)), sizeof(int)),
            "double" => Number(BitConverter.DoubleToInt64Bits(Floating(text)), sizeof(long)),
            // Not cut for any other type.
            _ => BoundText.Lower(type, text) ?? throw new InvalidDataException($"{text} is no partition value of a {type}"),
        };
    }

    private static double Floating(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" or "-nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static byte[] Number(string text, int size) => Number(long.Parse(text, CultureInfo.InvariantCulture), size);

    private static byte[] Number(long number, int size)
    {
        var bytes = new byte[size];
        if (size == sizeof(int))
            BinaryPrimitives.WriteInt32LittleEndian(bytes, (int)number);
        else
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    private TargetColumn Source(SpecField field) => columns.First(column => column.Field.Id == field.SourceId);
}
