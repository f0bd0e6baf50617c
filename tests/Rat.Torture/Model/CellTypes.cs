namespace Rat.Torture.Model;

/// <summary>Types by chance, and what may become of a type.</summary>
internal static class CellTypes
{
    // More digits than a floating point has are lost on the way through the independent reader.
    private const int MostDigits = 24;

    private static readonly CellType[] Primitives =
    [
        CellType.Bool, CellType.Int, CellType.Int, CellType.Int, CellType.Long, CellType.Float, CellType.Double, CellType.Decimal(8, 2),
        CellType.Decimal(9, 0), CellType.Date, CellType.Date, CellType.Timestamp, CellType.Text,
    ];

    public static CellType Any(Random random) => random.Next(8) switch
    {
        0 => CellType.List(random.GetItems(Primitives, 1)[0]),
        1 => CellType.Struct(new Column("x", random.GetItems(Primitives, 1)[0]), new Column("y", CellType.Int)),
        _ => random.GetItems(Primitives, 1)[0],
    };

    /// <summary>Types that hold all values of a type: a change of the metadata alone (Iceberg specification, "Schema Evolution").</summary>
    public static IReadOnlyList<CellType> Promotions(CellType type) => type.Kind switch
    {
        CellKind.Int => [CellType.Long],
        CellKind.Float => [CellType.Double],
        CellKind.Decimal when type.Precision + 3 <= MostDigits => [CellType.Decimal(type.Precision + 3, type.Scale)],
        CellKind.List => [.. Promotions(type.Element!).Select(CellType.List)],
        CellKind.Struct => [.. type.Fields.Index().SelectMany(field =>
            Promotions(field.Item.Type).Select(wide => WithField(type, field.Index, field.Item with { Type = wide })))],
        _ => [],
    };

    /// <summary>Types that hold all values of a type, for which the files must be written anew.</summary>
    public static IReadOnlyList<CellType> Rewrites(CellType type) => type.Kind switch
    {
        CellKind.Int => [CellType.Double, CellType.Decimal(14, 2)],
        CellKind.Long => [CellType.Decimal(21, 2)],
        CellKind.Decimal when type.Precision + 4 <= MostDigits => [CellType.Decimal(type.Precision + 4, type.Scale + 2)],
        CellKind.Date => [CellType.Timestamp],
        _ => [],
    };

    /// <summary>Types all of whose values a type holds.</summary>
    public static IReadOnlyList<CellType> Narrower(CellType type) => type.Kind switch
    {
        CellKind.Long => [CellType.Int],
        CellKind.Double => [CellType.Float, CellType.Int],
        CellKind.Decimal when type.Precision - type.Scale >= 10 => [CellType.Int, CellType.Decimal(6, Math.Min(2, type.Scale))],
        CellKind.Timestamp => [CellType.Date],
        _ => [],
    };

    /// <summary>A struct with one more field.</summary>
    public static CellType Grown(CellType type, string name, Random random) =>
        CellType.Struct([.. type.Fields, new Column(name, random.GetItems(Primitives, 1)[0])]);

    private static CellType WithField(CellType type, int index, Column field) =>
        CellType.Struct([.. type.Fields.Select((old, place) => place == index ? field : old)]);
}
