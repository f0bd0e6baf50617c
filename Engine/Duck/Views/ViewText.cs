using System.Text;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Views;

/// <summary>The SQL by which one committed state of a table is read.</summary>
internal static class ViewText
{
    /// <summary>Quoted <c>"ns"."layer"."name"</c>, or <c>"ns"."layer"."name@snapshot"</c> of a pinned view.</summary>
    public static string NameOf(TableName table, long? pinnedSnapshot = null)
    {
        var name = pinnedSnapshot is { } snapshot ? $"{table.Name}@{snapshot}" : table.Name;
        return $"{DuckQuote.Identifier(table.Namespace)}.{DuckQuote.Identifier(table.Layer)}.{DuckQuote.Identifier(name)}";
    }

    /// <summary>A SELECT over the files of the state, each read by its field ids with the state's own schema.</summary>
    /// <param name="lakeRoot">The folder that the paths of the state lie in.</param>
    public static string SelectOf(TableState state, string lakeRoot)
    {
        var text = new StringBuilder("SELECT * FROM ");
        if (state.Files.Count == 0)
            return AppendEmpty(text, state.Schema).ToString();
        text.Append("read_parquet([");
        foreach (var (index, file) in state.Files.Index())
            text.Append(index == 0 ? "" : ", ").Append(DuckQuote.Literal(Path.Combine(lakeRoot, file.Path)));
        text.Append("], schema = MAP {");
        foreach (var (index, field) in state.Schema.Fields.Index())
        {
            text.Append(index == 0 ? "" : ", ").Append(field.Id)
                .Append(": {name: ").Append(DuckQuote.Literal(field.Name))
                .Append(", type: ").Append(DuckQuote.Literal(LakeColumns.SqlType(field.Type)))
                .Append(", default_value: NULL}");
        }

        // A folder of the lake may well contain "=": hive partitioning would make a column of it.
        return text.Append("}, hive_partitioning = false)").ToString();
    }

    private static StringBuilder AppendEmpty(StringBuilder text, LakeSchema schema)
    {
        text.Append("(SELECT ");
        foreach (var (index, field) in schema.Fields.Index())
        {
            text.Append(index == 0 ? "" : ", ")
                .Append("CAST(NULL AS ").Append(LakeColumns.SqlType(field.Type)).Append(") AS ").Append(DuckQuote.Identifier(field.Name));
        }

        return text.Append(") WHERE false");
    }
}
