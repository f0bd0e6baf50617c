using System.Buffers.Binary;

namespace Rat.Storage.Lake;

/// <summary>
/// The values that a batch has in one column, as far as their bounds tell: which files can't have any of them. Whatever is unknown counts as
/// met: a range never rules out a file that has such a value.
/// </summary>
/// <param name="type">The column's type in the table's schema; files may have been written under one that it was widened from.</param>
/// <param name="min">In Iceberg's single-value binary form, null for no bound.</param>
/// <param name="max">Likewise.</param>
/// <param name="hasNull">Whether NULL is one of the values.</param>
internal sealed class KeyRange(LakeType type, byte[]? min, byte[]? max, bool hasNull)
{
    /// <summary>From the smallest and the largest value as DuckDB prints them; null for a batch of NULLs alone.</summary>
    public static KeyRange FromText(LakeType type, string? min, string? max, bool hasNull) => new(
        type,
        min is null ? null : BoundText.Lower(type, min),
        max is null ? null : BoundText.Upper(type, max),
        hasNull)
    {
        HasValues = min is not null || max is not null,
    };

    /// <summary>False when NULL is the only value.</summary>
    public bool HasValues { get; init; } = true;

    /// <summary>Whether the file may have a row with one of the values in the column of this field id.</summary>
    public bool MayMeet(DataFile file, int fieldId)
    {
        // A file that was written before the column was added has NULL there.
        if (!file.Columns.TryGetValue(fieldId, out var column))
            return hasNull || file.Columns.Count == 0;
        return (hasNull && column.NullCount > 0) || (HasValues && column.NullCount < column.ValueCount && Overlaps(column));
    }

    private bool Overlaps(ColumnStatistics column)
    {
        // NaN lies beyond every bound, and bounds don't tell of it (Iceberg specification, "Column Metrics").
        var upper = type is PrimitiveType { Name: "float" or "double" } && column.NanCount != 0 ? null : column.Upper;
        return !(max is not null && column.Lower is { } lower && BoundOrder.Compare(type, lower, max) > 0)
            && !(min is not null && upper is not null && BoundOrder.Compare(type, upper, min) < 0);
    }
}

/// <summary>The order of values in Iceberg's single-value binary form (Iceberg specification, Appendix D).</summary>
internal static class BoundOrder
{
    /// <summary>Negative, 0 or positive. Either may be of a type that was promoted to <paramref name="type"/>.</summary>
    public static int Compare(LakeType type, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => type switch
    {
        DecimalType => SignedBigEndian(one).CompareTo(SignedBigEndian(other)),
        PrimitiveType { Name: "float" or "double" } => Floating(one).CompareTo(Floating(other)),
        PrimitiveType { Name: "int" or "long" or "date" or "time" or "timestamp" or "timestamptz" } => Integer(one).CompareTo(Integer(other)),
        // Booleans, UUIDs, binaries; bytes of UTF-8 sort like code points.
        _ => one.SequenceCompareTo(other),
    };

    private static long Integer(ReadOnlySpan<byte> bytes) =>
        bytes.Length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : BinaryPrimitives.ReadInt64LittleEndian(bytes);

    // As a total order: -0.0 before 0.0.
    private static (double Value, int Sign) Floating(ReadOnlySpan<byte> bytes)
    {
        var value = bytes.Length == sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
        return (value, value == 0 && double.IsNegative(value) ? -1 : 0);
    }

    private static Int128 SignedBigEndian(ReadOnlySpan<byte> bytes)
    {
        Span<byte> all = stackalloc byte[16];
        all.Fill(bytes.Length > 0 && bytes[0] >= 0x80 ? (byte)0xFF : (byte)0);
        bytes.CopyTo(all[(all.Length - bytes.Length)..]);
        return BinaryPrimitives.ReadInt128BigEndian(all);
    }
}
