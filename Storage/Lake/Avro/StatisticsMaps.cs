namespace Rat.Storage.Lake.Avro;

/// <summary>
/// The statistics of a file as its manifest entry holds them: the fields 108 (column_sizes), 109 (value_counts), 110 (null_value_counts),
/// 137 (nan_value_counts), 125 (lower_bounds) and 128 (upper_bounds) of <c>data_file</c>, in this order, each an optional map from field id
/// (Iceberg specification, "Manifests"). SQLite keeps the same bytes, so that an entry is written again without being decoded.
/// </summary>
internal static class StatisticsMaps
{
    public static byte[] Encode(IReadOnlyDictionary<int, ColumnStatistics> columns)
    {
        if (columns is StoredStatistics stored)
            return stored.Encoded;

        var ids = columns.Keys.Order().ToList();
        var encoder = new AvroEncoder();
        Counts(encoder, ids, columns, column => column.SizeBytes);
        Counts(encoder, ids, columns, column => column.ValueCount);
        Counts(encoder, ids, columns, column => column.NullCount);
        Counts(encoder, ids, columns, column => column.NanCount);
        Bounds(encoder, ids, columns, column => column.Lower);
        Bounds(encoder, ids, columns, column => column.Upper);
        return encoder.Written.ToArray();
    }

    public static Dictionary<int, ColumnStatistics> Decode(ReadOnlySpan<byte> encoded)
    {
        var decoder = new AvroDecoder(encoded);
        var sizes = Counts(ref decoder);
        var values = Counts(ref decoder);
        var nulls = Counts(ref decoder);
        var nans = Counts(ref decoder);
        var lower = Bounds(ref decoder);
        var upper = Bounds(ref decoder);
        var columns = new Dictionary<int, ColumnStatistics>(sizes.Count);
        foreach (var (id, size) in sizes)
        {
            columns[id] = new ColumnStatistics(
                size,
                values.GetValueOrDefault(id),
                nulls.GetValueOrDefault(id),
                nans.TryGetValue(id, out var count) ? count : null,
                lower.GetValueOrDefault(id),
                upper.GetValueOrDefault(id));
        }

        return columns;
    }

    private static void Counts(
        AvroEncoder encoder, List<int> ids, IReadOnlyDictionary<int, ColumnStatistics> columns, Func<ColumnStatistics, long?> select)
    {
        var present = ids.Where(id => select(columns[id]) is not null).ToList();
        if (!Begin(encoder, present.Count))
            return;
        foreach (var id in present)
        {
            encoder.Long(id);
            encoder.Long(select(columns[id])!.Value);
        }

        encoder.Long(0);
    }

    private static void Bounds(
        AvroEncoder encoder, List<int> ids, IReadOnlyDictionary<int, ColumnStatistics> columns, Func<ColumnStatistics, byte[]?> select)
    {
        var present = ids.Where(id => select(columns[id]) is not null).ToList();
        if (!Begin(encoder, present.Count))
            return;
        foreach (var id in present)
        {
            encoder.Long(id);
            encoder.Bytes(select(columns[id]));
        }

        encoder.Long(0);
    }

    private static bool Begin(AvroEncoder encoder, int count)
    {
        if (count == 0)
        {
            encoder.Null();
            return false;
        }

        encoder.NotNull();
        encoder.Long(count);
        return true;
    }

    private static Dictionary<int, long> Counts(ref AvroDecoder decoder)
    {
        var counts = new Dictionary<int, long>();
        for (var left = Begin(ref decoder); left > 0; left = Next(ref decoder, left))
            counts.Add((int)decoder.Long(), decoder.Long());
        return counts;
    }

    private static Dictionary<int, byte[]> Bounds(ref AvroDecoder decoder)
    {
        var bounds = new Dictionary<int, byte[]>();
        for (var left = Begin(ref decoder); left > 0; left = Next(ref decoder, left))
            bounds.Add((int)decoder.Long(), decoder.Bytes().ToArray());
        return bounds;
    }

    // How many entries follow, 0 for a null.
    private static long Begin(ref AvroDecoder decoder) => decoder.Long() == 0 ? 0 : decoder.Long();

    // Past the last entry stands the count of the next block: 0.
    private static long Next(ref AvroDecoder decoder, long left) => left > 1 ? left - 1 : decoder.Long();
}
