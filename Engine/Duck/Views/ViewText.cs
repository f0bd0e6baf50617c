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

    /// <summary>A SELECT over the files of the state, with the state's own schema.</summary>
    /// <param name="lakeRoot">The folder that the paths of the state lie in.</param>
    public static string SelectOf(TableState state, string lakeRoot) => new TableScan(state.Schema, lakeRoot).Rows(state.Files);
}
