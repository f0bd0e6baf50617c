namespace Rat.Storage.Lake;

/// <summary>A type of the Iceberg v2 specification ("Schemas and Data Types").</summary>
internal abstract record LakeType;

/// <summary>A primitive type, by its name in the specification: <c>boolean</c>, <c>int</c>, <c>long</c>, <c>float</c>, <c>double</c>,
/// <c>date</c>, <c>time</c>, <c>timestamp</c>, <c>timestamptz</c>, <c>string</c>, <c>uuid</c>, <c>binary</c>.</summary>
internal sealed record PrimitiveType(string Name) : LakeType;

/// <summary><c>decimal(P, S)</c>, with P at most 38.</summary>
internal sealed record DecimalType(int Precision, int Scale) : LakeType;

/// <summary>Named fields.</summary>
internal sealed record StructType(IReadOnlyList<LakeField> Fields) : LakeType;

/// <summary>A list; its element has a field id of its own.</summary>
internal sealed record ListType(int ElementId, LakeType Element) : LakeType;

/// <summary>A map; key and value have field ids of their own.</summary>
internal sealed record MapType(int KeyId, LakeType Key, int ValueId, LakeType Value) : LakeType;

/// <summary>A column or a field of a struct. Every field is optional: DuckDB marks all Parquet columns OPTIONAL.</summary>
/// <param name="Id">Unique in the table for ever: never used twice, not even after the field was dropped.</param>
internal sealed record LakeField(int Id, string Name, LakeType Type);

/// <summary>One schema of a table.</summary>
internal sealed record LakeSchema(int Id, IReadOnlyList<LakeField> Fields);
