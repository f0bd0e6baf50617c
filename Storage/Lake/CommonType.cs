namespace Rat.Storage.Lake;

/// <summary>The type that holds every value of two types, when it is neither of them by metadata alone. Exact: nothing is rounded.</summary>
internal static class CommonType
{
    private const int MostDigits = 38;

    // A decimal of that many digits survives the way into a double and back.
    private const int DoubleDigits = 15;

    /// <summary>Without field ids; null when there is none.</summary>
    public static LakeType? Of(LakeType table, LakeType batch) => (table, batch) switch
    {
        (StructType old, StructType added) => OfFields(old, added),
        (ListType old, ListType added) => Of(old.Element, added.Element) is { } element ? new ListType(0, element) : null,
        (MapType old, MapType added) => Of(old.Key, added.Key) is { } key && Of(old.Value, added.Value) is { } value
            ? new MapType(0, key, 0, value)
            : null,
        _ when table == batch => table,
        _ when Digits(table) is { } one && Digits(batch) is { } other => OfDigits(table, one, batch, other),
        _ when IsFloating(table) && FitsDouble(batch) || IsFloating(batch) && FitsDouble(table) => new PrimitiveType("double"),
        (PrimitiveType { Name: "date" or "timestamp" }, PrimitiveType { Name: "date" or "timestamp" }) => new PrimitiveType("timestamp"),
        _ => null,
    };

    private static StructType? OfFields(StructType table, StructType batch)
    {
        var fields = new List<LakeField>();
        foreach (var field in table.Fields)
        {
            var added = batch.Fields.FirstOrDefault(other => FieldIds.SameName(other.Name, field.Name));
            if ((added is null ? field.Type : Of(field.Type, added.Type)) is not { } type)
                return null;
            fields.Add(new LakeField(0, field.Name, type));
        }

        fields.AddRange(batch.Fields.Where(field => !table.Fields.Any(old => FieldIds.SameName(old.Name, field.Name))));
        return new StructType(fields);
    }

    // Digits before and after the point.
    private static (int Whole, int Scale)? Digits(LakeType type) => type switch
    {
        PrimitiveType { Name: "int" } => (TypeUnion.IntDigits, 0),
        PrimitiveType { Name: "long" } => (TypeUnion.LongDigits, 0),
        DecimalType number => (number.Precision - number.Scale, number.Scale),
        _ => null,
    };

    private static LakeType? OfDigits(LakeType table, (int Whole, int Scale) one, LakeType batch, (int Whole, int Scale) other)
    {
        if (table is PrimitiveType && batch is PrimitiveType)
            return new PrimitiveType("long");
        var scale = Math.Max(one.Scale, other.Scale);
        var precision = Math.Max(one.Whole, other.Whole) + scale;
        return precision <= MostDigits ? new DecimalType(precision, scale) : null;
    }

    private static bool IsFloating(LakeType type) => type is PrimitiveType { Name: "float" or "double" };

    private static bool FitsDouble(LakeType type) =>
        type is PrimitiveType { Name: "int" or "float" or "double" } or DecimalType { Precision: <= DoubleDigits };
}
