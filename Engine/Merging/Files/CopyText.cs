using System.Text;
using Rat.Engine.Duck;
using Rat.Engine.Merging.Relations;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>The COPY by which DuckDB writes the files of a snapshot.</summary>
internal static class CopyText
{
    // Measured: level 1 with the v2 encodings is both the smallest and the fastest (COMPRESSION zstd at its default takes 1.5 times as long).
    private const string Format = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, RETURN_STATS, OVERWRITE_OR_IGNORE";

    /// <summary>Data files next to each other in a folder.</summary>
    /// <param name="rows">A relation with the columns' aliases.</param>
    /// <param name="schema">The table's schema; it has a field for each column.</param>
    public static string Data(string rows, IReadOnlyList<TargetColumn> columns, LakeSchema schema, string folder, string prefix) =>
        $"COPY (SELECT {Named(columns)} FROM {rows}) TO {DuckQuote.Literal(folder)} "
        + $"({Format}, FILE_SIZE_BYTES '64MB', {Version(columns)}, {Named(prefix)}, {Described(columns, schema)})";

    /// <summary>Data files by partition, each in a folder below: DuckDB neither writes the partition's columns nor limits the files' sizes.</summary>
    /// <param name="partition">SQL over the columns' aliases of a text, one for each partition.</param>
    public static string Partitioned(
        string rows, IReadOnlyList<TargetColumn> columns, LakeSchema schema, string partition, string folder, string prefix)
    {
        var name = DuckQuote.Identifier(Unused(columns, "partition"));
        return $"COPY (SELECT {Named(columns)}, {partition} AS {name} FROM {rows}) TO {DuckQuote.Literal(folder)} "
            + $"({Format}, PARTITION_BY ({name}), {Version(columns)}, {Named(prefix)}, {Described(columns, schema)})";
    }

    private static string Named(IReadOnlyList<TargetColumn> columns) =>
        string.Join(", ", columns.Select(column => $"{column.Alias} AS {DuckQuote.Identifier(column.Field.Name)}"));

    private static string Version(IReadOnlyList<TargetColumn> columns) => ParquetVersion.Of(columns.Select(column => column.SqlType));

    private static string Named(string prefix) => $"FILENAME_PATTERN {DuckQuote.Literal(prefix + "{uuidv7}")}";

    private static string Unused(IReadOnlyList<TargetColumn> columns, string name)
    {
        while (columns.Any(column => FieldIds.SameName(column.Field.Name, name)))
            name += "_";
        return name;
    }

    // Readers that match by name in old files take the names from the key.
    private static string Described(IReadOnlyList<TargetColumn> columns, LakeSchema schema)
    {
        var text = new StringBuilder("FIELD_IDS {");
        foreach (var (index, column) in columns.Index())
        {
            text.Append(index == 0 ? "" : ", ").Append(DuckQuote.Identifier(column.Field.Name)).Append(": ");
            AppendIds(text, column.Field.Id, column.Field.Type);
        }

        return text.Append("}, KV_METADATA {'iceberg.schema': ").Append(DuckQuote.Literal(SchemaJson.ToText(schema))).Append('}').ToString();
    }

    private static void AppendIds(StringBuilder text, int id, LakeType type)
    {
        (string Name, int Id, LakeType Type)[] children = type switch
        {
            StructType structure => [.. structure.Fields.Select(field => (field.Name, field.Id, field.Type))],
            ListType list => [("element", list.ElementId, list.Element)],
            MapType map => [("key", map.KeyId, map.Key), ("value", map.ValueId, map.Value)],
            _ => [],
        };
        if (children.Length == 0)
        {
            text.Append(id);
            return;
        }

        text.Append("{__duckdb_field_id: ").Append(id);
        foreach (var child in children)
        {
            text.Append(", ").Append(DuckQuote.Identifier(child.Name)).Append(": ");
            AppendIds(text, child.Id, child.Type);
        }

        text.Append('}');
    }
}
