using System.Runtime.InteropServices;
using System.Text.Json;
using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Readers;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Engine.History;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// Goes once through a parse tree. Every node and property must be known (<see cref="TreeRules"/>), every function on a list, every table a
/// name of WITH in scope or one that can be read, every file one that was handed out. What has to be written differently (short names,
/// addresses of landing files) becomes an edit; a statement without edits and without failure is let through.
/// </summary>
internal sealed class StatementWalk(SqlText text, GateScope scope, FunctionLists functions, HandedOutFiles files)
{
    private readonly TextPatches _patches = new(text, files);

    // What this walk hands out is let through by the next one only.
    private readonly HashSet<string> _readable = [.. files.Paths];
    private readonly Dictionary<string, ViewUse> _views = new(StringComparer.Ordinal);
    private readonly Effort _effort = new(copiesCtes: text.HasWords("not"u8, "materialized"u8));
    private CteScope? _ctes;
    private Failure? _failure;

    public TextEdits Edits => _patches.Edits;

    /// <summary>Each table once, in the order of the tree.</summary>
    public IReadOnlyList<ViewUse> Views => [.. _views.Values];

    /// <summary>The same by full quoted name.</summary>
    public IReadOnlyDictionary<string, ViewUse> ViewsByName => _views;

    /// <summary>Null when the statement is allowed, after <see cref="Edits"/>.</summary>
    public Failure? Run(JsonElement statement)
    {
        Visit(statement, Part.Statement);
        return _failure;
    }

    private bool Visit(JsonElement value, Part part)
    {
        if (part == Part.Nothing)
            return IsNothing(value) || Refuse($"a part of the statement is not supported: {Shorten(value)}");
        if (part is Part.Data or Part.At or Part.Ctes or Part.Columns || value.ValueKind == JsonValueKind.Null)
            return true;
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (!Visit(item, part))
                    return false;
            }

            return true;
        }

        if (value.ValueKind != JsonValueKind.Object)
            return Unknown(value);
        return part switch
        {
            Part.Expression => Deeper(value, part),
            Part.Table => Deeper(value, part),
            Part.Query => Deeper(value, part),
            Part.Type => Deeper(value, part),
            Part.Modifier => TreeRules.Modifiers.TryGetValue(Text(value, "type"u8), out var modifier) ? Properties(value, modifier) : Unknown(value),
            _ => Properties(value, TreeRules.Others[part]),
        };
    }

    private bool Deeper(JsonElement value, Part part)
    {
        var levels = LevelsOf(value, part);
        _effort.Enter(levels);
        if (_effort.Excess is { } excess)
            return Refuse(excess);
        var allowed = part switch
        {
            Part.Expression => Expression(value),
            Part.Table => Table(value),
            Part.Query => Query(value),
            _ => Properties(value, TreeRules.Others[Part.Type]),
        };
        _effort.Leave(levels);
        return allowed;
    }

    private static Levels LevelsOf(JsonElement node, Part part) => part switch
    {
        Part.Expression => new Levels(DepthOf(node), IsNesting(node) ? 1 : 0, 0),
        Part.Table => new Levels(1, 0, node.GetProperty("type"u8).ValueEquals("JOIN"u8) ? 1 : 0),
        _ => new Levels(1, 0, 0),
    };

    // a.b.c is a field of a field.
    private static int DepthOf(JsonElement expression) =>
        expression.GetProperty("class"u8).ValueEquals("COLUMN_REF"u8) ? expression.GetProperty("column_names"u8).GetArrayLength() : 1;

    // json -> 'field' is a lambda too until it is bound, and DuckDB tries both.
    private static bool IsNesting(JsonElement expression)
    {
        var type = expression.GetProperty("class"u8);
        return type.ValueEquals("SUBQUERY"u8) || type.ValueEquals("LAMBDA"u8);
    }

    private bool Properties(JsonElement node, NodeRule rule)
    {
        foreach (var property in node.EnumerateObject())
        {
            if (rule.PartOf(JsonMarshal.GetRawUtf8PropertyName(property)) is not { } part)
                return Refuse($"{rule.Name} with {property.Name} is not supported");
            if (!Visit(property.Value, part))
                return false;
        }

        return true;
    }

    private bool Expression(JsonElement node)
    {
        var @class = Text(node, "class"u8);
        if (!TreeRules.Expressions.TryGetValue(@class, out var rule))
        {
            return @class switch
            {
                "PARAMETER" => Refuse("parameters (?, $1, $name) are not supported: write the values"),
                "DEFAULT" => Refuse("DEFAULT is not allowed here"),
                _ => Unknown(node),
            };
        }

        if (!rule.Types.Contains(Text(node, "type"u8)))
            return Unknown(node);
        if (@class is "FUNCTION" or "WINDOW" && functions.RefusalOfScalar(AsciiNames.ToLower(Text(node, "function_name"u8))) is { } refusal)
            return Refuse(refusal);
        if (@class == "COLUMN_REF" && node.GetProperty("column_names"u8) is var names && names.GetArrayLength() == 1)
            _effort.ReadColumn(names[0].GetString()!);
        return Properties(node, rule);
    }

    private bool Table(JsonElement node)
    {
        var type = Text(node, "type"u8);
        if (!TreeRules.Tables.TryGetValue(type, out var rule))
            return Unknown(node);
        return type switch
        {
            "BASE_TABLE" => BaseTable(node, rule),
            "TABLE_FUNCTION" => TableFunction(node),
            "SHOW_REF" when node.GetProperty("query"u8).ValueKind == JsonValueKind.Null =>
                Refuse("SHOW shows TABLES, ALL TABLES, SCHEMAS, DATABASES, TABLES FROM a layer or namespace, or a table"),
            "PIVOT" when HasPivotEnum(node) => Refuse("PIVOT … IN takes a list of literals"),
            _ => Properties(node, rule),
        };
    }

    private bool BaseTable(JsonElement node, NodeRule rule)
    {
        if (!Properties(node, rule))
            return false;
        var point = AtClause.Read(node.GetProperty("at_clause"u8));
        if (!point.Succeeded)
            return Refuse(point.Failure);

        var reference = new TableReference(Text(node, "catalog_name"u8), Text(node, "schema_name"u8), Text(node, "table_name"u8));
        if (FindCte(reference) is { } cte)
        {
            if (point.Value is not null)
                return Refuse($"AT names a snapshot of a table; {reference} is a query of WITH");
            _effort.Read(cte);
            return _effort.Excess is not { } excess || Refuse(excess);
        }

        var resolved = TableResolver.Resolve(reference, scope);
        if (!resolved.Succeeded)
            return Refuse(resolved.Failure);
        if (point.Value is { } past)
            return PastTable(node, reference, resolved.Value.Use, past);
        _views.TryAdd(resolved.Value.Sql, resolved.Value.Use);
        return _patches.TryName(node, reference, resolved.Value.Sql) is not { } unclear || Refuse(unclear);
    }

    private bool PastTable(JsonElement node, TableReference reference, ViewUse current, PointInTime point)
    {
        if (current.Pinned)
            return Refuse($"{reference} names a snapshot already: leave AT (…) out");
        var state = scope.Catalog.Find(current.State.Name, point);
        if (!state.Succeeded)
            return Refuse(state.Failure);
        var past = new ResolvedTable(new ViewUse(state.Value, Pinned: true));
        return _patches.TryPast(node, reference, past.Sql) is not { } unclear || Refuse(unclear);
    }

    private CteScope? FindCte(TableReference reference)
    {
        if (reference.Catalog.Length > 0 || CteScope.Find(_ctes, reference.Name) is not { } cte)
            return null;
        return reference.Schema.Length == 0 || (cte.IsRecurring && AsciiNames.AreEqual(reference.Schema, "recurring")) ? cte : null;
    }

    private bool TableFunction(JsonElement node)
    {
        var function = node.GetProperty("function"u8);
        if (function.ValueKind != JsonValueKind.Object || Text(function, "class"u8) != "FUNCTION")
            return Unknown(node);
        var name = AsciiNames.ToLower(Text(function, "function_name"u8));
        var reader = FileReader.Find(name);
        if (reader is null && functions.RefusalOfTable(name) is { } refusal)
            return Refuse(refusal);
        if (AsciiNames.ToLower(Text(function, "schema"u8)) is not ("" or "main") || AsciiNames.ToLower(Text(function, "catalog"u8)) is not ("" or "system"))
            return Refuse($"the function {name} is called without a schema");
        // The node's own properties are those of every table; the function's arguments are expressions like any other.
        if (!Properties(function, TreeRules.Expressions["FUNCTION"]) || !OtherProperties(node))
            return false;
        return reader is null || ReadFiles(node, reader, function);
    }

    private bool OtherProperties(JsonElement tableFunction)
    {
        foreach (var property in tableFunction.EnumerateObject())
        {
            if (TreeRules.Tables["TABLE_FUNCTION"].PartOf(JsonMarshal.GetRawUtf8PropertyName(property)) is null)
                return Refuse($"TABLE_FUNCTION with {property.Name} is not supported");
        }

        return true;
    }

    private bool ReadFiles(JsonElement node, FileReader reader, JsonElement function)
    {
        var call = ReaderCall.Read(reader, function);
        if (!call.Succeeded)
            return Refuse(call.Failure);
        if (call.Value.Paths.All(_readable.Contains))
            return true;
        var failure = _patches.TryRead(node, call.Value, scope);
        return failure is null || Refuse(failure);
    }

    private bool Query(JsonElement node)
    {
        var type = Text(node, "type"u8);
        if (!TreeRules.Queries.TryGetValue(type, out var rule))
            return Unknown(node);
        var outer = (Ctes: _ctes, Aliases: _effort.BeginAliases());
        var allowed = Ctes(node.GetProperty("cte_map"u8)) && type switch
        {
            "RECURSIVE_CTE_NODE" => Recursion(node, rule),
            "SELECT_NODE" => Columns(node.GetProperty("select_list"u8)) && Properties(node, rule),
            _ => Properties(node, rule),
        };
        _ctes = outer.Ctes;
        _effort.EndAliases(outer.Aliases);
        return allowed;
    }

    // The list of columns comes first: all other parts of the query may name its aliases.
    private bool Columns(JsonElement list)
    {
        foreach (var column in list.EnumerateArray())
        {
            var weight = _effort.Weight;
            if (!Visit(column, Part.Expression))
                return false;
            _effort.Define(Text(column, "alias"u8), _effort.Weight - weight);
        }

        return true;
    }

    private bool Ctes(JsonElement map)
    {
        foreach (var property in map.EnumerateObject())
        {
            if (property.Name != "map")
                return Unknown(map);
        }

        foreach (var entry in map.GetProperty("map"u8).EnumerateArray())
        {
            var name = Text(entry, "key"u8);
            if (new TableReference("", "", name).LooksLikeFile)
                return Refuse($"the name \"{name}\" of a WITH looks like that of a file");
            var (deepest, weight) = (_effort.Deepest, _effort.Weight);
            _effort.Deepest = _effort.Here;
            if (!Properties(entry.GetProperty("value"u8), TreeRules.Others[Part.Cte]))
                return false;
            _ctes = new CteScope(name, _effort.Deepest - _effort.Here, _effort.Weight - weight, IsRecurring: false, _ctes);
            _effort.Deepest = Levels.Max(deepest, _effort.Deepest);
        }

        return true;
    }

    private bool Recursion(JsonElement node, NodeRule rule)
    {
        foreach (var property in node.EnumerateObject())
        {
            if (rule.PartOf(JsonMarshal.GetRawUtf8PropertyName(property)) is not { } part)
                return Refuse($"{rule.Name} with {property.Name} is not supported");
            var outer = _ctes;
            if (property.NameEquals("right"u8))
                _ctes = new CteScope(Text(node, "cte_name"u8), Height: default, Weight: 0, IsRecurring: true, outer);
            if (!Visit(property.Value, part))
                return false;
            _ctes = outer;
        }

        return true;
    }

    private static bool HasPivotEnum(JsonElement pivot) =>
        pivot.GetProperty("pivots"u8).EnumerateArray().Any(column => !IsNothing(column.GetProperty("pivot_enum"u8)));

    private static bool IsNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Text(JsonElement node, ReadOnlySpan<byte> property) => node.GetProperty(property).GetString() ?? "";

    private bool Unknown(JsonElement node) => Refuse($"the statement has a part that is not supported: {Shorten(node)}");

    private static string Shorten(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.Length <= 80 ? raw : raw[..80] + "…";
    }

    private bool Refuse(string message) => Refuse(Failure.Invalid(message));

    private bool Refuse(Failure failure)
    {
        _failure ??= failure;
        return false;
    }
}
