using System.Buffers.Binary;
using System.Text;

namespace Rat.Storage.Lake;

/// <summary>Makes partition tuples of what DuckDB prints.</summary>
internal static class PartitionTuples
{
    /// <summary>The tuple of a file.</summary>
    /// <param name="schema">The one that the file is written under.</param>
    /// <param name="values">For each field of the spec its value as text, null for NULL: of an identity the column's value (a BLOB in hex), of a
    /// day the date or the days since 1970, of a year, month or hour the whole number.</param>
    /// <returns><see cref="FailureKind.Invalid"/> for a value that Iceberg has no form for, such as an infinite date.</returns>
    public static Outcome<PartitionTuple> Parse(PartitionSpec spec, LakeSchema schema, IReadOnlyList<string?> values)
    {
        var tuple = new byte[]?[spec.Fields.Count];
        foreach (var (index, field) in spec.Fields.Index())
        {
            var type = PartitionSpecs.ResultType(field, schema)
                ?? throw new ArgumentException($"the schema lacks column {field.SourceId} of the partition spec", nameof(schema));
            if (values[index] is not { } text)
                continue;
            if (Encode(type, text) is not { } value)
                return Failure.Invalid($"partition_by: {LakeTypeText.Quote(field.Name)} can't be {text}: such a value names no partition");
            tuple[index] = value;
        }

        return new PartitionTuple(spec.Id, tuple);
    }

    private static byte[]? Encode(LakeType type, string text) => type switch
    {
        // Bounds may be cut, a partition's value may not.
        PrimitiveType { Name: "string" } => Encoding.UTF8.GetBytes(text),
        PrimitiveType { Name: "binary" } => text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null,
        PrimitiveType { Name: "float" } when IsNan(text) => BitConverter.GetBytes(float.NaN),
        PrimitiveType { Name: "double" } when IsNan(text) => BitConverter.GetBytes(double.NaN),
        PrimitiveType { Name: "date" } when int.TryParse(text, out var days) => Days(days),
        _ => BoundText.Upper(type, text),
    };

    private static bool IsNan(string text) => text.Equals("nan", StringComparison.OrdinalIgnoreCase);

    private static byte[] Days(int days)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, days);
        return bytes;
    }
}
