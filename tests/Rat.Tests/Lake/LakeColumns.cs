using Rat.Storage.Lake;

namespace Rat.Tests.Lake;

/// <summary>Short names for types, so that scenarios fit into tables. All ids are 0.</summary>
internal static class LakeColumns
{
    public static readonly LakeType Bool = new PrimitiveType("boolean");
    public static readonly LakeType Int = new PrimitiveType("int");
    public static readonly LakeType Long = new PrimitiveType("long");
    public static readonly LakeType Float32 = new PrimitiveType("float");
    public static readonly LakeType Float64 = new PrimitiveType("double");
    public static readonly LakeType Date = new PrimitiveType("date");
    public static readonly LakeType Time = new PrimitiveType("time");
    public static readonly LakeType Timestamp = new PrimitiveType("timestamp");
    public static readonly LakeType TimestampTz = new PrimitiveType("timestamptz");
    public static readonly LakeType Text = new PrimitiveType("string");
    public static readonly LakeType Uuid = new PrimitiveType("uuid");
    public static readonly LakeType Binary = new PrimitiveType("binary");

    public static LakeType Decimal(int precision, int scale) => new DecimalType(precision, scale);

    public static LakeType List(LakeType element) => new ListType(0, element);

    public static LakeType Map(LakeType key, LakeType value) => new MapType(0, key, 0, value);

    public static LakeType Struct(params (string Name, LakeType Type)[] fields) =>
        new StructType([.. fields.Select(field => new LakeField(0, field.Name, field.Type))]);

    public static NewColumn[] Columns(params (string Name, LakeType Type)[] columns) =>
        [.. columns.Select(column => new NewColumn(column.Name, column.Type))];
}
