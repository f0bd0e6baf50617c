namespace Rat.Storage.Lake;

/// <summary>Types as text.</summary>
internal static class LakeTypeText
{
    /// <summary>A primitive or decimal type in the words of the Iceberg specification ("Schemas and Data Types").</summary>
    public static string ToIceberg(LakeType type) => type switch
    {
        PrimitiveType primitive => primitive.Name,
        DecimalType number => $"decimal({number.Precision}, {number.Scale})",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a primitive type"),
    };

    /// <summary>Any type in the words of DuckDB's SQL, which is what users know it by; names of fields are quoted.</summary>
    public static string ToSql(LakeType type) => type switch
    {
        DecimalType number => $"DECIMAL({number.Precision},{number.Scale})",
        StructType structure => $"STRUCT({string.Join(", ", structure.Fields.Select(field => $"{Quote(field.Name)} {ToSql(field.Type)}"))})",
        ListType list => $"{ToSql(list.Element)}[]",
        MapType map => $"MAP({ToSql(map.Key)}, {ToSql(map.Value)})",
        PrimitiveType { Name: "int" } => "INTEGER",
        PrimitiveType { Name: "long" } => "BIGINT",
        PrimitiveType { Name: "string" } => "VARCHAR",
        PrimitiveType { Name: "binary" } => "BLOB",
        PrimitiveType { Name: "timestamptz" } => "TIMESTAMP WITH TIME ZONE",
        PrimitiveType primitive => primitive.Name.ToUpperInvariant(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    /// <summary>A name as DuckDB quotes it, in types and in the paths of its statistics.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
