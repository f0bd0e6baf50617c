using System.Collections.Frozen;
using System.Text.Json;
using Rat.Engine.Duck.Gate.Names;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>
/// Estimates the columns and types of every query of a statement. Thirty short lines that each make a struct of the line before, twice, or a
/// star of it, twice, are a type of a thousand million fields, which DuckDB builds in memory that no limit counts.
/// </summary>
/// <param name="tables">What the statement reads, by full quoted name.</param>
internal sealed class Growth(IReadOnlyDictionary<string, ViewUse> tables)
{
    // Functions and files: what they have isn't known before they are bound.
    private static readonly Extent Unknown = new(100, 10);

    // Functions whose type holds the types of all their arguments.
    private static readonly FrozenSet<string> Builders = FrozenSet.ToFrozenSet(
        ["struct_pack", "row", "struct_insert", "struct_concat", "struct_update", "map", "map_from_entries", "list_zip", "array_zip", "union_value"]);

    private Extent _largest;

    /// <summary>True when a query of the statement is too large. The statement was walked before: its nodes are known ones.</summary>
    public bool IsTooMuch(JsonElement statement)
    {
        Query(statement.GetProperty("node"u8), new Surroundings(null, 1));
        return _largest.IsTooMuch;
    }

    private Extent Query(JsonElement node, Surroundings around)
    {
        foreach (var entry in node.GetProperty("cte_map"u8).GetProperty("map"u8).EnumerateArray())
        {
            var query = Query(entry.GetProperty("value"u8).GetProperty("query"u8).GetProperty("node"u8), around);
            around = around with { Names = new NamedExtent(Text(entry, "key"u8), query, around.Names) };
        }

        var extent = Text(node, "type"u8) switch
        {
            "SELECT_NODE" => Select(node, around),
            "SET_OPERATION_NODE" => SetOperation(node, around),
            _ => Recursion(node, around),
        };
        _largest = Extent.Below(_largest, extent);
        return extent;
    }

    private Extent SetOperation(JsonElement node, Surroundings around)
    {
        var (left, right) = (Query(node.GetProperty("left"u8), around), Query(node.GetProperty("right"u8), around));
        Count(node.GetProperty("modifiers"u8), new Tally(this, around, default, []));
        return node.GetProperty("setop_type"u8).ValueEquals("UNION_BY_NAME"u8) ? Extent.Beside(left, right) : Extent.Below(left, right);
    }

    private Extent Recursion(JsonElement node, Surroundings around)
    {
        var left = Query(node.GetProperty("left"u8), around);
        var inside = around with { Names = new NamedExtent(Text(node, "cte_name"u8), left, around.Names) };
        return Extent.Below(left, Query(node.GetProperty("right"u8), inside));
    }

    private Extent Select(JsonElement node, Surroundings around)
    {
        var rows = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var from = Table(node.GetProperty("from_table"u8), around, rows);
        var inside = around with { Size = Math.Max(around.Size, from.Size) };
        var extent = new Extent(0, 1);
        foreach (var item in node.GetProperty("select_list"u8).EnumerateArray())
            extent = Extent.Beside(extent, Item(item, inside, from, rows));
        foreach (var property in node.EnumerateObject())
        {
            if (property.Name is not ("select_list" or "from_table" or "cte_map"))
                Count(property.Value, new Tally(this, inside, from, rows));
        }

        return extent;
    }

    private Extent Item(JsonElement item, Surroundings inside, Extent from, HashSet<string> rows)
    {
        var tally = new Tally(this, inside, from, rows);
        Count(item, tally);
        return Extent.Of(tally.HasStar ? from.Columns : 1, tally.Size);
    }

    private Extent Table(JsonElement node, Surroundings around, HashSet<string> rows)
    {
        if (Text(node, "alias"u8) is { Length: > 0 } alias)
            rows.Add(alias);
        switch (Text(node, "type"u8))
        {
            case "BASE_TABLE":
                rows.Add(Text(node, "table_name"u8));
                return BaseTable(node, around);
            case "JOIN":
                var left = Table(node.GetProperty("left"u8), around, rows);
                // What stands on the right may be LATERAL.
                var right = Table(node.GetProperty("right"u8), around with { Size = Math.Max(around.Size, left.Size) }, rows);
                var joined = Extent.Beside(left, right);
                Count(node.GetProperty("condition"u8), new Tally(this, around with { Size = Math.Max(around.Size, joined.Size) }, joined, rows));
                return joined;
            case "SUBQUERY":
                return Query(node.GetProperty("subquery"u8).GetProperty("node"u8), around);
            case "SHOW_REF":
                Query(node.GetProperty("query"u8), around);
                return Unknown;
            case "PIVOT":
                return Pivot(node, around, rows);
            case "EMPTY":
                return new Extent(0, 1);
            default:
                // TABLE_FUNCTION and EXPRESSION_LIST. unnest() gives back what it is given.
                var tally = new Tally(this, around, default, rows);
                Count(node, tally);
                var columns = node.TryGetProperty("values"u8, out var values) && values.GetArrayLength() > 0 ? values[0].GetArrayLength() : Unknown.Columns;
                return Extent.Of(columns, Math.Max(tally.Size, Unknown.Size));
        }
    }

    private Extent BaseTable(JsonElement node, Surroundings around)
    {
        var reference = new TableReference(Text(node, "catalog_name"u8), Text(node, "schema_name"u8), Text(node, "table_name"u8));
        if (reference.Catalog.Length == 0)
        {
            for (var name = around.Names; name is not null; name = name.Outer)
            {
                if (AsciiNames.AreEqual(name.Name, reference.Name))
                    return name.Extent;
            }
        }

        var sql = string.Join('.', reference.Parts.Select(DuckQuote.Identifier));
        return tables.TryGetValue(sql, out var use)
            ? Extent.Of(use.State.Schema.Fields.Count, use.State.Schema.Fields.Select(field => SizeOf(field.Type)).DefaultIfEmpty(1).Max())
            : Unknown;
    }

    private Extent Pivot(JsonElement node, Surroundings around, HashSet<string> rows)
    {
        var source = Table(node.GetProperty("source"u8), around, rows);
        var tally = new Tally(this, around with { Size = Math.Max(around.Size, source.Size) }, source, rows);
        Count(node.GetProperty("aggregates"u8), tally);
        long made = Math.Max(1, node.GetProperty("aggregates"u8).GetArrayLength());
        foreach (var pivot in node.GetProperty("pivots"u8).EnumerateArray())
        {
            Count(pivot, tally);
            made = Math.Min(made * Math.Max(1, pivot.GetProperty("entries"u8).GetArrayLength()), 1_000_000);
        }

        return Extent.Of(source.Columns + made, Math.Max(source.Size, tally.Size));
    }

    private static void Count(JsonElement node, Tally tally)
    {
        switch (node.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in node.EnumerateArray())
                    Count(item, tally);
                break;
            case JsonValueKind.Object:
                if (node.TryGetProperty("class"u8, out var type) && type.ValueKind == JsonValueKind.String && !tally.Enter(type.GetString()!, node))
                    break;
                foreach (var property in node.EnumerateObject())
                    Count(property.Value, tally);
                break;
        }
    }

    private static long SizeOf(LakeType type) => type switch
    {
        StructType structure => 1 + structure.Fields.Sum(field => SizeOf(field.Type)),
        ListType list => 1 + SizeOf(list.Element),
        MapType map => 1 + SizeOf(map.Key) + SizeOf(map.Value),
        _ => 1,
    };

    private static string Text(JsonElement node, ReadOnlySpan<byte> property) => node.GetProperty(property).GetString() ?? "";

    /// <param name="Names">Those of WITH.</param>
    /// <param name="Size">The largest column that an expression may name.</param>
    private sealed record Surroundings(NamedExtent? Names, long Size);

    private sealed record NamedExtent(string Name, Extent Extent, NamedExtent? Outer);

    /// <summary>What was seen of one expression.</summary>
    /// <param name="from">The tables that a star stands for.</param>
    /// <param name="rows">Their names: one of them as a column is a struct of its whole row.</param>
    private sealed class Tally(Growth growth, Surroundings inside, Extent from, HashSet<string> rows)
    {
        private long _named;
        private long _largest = 1;
        private bool _builds;

        public bool HasStar { get; private set; }

        public long Size => _builds ? Math.Max(_largest, _named) : _largest;

        /// <summary>False when the node's parts were looked at here.</summary>
        public bool Enter(string type, JsonElement node)
        {
            switch (type)
            {
                case "COLUMN_REF":
                    var names = node.GetProperty("column_names"u8);
                    Name(rows.Contains(names[names.GetArrayLength() - 1].GetString()!) ? Math.Max(1, from.Columns) * inside.Size : inside.Size);
                    return false;
                case "STAR":
                    HasStar = true;
                    Name(inside.Size);
                    _named += Math.Max(0, from.Columns - 1) * inside.Size;
                    return true;
                case "SUBQUERY":
                    Name(growth.Query(node.GetProperty("subquery"u8).GetProperty("node"u8), inside).Size);
                    Count(node.GetProperty("child"u8), this);
                    return false;
                case "FUNCTION" when Builders.Contains(AsciiNames.ToLower(Text(node, "function_name"u8))):
                    _builds = true;
                    return true;
                default:
                    return true;
            }
        }

        private void Name(long size)
        {
            _named = Math.Min(_named + size, long.MaxValue / 4);
            _largest = Math.Max(_largest, size);
        }
    }
}
