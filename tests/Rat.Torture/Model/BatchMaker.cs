using System.Globalization;

namespace Rat.Torture.Model;

/// <summary>Rows by chance: keys that the table has and keys that it hasn't, rows as they are and changed ones, NULLs, duplicates, and the
/// values at which types, bounds and encodings end.</summary>
internal sealed class BatchMaker(SequencePlan plan, Random random)
{
    private const int Keys = 4000;
    private const int SecondKeys = 3;

    private static readonly string[] Texts =
    [
        "", "a", "it's", "\"", "back\\slash", "line\nfeed", "ü€😀", "\uFFFF", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
        "a text of which bounds hold only the beginning",
    ];

    // Few different values in the columns that cut a table into partitions, before 1970 and after.
    private static readonly Dictionary<string, object?[]> Pools = new()
    {
        [SequencePlan.Region] = ["north", "süd/ost", "a=b&c", "", "50%", null],
        [SequencePlan.Day] = [-1L, 0L, 31L, 20_000L, -400L, null],
        [SequencePlan.Moment] = [-1L, 0L, 3_600_000_000L, 1_700_000_000_123_456L, -40_000_000_000_001L, null],
    };

    private Dictionary<string, object?[]> _arriving = Pools;

    public ModelTable Make(IReadOnlyList<Column> columns, ModelTable? table, int count)
    {
        var known = plan.Settings.UniqueKey.Count > 0 && table is not null ? OpenRows(table) : [];
        // Recent keys lie in few files, random ones in all.
        var (least, most) = random.Next(2) == 0 ? (0, Keys) : Range();
        _arriving = Arriving(table);
        var sources = columns.Select(column => table is null ? -1 : SameColumn(table, column)).ToArray();
        var rows = new List<object?[]>();
        for (var i = 0; i < count; i++)
        {
            var first = random.Next(50) == 0 ? (int?)null : random.Next(least, most);
            var second = random.Next(40) == 0 ? (int?)null : random.Next(SecondKeys);
            var before = known.GetValueOrDefault((first, plan.Settings.UniqueKey.Count > 1 ? second : 0));
            // A row as the table has it is no change.
            var keeps = before is null ? 0 : random.Next(3);
            rows.Add([.. columns.Select((column, index) =>
                column.IsCalled(SequencePlan.Key) ? KeyValue(first, column.Type)
                : column.IsCalled(SequencePlan.SecondKey) ? KeyValue(second, column.Type)
                : !IsSnapshotPartition(column) && keeps > 0 && sources[index] >= 0 && (keeps == 2 || random.Next(3) > 0) ? before![sources[index]]
                : Value(column))]);
        }

        return new ModelTable(columns, rows);
    }

    // One or two values in each of the columns that cut the table, the first time all.
    private Dictionary<string, object?[]> Arriving(ModelTable? table) => Pools.ToDictionary(
        pool => pool.Key,
        pool => table is null || !plan.Fixed.Contains(pool.Key) ? pool.Value : random.GetItems(pool.Value, 1 + random.Next(2)));

    private bool IsSnapshotPartition(Column column) => plan.Settings.PartitionColumn is { } partition && column.IsCalled(partition);

    private (int Least, int Most) Range()
    {
        var least = random.Next(Keys - 300);
        return (least, least + 300);
    }

    private Dictionary<(int? First, int? Second), object?[]> OpenRows(ModelTable table)
    {
        var (first, second, to) = (table.IndexOf(SequencePlan.Key), table.IndexOf(SequencePlan.SecondKey), table.IndexOf(MergeSettings.ValidTo));
        var rows = new Dictionary<(int? First, int? Second), object?[]>();
        foreach (var row in table.Rows.Where(row => to < 0 || row[to] is null))
            rows[(KeyNumber(row[first]), plan.Settings.UniqueKey.Count > 1 ? KeyNumber(row[second]) : 0)] = row;
        return rows;
    }

    private static int SameColumn(ModelTable table, Column column) =>
        table.IndexOf(column.Name) is var index and >= 0 && table.Columns[index].Type == column.Type ? index : -1;

    private static object? KeyValue(int? number, CellType type) => number switch
    {
        null => null,
        _ when type.Kind == CellKind.Text => string.Create(CultureInfo.InvariantCulture, $"a key longer than bounds {number:0000}"),
        _ => (long)number,
    };

    private static int? KeyNumber(object? value) => value switch
    {
        null => null,
        string text => int.Parse(text.AsSpan(text.Length - 4), CultureInfo.InvariantCulture),
        _ => (int)(long)value,
    };

    private object? Value(Column column) => _arriving.TryGetValue(column.Name.ToLowerInvariant(), out var pool) && IsPooled(column)
        ? random.GetItems(pool, 1)[0]
        : random.Next(12) == 0 ? null : Value(column.Type);

    // A column that was dropped may come back under its name with another type.
    private static bool IsPooled(Column column) => (column.Name.ToLowerInvariant(), column.Type.Kind)
        is (SequencePlan.Region, CellKind.Text) or (SequencePlan.Day, CellKind.Date) or (SequencePlan.Moment, CellKind.Timestamp);

    private object? Value(CellType type) => type.Kind switch
    {
        CellKind.Bool => random.Next(2) == 0,
        CellKind.Int => random.Next(20) == 0 ? random.GetItems<long>([int.MinValue, int.MaxValue], 1)[0] : random.Next(-5, 10),
        CellKind.Long => random.Next(20) == 0 ? random.GetItems([long.MinValue, long.MaxValue, (1L << 53) + 1], 1)[0] : random.NextInt64(-5, 10),
        CellKind.Float => random.Next(-20, 40) / 4.0,
        CellKind.Double => random.Next(20) == 0 ? random.GetItems([1e300, -1e-300, 0.1], 1)[0] : random.Next(-20, 40) / 4.0,
        CellKind.Decimal => random.Next(20) == 0 ? Largest(type) : decimal.Round(random.Next(-500, 1000) / 4m, Math.Min(type.Scale, 2)),
        CellKind.Date => (long)random.Next(-30_000, 30_000),
        CellKind.Timestamp or CellKind.TimestampTz => random.NextInt64(-2_000_000_000_000_000, 4_000_000_000_000_000),
        CellKind.Text => random.Next(3) == 0 ? random.GetItems(Texts, 1)[0] : $"t{random.Next(6)}",
        CellKind.Struct => type.Fields.Select(field => random.Next(8) == 0 ? null : Value(field.Type)).ToArray(),
        _ => Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(8) == 0 ? null : Value(type.Element!)).ToArray(),
    };

    private static decimal Largest(CellType type)
    {
        var digits = Math.Min(type.Precision, 15);
        return -decimal.Parse(new string('9', digits), CultureInfo.InvariantCulture) / (decimal)Math.Pow(10, type.Scale);
    }
}
