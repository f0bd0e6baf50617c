using DuckDB.NET.Native;
using Rat.Engine.Duck.Interop;

namespace Rat.Engine.Duck.Types;

/// <summary>Turns a <c>duckdb_logical_type</c> into a <see cref="DuckType"/>.</summary>
internal static class DuckTypeReader
{
    /// <summary>Reads the type and frees it.</summary>
    public static DuckType Take(DuckDBLogicalType native)
    {
        using (native)
            return native.IsInvalid ? new DuckType(DuckTypeKind.Invalid) : Read(native);
    }

    private static DuckType Read(DuckDBLogicalType native)
    {
        var type = new DuckType((DuckTypeKind)NativeMethods.LogicalType.DuckDBGetTypeId(native))
        {
            Alias = NativeText.Take(LogicalTypes.Alias(native)),
        };
        return type.Kind switch
        {
            DuckTypeKind.Decimal => type with
            {
                Width = NativeMethods.LogicalType.DuckDBDecimalWidth(native),
                Scale = NativeMethods.LogicalType.DuckDBDecimalScale(native),
            },
            DuckTypeKind.Enum => type with { EnumValues = EnumValues(native) },
            DuckTypeKind.List => type with { Fields = [Field("element", NativeMethods.LogicalType.DuckDBListTypeChildType(native))] },
            DuckTypeKind.Array => type with
            {
                Fields = [Field("element", NativeMethods.LogicalType.DuckDBArrayTypeChildType(native))],
                ArraySize = NativeMethods.LogicalType.DuckDBArrayVectorGetSize(native),
            },
            DuckTypeKind.Map => type with
            {
                Fields =
                [
                    Field("key", NativeMethods.LogicalType.DuckDBMapTypeKeyType(native)),
                    Field("value", NativeMethods.LogicalType.DuckDBMapTypeValueType(native)),
                ],
            },
            DuckTypeKind.Struct => type with { Fields = StructFields(native) },
            DuckTypeKind.Union => type with { Fields = UnionMembers(native) },
            DuckTypeKind.Geometry => type with { ReferenceSystem = NativeText.Take(LogicalTypes.GeometryReferenceSystem(native)) },
            _ => type,
        };
    }

    private static DuckField Field(string name, DuckDBLogicalType type) => new(name, Take(type));

    private static string[] EnumValues(DuckDBLogicalType native)
    {
        var values = new string[NativeMethods.LogicalType.DuckDBEnumDictionarySize(native)];
        for (var i = 0; i < values.Length; i++)
            values[i] = NativeMethods.LogicalType.DuckDBEnumDictionaryValue(native, i);
        return values;
    }

    private static DuckField[] StructFields(DuckDBLogicalType native)
    {
        var fields = new DuckField[NativeMethods.LogicalType.DuckDBStructTypeChildCount(native)];
        for (var i = 0; i < fields.Length; i++)
        {
            var name = NativeMethods.LogicalType.DuckDBStructTypeChildName(native, i);
            fields[i] = Field(name, NativeMethods.LogicalType.DuckDBStructTypeChildType(native, i));
        }

        return fields;
    }

    private static DuckField[] UnionMembers(DuckDBLogicalType native)
    {
        var members = new DuckField[LogicalTypes.UnionMemberCount(native)];
        for (var i = 0UL; i < (ulong)members.Length; i++)
            members[i] = Field(NativeText.Take(LogicalTypes.UnionMemberName(native, i)) ?? "", LogicalTypes.UnionMemberType(native, i));
        return members;
    }
}
