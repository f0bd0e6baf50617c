namespace Rat.Torture.Model;

/// <summary>Which type holds the values of two, and values carried from one type to another.</summary>
internal static class Widening
{
    private const int IntDigits = 10;
    private const int LongDigits = 19;

    /// <summary>The type that a table has after a batch of the other type; null when the two don't fit or the model doesn't know.</summary>
    public static CellType? Common(CellType table, CellType batch) => (table.Kind, batch.Kind) switch
    {
        (CellKind.Struct, CellKind.Struct) => CommonFields(table, batch),
        (CellKind.List, CellKind.List) => Common(table.Element!, batch.Element!) is { } element ? CellType.List(element) : null,
        _ when table == batch => table,
        _ => Wider(table, batch) ?? Wider(batch, table),
    };

    /// <summary>A value as the other type has it, which holds it.</summary>
    public static object? Cast(object? value, CellType from, CellType to) => (value, from.Kind, to.Kind) switch
    {
        (null, _, _) => null,
        (object?[] cells, CellKind.Struct, _) => to.Fields.Select(field => CastField(cells, from, field)).ToArray(),
        (object?[] cells, CellKind.List, _) => cells.Select(cell => Cast(cell, from.Element!, to.Element!)).ToArray(),
        (long number, CellKind.Int or CellKind.Long, CellKind.Double) => (double)number,
        (long number, CellKind.Int or CellKind.Long, CellKind.Decimal) => (decimal)number,
        (long days, CellKind.Date, CellKind.Timestamp) => days * 86_400_000_000,
        _ => value,
    };

    private static object? CastField(object?[] cells, CellType from, Column field)
    {
        var index = from.Fields.Index().Where(old => old.Item.IsCalled(field.Name)).Select(old => old.Index).DefaultIfEmpty(-1).First();
        return index < 0 ? null : Cast(cells[index], from.Fields[index].Type, field.Type);
    }

    private static CellType? CommonFields(CellType table, CellType batch)
    {
        var fields = new List<Column>();
        foreach (var field in table.Fields)
        {
            var type = batch.Fields.FirstOrDefault(other => other.IsCalled(field.Name)) is { } other ? Common(field.Type, other.Type) : field.Type;
            if (type is null)
                return null;
            fields.Add(field with { Type = type });
        }

        return CellType.Struct([.. fields, .. batch.Fields.Where(field => !table.Fields.Any(old => old.IsCalled(field.Name)))]);
    }

    private static CellType? Wider(CellType narrow, CellType wide) => (narrow.Kind, wide.Kind) switch
    {
        (CellKind.Int, CellKind.Long or CellKind.Double) => wide,
        (CellKind.Float, CellKind.Double) => wide,
        (CellKind.Date, CellKind.Timestamp) => wide,
        (CellKind.Int, CellKind.Decimal) => Digits(Math.Max(IntDigits, wide.Precision - wide.Scale), wide.Scale),
        (CellKind.Long, CellKind.Decimal) => Digits(Math.Max(LongDigits, wide.Precision - wide.Scale), wide.Scale),
        (CellKind.Decimal, CellKind.Decimal) =>
            Digits(Math.Max(narrow.Precision - narrow.Scale, wide.Precision - wide.Scale), Math.Max(narrow.Scale, wide.Scale)),
        _ => null,
    };

    private static CellType Digits(int before, int after) => CellType.Decimal(before + after, after);
}
