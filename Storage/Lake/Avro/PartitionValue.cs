using System.Buffers.Binary;
using System.Globalization;

namespace Rat.Storage.Lake.Avro;

/// <summary>One value of a partition tuple: from Iceberg's single-value binary form (Appendix D) to Avro's (Appendix A, "Avro").</summary>
internal static class PartitionValue
{
    private const int UuidBytes = 16;

    /// <summary>JSON of the Avro type. <paramref name="suffix"/> keeps names of types apart, which may be defined once only.</summary>
    public static string AvroType(LakeType type, string suffix) => type switch
    {
        DecimalType number => AvroDecimal(number, suffix),
        PrimitiveType { Name: "date" } => """{"type":"int","logicalType":"date"}""",
        PrimitiveType { Name: "time" } => """{"type":"long","logicalType":"time-micros"}""",
        PrimitiveType { Name: "timestamp" } => """{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":false}""",
        PrimitiveType { Name: "timestamptz" } => """{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":true}""",
        PrimitiveType { Name: "uuid" } => $$"""{"type":"fixed","name":"uuid_{{suffix}}","size":{{Text(UuidBytes)}},"logicalType":"uuid"}""",
        PrimitiveType { Name: "binary" } => "\"bytes\"",
        PrimitiveType { Name: var name } => $"\"{name}\"",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive type"),
    };

    public static void Write(AvroEncoder records, LakeType type, byte[] stored)
    {
        var value = Promote(type, stored);
        switch (type)
        {
            case DecimalType number:
                Span<byte> whole = stackalloc byte[DecimalBytes(number.Precision)];
                whole.Fill(value[0] >= 0x80 ? (byte)0xFF : (byte)0);
                value.CopyTo(whole[(whole.Length - value.Length)..]);
                records.Encoded(whole);
                break;
            case PrimitiveType { Name: "int" or "date" }:
                records.Long(BinaryPrimitives.ReadInt32LittleEndian(value));
                break;
            case PrimitiveType { Name: "long" or "time" or "timestamp" or "timestamptz" }:
                records.Long(BinaryPrimitives.ReadInt64LittleEndian(value));
                break;
            case PrimitiveType { Name: "string" or "binary" }:
                records.Bytes(value);
                break;
            default:
                // Booleans, floats and UUIDs have the same bytes in both forms.
                records.Encoded(value);
                break;
        }
    }

    /// <summary>A value of a type that has been promoted since, in the form of the new one (Iceberg specification, "Schema Evolution").</summary>
    public static byte[] Promote(LakeType type, byte[] value)
    {
        if (value.Length != sizeof(int) || type is not PrimitiveType { Name: "long" or "double" } primitive)
            return value;
        var wide = new byte[sizeof(long)];
        if (primitive.Name == "long")
            BinaryPrimitives.WriteInt64LittleEndian(wide, BinaryPrimitives.ReadInt32LittleEndian(value));
        else
            BinaryPrimitives.WriteDoubleLittleEndian(wide, BinaryPrimitives.ReadSingleLittleEndian(value));
        return wide;
    }

    public static bool IsNan(LakeType type, byte[] value) => type switch
    {
        PrimitiveType { Name: "float" } => float.IsNaN(BinaryPrimitives.ReadSingleLittleEndian(value)),
        PrimitiveType { Name: "double" } => double.IsNaN(BinaryPrimitives.ReadDoubleLittleEndian(value)),
        _ => false,
    };

    private static string AvroDecimal(DecimalType type, string suffix)
    {
        var (size, precision, scale) = (Text(DecimalBytes(type.Precision)), Text(type.Precision), Text(type.Scale));
        return $$"""
            {"type":"fixed","name":"decimal_{{suffix}}","size":{{size}},"logicalType":"decimal","precision":{{precision}},"scale":{{scale}}}
            """;
    }

    // The fewest bytes that hold every number of so many digits.
    private static int DecimalBytes(int precision)
    {
        var (bytes, largest) = (1, Int128.Parse(new string('9', precision), CultureInfo.InvariantCulture));
        while (largest > (Int128.One << ((8 * bytes) - 1)) - 1)
            bytes++;
        return bytes;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
