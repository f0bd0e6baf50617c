using System.Buffers.Binary;
using System.Globalization;

namespace Rat.Storage.Lake;

/// <summary>
/// From a smallest or largest value as DuckDB's statistics print it to a bound in Iceberg's binary form (Iceberg specification, Appendix D,
/// "Binary single-value serialization"). Null for what has no such form, or none that every reader takes: infinite dates, years beyond 9999
/// or before Christ. A missing bound is always correct, a wrong one loses rows.
/// </summary>
internal static class BoundText
{
    private const string DateFormat = "yyyy-MM-dd";
    private const string TimestampFormat = "yyyy-MM-dd HH:mm:ss.FFFFFF";
    private const string TimeFormat = "HH:mm:ss.FFFFFF";
    private const string Utc = "+00";

    /// <summary>At most the smallest value.</summary>
    public static byte[]? Lower(LakeType type, string text) => type switch
    {
        PrimitiveType { Name: "string" } => CutBound.Lower(text),
        PrimitiveType { Name: "binary" } => TryHex(text) is { } bytes ? CutBound.Lower(bytes) : null,
        // -0.0 precedes 0.0, but DuckDB takes them for equal: its minimum 0.0 may stand for a -0.0 (Iceberg specification, "Column Metrics").
        PrimitiveType { Name: "float" } => TryFloat(text) is { } value ? Float(value == 0 ? -0.0f : value) : null,
        PrimitiveType { Name: "double" } => TryDouble(text) is { } value ? Double(value == 0 ? -0.0 : value) : null,
        _ => Exact(type, text),
    };

    /// <summary>At least the largest value.</summary>
    public static byte[]? Upper(LakeType type, string text) => type switch
    {
        PrimitiveType { Name: "string" } => CutBound.Upper(text),
        PrimitiveType { Name: "binary" } => TryHex(text) is { } bytes ? CutBound.Upper(bytes) : null,
        PrimitiveType { Name: "float" } => TryFloat(text) is { } value ? Float(value == 0 ? 0.0f : value) : null,
        PrimitiveType { Name: "double" } => TryDouble(text) is { } value ? Double(value == 0 ? 0.0 : value) : null,
        _ => Exact(type, text),
    };

    private static byte[]? Exact(LakeType type, string text) => type switch
    {
        DecimalType number => TryUnscaled(text, number.Scale) is { } value ? ShortestBigEndian(value) : null,
        PrimitiveType { Name: "boolean" } => text switch { "0" or "false" => [0], "1" or "true" => [1], _ => null },
        PrimitiveType { Name: "int" } => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Int(value)
            : null,
        PrimitiveType { Name: "long" } => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Long(value)
            : null,
        PrimitiveType { Name: "date" } => DateOnly.TryParseExact(text, DateFormat, out var date)
            ? Int(date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber)
            : null,
        PrimitiveType { Name: "time" } => TimeOnly.TryParseExact(text, TimeFormat, out var time)
            ? Long(time.Ticks / TimeSpan.TicksPerMicrosecond)
            : null,
        PrimitiveType { Name: "timestamp" } => TryTimestamp(text),
        PrimitiveType { Name: "timestamptz" } => text.EndsWith(Utc, StringComparison.Ordinal) ? TryTimestamp(text[..^Utc.Length]) : null,
        PrimitiveType { Name: "uuid" } => Guid.TryParseExact(text, "D", out var id) ? id.ToByteArray(bigEndian: true) : null,
        _ => null,
    };

    private static byte[]? TryTimestamp(string text) =>
        DateTime.TryParseExact(text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? Long((time.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond)
            : null;

    private static float? TryFloat(string text) => text switch
    {
        "inf" => float.PositiveInfinity,
        "-inf" => float.NegativeInfinity,
        _ => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) ? value : null,
    };

    private static double? TryDouble(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null,
    };

    private static byte[]? TryHex(string text) =>
        text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static Int128? TryUnscaled(string text, int scale)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var decimals = point < 0 ? 0 : text.Length - point - 1;
        if (decimals > scale)
            return null;
        var digits = text.Replace(".", "", StringComparison.Ordinal) + new string('0', scale - decimals);
        return Int128.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static byte[] ShortestBigEndian(Int128 value)
    {
        Span<byte> all = stackalloc byte[16];
        BinaryPrimitives.WriteInt128BigEndian(all, value);
        // A leading byte says nothing when it only repeats the sign of the byte after it.
        var start = 0;
        while (start < all.Length - 1 && all[start] == (value < 0 ? 0xFF : 0) && (all[start + 1] & 0x80) == (all[start] & 0x80))
            start++;
        return all[start..].ToArray();
    }

    private static byte[] Int(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Float(float value) => Int(BitConverter.SingleToInt32Bits(value));

    private static byte[] Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));
}
