using System.Globalization;
using Rat.Engine.Duck.Types;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck;

/// <summary>
/// Types of DuckDB as types of Iceberg and back. What Iceberg lacks is cast: the cast fails on overflow, it never rounds a number.
/// HUGEINT → decimal(38,0), UBIGINT → decimal(20,0), smaller and unsigned integers up to int or long, TIMESTAMP_S/MS/NS → timestamp (what a
/// TIMESTAMP_NS has below a microsecond is cut), ARRAY → list; TIMETZ, INTERVAL, BIT, ENUM, JSON, UNION, BIGNUM, VARIANT and GEOMETRY → string.
/// </summary>
internal static class LakeColumns
{
    /// <summary>The type that a column is stored with, without field ids.</summary>
    public static LakeType Of(DuckType type) => type.Kind switch
    {
        DuckTypeKind.Boolean => new PrimitiveType("boolean"),
        DuckTypeKind.TinyInt or DuckTypeKind.UTinyInt or DuckTypeKind.SmallInt or DuckTypeKind.USmallInt or DuckTypeKind.Integer => new PrimitiveType("int"),
        // A column of bare NULLs has no type of its own.
        DuckTypeKind.SqlNull => new PrimitiveType("int"),
        DuckTypeKind.UInteger or DuckTypeKind.BigInt => new PrimitiveType("long"),
        DuckTypeKind.UBigInt => new DecimalType(20, 0),
        DuckTypeKind.HugeInt or DuckTypeKind.UHugeInt => new DecimalType(38, 0),
        DuckTypeKind.Float => new PrimitiveType("float"),
        DuckTypeKind.Double => new PrimitiveType("double"),
        DuckTypeKind.Decimal => new DecimalType(type.Width, type.Scale),
        DuckTypeKind.Date => new PrimitiveType("date"),
        DuckTypeKind.Time or DuckTypeKind.TimeNs => new PrimitiveType("time"),
        DuckTypeKind.Timestamp or DuckTypeKind.TimestampS or DuckTypeKind.TimestampMs or DuckTypeKind.TimestampNs => new PrimitiveType("timestamp"),
        DuckTypeKind.TimestampTz => new PrimitiveType("timestamptz"),
        DuckTypeKind.Blob => new PrimitiveType("binary"),
        DuckTypeKind.Uuid => new PrimitiveType("uuid"),
        DuckTypeKind.List or DuckTypeKind.Array => new ListType(0, Of(type.Fields[0].Type)),
        DuckTypeKind.Map => new MapType(0, Of(type.Fields[0].Type), 0, Of(type.Fields[1].Type)),
        // Fields of row() have no names; Iceberg's must have one.
        DuckTypeKind.Struct => new StructType([.. type.Fields.Select((field, index) =>
            new LakeField(0, field.Name.Length > 0 ? field.Name : string.Create(CultureInfo.InvariantCulture, $"field{index + 1}"), Of(field.Type)))]),
        _ => new PrimitiveType("string"),
    };

    /// <summary>DuckDB's text of a stored type.</summary>
    public static string SqlType(LakeType type) => type switch
    {
        DecimalType number => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({number.Precision},{number.Scale})"),
        ListType list => $"{SqlType(list.Element)}[]",
        MapType map => $"MAP({SqlType(map.Key)}, {SqlType(map.Value)})",
        StructType structure => $"STRUCT({string.Join(", ", structure.Fields.Select(field => $"{DuckTypeName.FieldName(field.Name)} {SqlType(field.Type)}"))})",
        PrimitiveType { Name: var name } => name switch
        {
            "boolean" => "BOOLEAN",
            "int" => "INTEGER",
            "long" => "BIGINT",
            "float" => "FLOAT",
            "double" => "DOUBLE",
            "date" => "DATE",
            "time" => "TIME",
            "timestamp" => "TIMESTAMP",
            "timestamptz" => "TIMESTAMP WITH TIME ZONE",
            "uuid" => "UUID",
            "binary" or "fixed" => "BLOB",
            _ => "VARCHAR",
        },
        _ => throw new InvalidOperationException($"no SQL for {type}"),
    };

    /// <summary>The result's columns as they will be stored; a failure when two of them have one name.</summary>
    public static Outcome<IReadOnlyList<NewColumn>> Of(IReadOnlyList<DuckColumn> columns)
    {
        if (columns.FirstOrDefault(column => column.RepeatOf is not null) is { } repeat)
            return Failure.Invalid($"the result has two columns named \"{repeat.RepeatOf}\": give each a name of its own");
        return columns.Select(column => new NewColumn(column.Name, Of(column.Type))).ToList();
    }
}
