namespace Rat.Storage.Lake;

/// <summary>The type that holds both what a table has and what a batch brings, without rewriting what the table has.</summary>
internal static class TypeUnion
{
    /// <summary>Digits that any int needs.</summary>
    public const int IntDigits = 10;

    /// <summary>Digits that any long needs.</summary>
    public const int LongDigits = 19;

    /// <summary>
    /// The table's type when it holds every value of the batch's; the batch's when the table's widens to it by metadata alone; null when
    /// neither is so.
    /// </summary>
    public static LakeType? Of(LakeType table, LakeType batch, FieldIds ids) => (table, batch) switch
    {
        (StructType old, StructType added) => OfFields(old, added, ids),
        (ListType old, ListType added) => Of(old.Element, added.Element, ids) is { } element ? old with { Element = element } : null,
        // Keys can't be evolved, but a batch's may be narrower.
        (MapType old, MapType added) => (FieldIds.Same(old.Key, added.Key) || Holds(old.Key, added.Key))
            && Of(old.Value, added.Value, ids) is { } value
                ? old with { Value = value }
                : null,
        _ when table == batch || Holds(table, batch) => table,
        _ when Promotes(table, batch) => batch,
        _ => null,
    };

    private static StructType? OfFields(StructType table, StructType batch, FieldIds ids)
    {
        var fields = new List<LakeField>();
        foreach (var field in table.Fields)
        {
            var added = batch.Fields.FirstOrDefault(other => FieldIds.SameName(other.Name, field.Name));
            if (added is null)
                fields.Add(field);
            else if (Of(field.Type, added.Type, ids) is { } type)
                fields.Add(field with { Type = type });
            else
                return null;
        }

        var fresh = batch.Fields.Where(field => !table.Fields.Any(old => FieldIds.SameName(old.Name, field.Name)));
        fields.AddRange(fresh.Select(field => ids.New(field.Name, field.Type)));
        return new StructType(fields);
    }

    // Iceberg specification, "Schema Evolution", valid type promotions.
    private static bool Promotes(LakeType from, LakeType to) => (from, to) switch
    {
        (PrimitiveType { Name: "int" }, PrimitiveType { Name: "long" }) => true,
        (PrimitiveType { Name: "float" }, PrimitiveType { Name: "double" }) => true,
        (DecimalType before, DecimalType after) => before.Scale == after.Scale && before.Precision < after.Precision,
        _ => false,
    };

    // Every value of the other type has an exact one of this type.
    private static bool Holds(LakeType type, LakeType other) => (type, other) switch
    {
        (PrimitiveType { Name: "long" or "double" }, PrimitiveType { Name: "int" }) => true,
        (PrimitiveType { Name: "double" }, PrimitiveType { Name: "float" }) => true,
        (PrimitiveType { Name: "timestamp" }, PrimitiveType { Name: "date" }) => true,
        (DecimalType wide, PrimitiveType { Name: "int" }) => wide.Precision - wide.Scale >= IntDigits,
        (DecimalType wide, PrimitiveType { Name: "long" }) => wide.Precision - wide.Scale >= LongDigits,
        (DecimalType wide, DecimalType narrow) =>
            wide.Scale >= narrow.Scale && wide.Precision - wide.Scale >= narrow.Precision - narrow.Scale,
        _ => false,
    };
}
