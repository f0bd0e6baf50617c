using System.Text;
using System.Text.Json;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Engine.Duck.Gate.Tree;

namespace Rat.Engine.Quality;

/// <summary>
/// Tells the two styles of quality tests apart by DuckDB's parse tree (DECISIONS 2): a single SELECT of nothing but <c>count(*)</c>,
/// <c>count(x)</c> or <c>sum(…)</c> without GROUP BY counts the violations; any other statement returns them as rows.
/// </summary>
internal static class LoneAggregate
{
    /// <param name="sql">A statement that the gate let through.</param>
    /// <exception cref="DuckException">DuckDB could not answer, for example because it was interrupted.</exception>
    public static bool IsIn(DuckConnection connection, string sql)
    {
        var text = SqlLexer.Read(Encoding.UTF8.GetBytes(sql));
        if (!text.Succeeded)
            return false;
        var parsed = ParsedSql.Parse(connection, text.Value, hasPivot: false, _ => "");
        if (!parsed.Succeeded)
            return false;
        using var tree = parsed.Value;
        return tree.Statement.TryGetProperty("node"u8, out var node) && IsUngroupedSelect(node) && IsAggregate(node.GetProperty("select_list"u8));
    }

    private static bool IsUngroupedSelect(JsonElement node) =>
        Text(node, "type"u8) == "SELECT_NODE"
        && IsEmpty(node, "group_expressions"u8)
        && IsEmpty(node, "group_sets"u8)
        // GROUP BY ALL has no expressions of its own.
        && Text(node, "aggregate_handling"u8) is null or "STANDARD_HANDLING";

    private static bool IsAggregate(JsonElement columns) =>
        columns.GetArrayLength() == 1
        && columns[0] is var column
        // count(*) OVER () is of the class WINDOW.
        && Text(column, "class"u8) == "FUNCTION"
        && Text(column, "function_name"u8)?.ToLowerInvariant() is "count" or "count_star" or "sum";

    private static string? Text(JsonElement element, ReadOnlySpan<byte> name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsEmpty(JsonElement element, ReadOnlySpan<byte> name) =>
        !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Array || value.GetArrayLength() == 0;
}
