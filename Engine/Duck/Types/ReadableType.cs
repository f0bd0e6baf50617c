namespace Rat.Engine.Duck.Types;

/// <summary>
/// Some types have vectors whose layout the C API doesn't show, or whose text only DuckDB knows how to write. A statement that yields one is
/// wrapped in casts, so that such parts arrive as DuckDB's own text while everything around them keeps its structure.
/// </summary>
internal static class ReadableType
{
    /// <summary>The same object when vectors of the type can be read; else the type to cast to.</summary>
    public static DuckType Of(DuckType type)
    {
        if (!IsReadable(type.Kind))
            return DuckType.Varchar;
        for (var i = 0; i < type.Fields.Count; i++)
        {
            if (!ReferenceEquals(Of(type.Fields[i].Type), type.Fields[i].Type))
                return CastEachPart(type);
        }

        return type;
    }

    private static DuckType CastEachPart(DuckType type) =>
        type.IsUnnamedStruct // its type can't be written in SQL
            ? DuckType.Varchar
            : type with { Alias = null, Fields = [.. type.Fields.Select(field => field with { Type = Of(field.Type) })] };

    private static bool IsReadable(DuckTypeKind kind) => kind switch
    {
        DuckTypeKind.Union or DuckTypeKind.Variant or DuckTypeKind.Geometry or DuckTypeKind.Bignum => false,
        DuckTypeKind.Any or DuckTypeKind.StringLiteral or DuckTypeKind.IntegerLiteral => false,
        >= DuckTypeKind.Boolean and <= DuckTypeKind.TimeNs => true,
        _ => false, // a kind newer than this code
    };
}
