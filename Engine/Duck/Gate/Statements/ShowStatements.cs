using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Gate.Statements;

/// <summary>
/// Answers SHOW of tables, schemas and databases from our catalog: DuckDB knows only the views that were needed so far. The statement, or the
/// one in brackets behind FROM, is replaced by its rows.
/// </summary>
internal static class ShowStatements
{
    // Looking up the columns of all tables costs; who has more than this many is not helped by the list either.
    private const int MostWithColumns = 1000;

    /// <summary>Replaces each of them; a failure when one names a schema that can't be.</summary>
    /// <returns>The tokens that were replaced, in order.</returns>
    public static Outcome<List<Range>> Answer(SqlText text, int first, int end, GateScope scope, TextEdits edits)
    {
        var replaced = new List<Range>();
        for (var i = first; i < end; i++)
        {
            if ((i != first && !text.IsSymbol(i - 1, '(')) || !(text.IsWord(i, "show"u8) || text.IsWord(i, "describe"u8) || text.IsWord(i, "desc"u8)))
                continue;
            var next = i + 1;
            var all = text.IsWord(next, "all"u8);
            if (all)
                next++;
            var what = next < end && !IsEnd(text, next, end) ? AsciiNames.ToLower(text.NameAt(next) ?? "") : null;
            if (what is not null)
                next++;
            List<string>? from = null;
            if (what == "tables" && !all && text.IsWord(next, "from"u8) && text.NameAt(next + 1) is { } one)
            {
                from = text.IsSymbol(next + 2, '.') && text.NameAt(next + 3) is { } two ? [one, two] : [one];
                next += from.Count * 2;
            }

            if (!IsEnd(text, next, end) || RowsOf(what, all, from, scope) is not { } rows)
                continue;
            if (!rows.Succeeded)
                return rows.Failure;
            var start = text.Tokens[i].Start;
            edits.Replace(start, text.Tokens[next - 1].End - start, rows.Value);
            replaced.Add(i..next);
            i = next - 1;
        }

        return replaced;
    }

    private static bool IsEnd(SqlText text, int at, int end) => at >= end || text.IsSymbol(at, ')');

    // Null for a SHOW that isn't answered here, for example that of one table.
    private static Outcome<string>? RowsOf(string? what, bool all, List<string>? from, GateScope scope) => (what, all) switch
    {
        ("tables", false) when from is not null => TablesFrom(from, scope),
        ("tables", false) => Tables(scope.Catalog.List(scope.Namespace)),
        ("tables", true) or (null, false) => AllTables(scope),
        ("schemas", false) => Schemas(scope),
        ("databases", false) => Rows(["database_name"], Namespaces(scope).Select(ns => (string[])[DuckQuote.Literal(ns)])),
        _ => (Outcome<string>?)null,
    };

    private static string Tables(IEnumerable<TableName> tables) => Rows(
        ["name", "layer"], tables.Select(table => (string[])[DuckQuote.Literal(table.Name), DuckQuote.Literal(table.Layer)]));

    private static Outcome<string> TablesFrom(List<string> from, GateScope scope)
    {
        var layer = from.Count == 2 || Layer.IsValid(AsciiNames.ToLower(from[^1])) ? AsciiNames.ToLower(from[^1]) : null;
        var ns = from.Count == 2 || layer is null ? AsciiNames.ToLower(from[0]) : scope.Namespace;
        if (layer is not null && !Layer.IsValid(layer))
            return Failure.Invalid($"SHOW TABLES FROM takes a layer, a namespace or namespace.layer, not {string.Join('.', from)}");
        return Tables(scope.Catalog.List(ns).Where(table => layer is null || table.Layer == layer));
    }

    private static string AllTables(GateScope scope)
    {
        var tables = scope.Catalog.List(null);
        return Rows(
            ["database", "schema", "name", "column_names", "column_types", "temporary"],
            tables.Select(table =>
            {
                var fields = tables.Count <= MostWithColumns ? scope.Catalog.Find(table)?.Schema.Fields : null;
                return (string[])
                [
                    DuckQuote.Literal(table.Namespace), DuckQuote.Literal(table.Layer), DuckQuote.Literal(table.Name),
                    List(fields?.Select(field => field.Name)), List(fields?.Select(field => LakeTypeText.ToSql(field.Type))), "false",
                ];
            }));
    }

    private static string Schemas(GateScope scope) => Rows(
        ["database_name", "schema_name", "current"],
        from ns in Namespaces(scope)
        from layer in (string[])[Layer.Bronze, Layer.Silver, Layer.Gold]
        select (string[])[DuckQuote.Literal(ns), DuckQuote.Literal(layer), "false"]);

    private static IEnumerable<string> Namespaces(GateScope scope) =>
        scope.Catalog.List(null).Select(table => table.Namespace).Append(scope.Namespace).Distinct().Order(StringComparer.Ordinal);

    private static string List(IEnumerable<string>? texts) => texts is null ? "NULL::VARCHAR[]" : $"[{string.Join(", ", texts.Select(DuckQuote.Literal))}]";

    private static string Rows(string[] columns, IEnumerable<string[]> rows)
    {
        var names = string.Join(", ", columns.Select(DuckQuote.Identifier));
        var values = string.Join(", ", rows.Select(row => $"({string.Join(", ", row)})"));
        return values.Length > 0
            ? $"SELECT * FROM (VALUES {values}) AS shown({names})"
            : $"SELECT {string.Join(", ", columns.Select(column => $"NULL::VARCHAR AS {DuckQuote.Identifier(column)}"))} WHERE false";
    }
}
