using Rat.Engine.Duck;
using Rat.Engine.Duck.Views;
using Rat.Engine.Merging.Relations;
using Rat.Storage.Lake;

namespace Rat.Engine.Maintenance;

/// <summary>The rows that compaction writes again, in the order in which the table has them.</summary>
internal static class CompactionText
{
    /// <summary>A relation of the columns' aliases.</summary>
    public static string Rows(LakeSchema schema, IReadOnlyList<DataFile> files, string lakeRoot, IReadOnlyList<TargetColumn> columns) =>
        $"({Ordered(schema, files, lakeRoot)}) AS rewritten({string.Join(", ", columns.Select(column => column.Alias))})";

    private static string Ordered(LakeSchema schema, IReadOnlyList<DataFile> files, string lakeRoot)
    {
        var scan = new TableScan(schema, lakeRoot);
        // Without the sort DuckDB would give the rows in any order.
        var (file, position) = (Unused(schema, "file"), Unused(schema, "position"));
        var columns = string.Join(", ", schema.Fields.Select(field => DuckQuote.Identifier(field.Name)));
        return $"SELECT {columns} FROM ({scan.RowsWithPlace(files, file, position)}) ORDER BY {DuckQuote.Identifier(file)}, {DuckQuote.Identifier(position)}";
    }

    private static string Unused(LakeSchema schema, string name)
    {
        while (schema.Fields.Any(field => FieldIds.SameName(field.Name, name)))
            name += "_";
        return name;
    }
}
