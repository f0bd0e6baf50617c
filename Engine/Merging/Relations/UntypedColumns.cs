using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Relations;

/// <summary>
/// Columns of a result that hold nothing but NULL, or empty lists: DuckDB calls a NULL without a type INTEGER as soon as it leaves the
/// statement. Such a column takes the type that the table has.
/// </summary>
internal sealed class UntypedColumns(DuckConnection connection, string sql, IReadOnlyList<DuckColumn> result)
{
    // A NULL without a type goes with it, an INTEGER doesn't.
    private static readonly StructType Probe = new([new LakeField(0, "untyped", new PrimitiveType("int"))]);

    /// <summary>The result's columns, those without a type with the table's.</summary>
    public IReadOnlyList<NewColumn> TypeLike(TableState table, IReadOnlyList<NewColumn> columns) => [.. columns.Select((column, index) =>
        table.Schema.Fields.FirstOrDefault(field => FieldIds.SameName(field.Name, column.Name)) is { } field
        && !FieldIds.Same(field.Type, column.Type) && IsUntyped(index, column.Type)
            ? column with { Type = WithoutIds(field.Type) }
            : column)];

    private bool IsUntyped(int index, LakeType type)
    {
        if (result[index].Type.Kind == DuckTypeKind.SqlNull)
            return true;
        if (WithProbe(type) is not { } probe)
            return false;
        try
        {
            using var statement = connection.Prepare(
                $"SELECT coalesce(r{index}, CAST(NULL AS {LakeColumns.SqlType(probe)})) FROM {ResultText.Of(sql, result.Count)}");
            return true;
        }
        catch (DuckException refused) when (!refused.IsInterrupted)
        {
            return false;
        }
    }

    // The type with the probe for its integers, null when it is made of other things as well.
    private static LakeType? WithProbe(LakeType type) => type switch
    {
        PrimitiveType { Name: "int" } => Probe,
        ListType list => WithProbe(list.Element) is { } element ? new ListType(0, element) : null,
        _ => null,
    };

    private static LakeType WithoutIds(LakeType type) => type switch
    {
        StructType structure => new StructType([.. structure.Fields.Select(field => new LakeField(0, field.Name, WithoutIds(field.Type)))]),
        ListType list => new ListType(0, WithoutIds(list.Element)),
        MapType map => new MapType(0, WithoutIds(map.Key), 0, WithoutIds(map.Value)),
        _ => type,
    };
}
