using System.Globalization;
using System.Text;
using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging;

/// <summary>The COPY by which DuckDB writes the data files of a snapshot.</summary>
internal static class CopyText
{
    // Measured: level 1 with the v2 encodings is both the smallest and the fastest (COMPRESSION zstd at its default takes 1.5 times as long).
    private const string Format =
        "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, RETURN_STATS, FILE_SIZE_BYTES '64MB', OVERWRITE_OR_IGNORE";

    /// <param name="sql">The admitted statement whose result is written.</param>
    /// <param name="columns">The result's columns, in order.</param>
    /// <param name="schema">The table's schema; it has a field for each column.</param>
    public static string Of(string sql, IReadOnlyList<NewColumn> columns, LakeSchema schema, StagingTarget target)
    {
        var fields = schema.Fields.ToDictionary(field => field.Name, StringComparer.OrdinalIgnoreCase);
        var written = columns.Select(column => fields[column.Name]).ToList();

        var text = new StringBuilder("COPY (SELECT ");
        foreach (var (index, field) in written.Index())
        {
            text.Append(CultureInfo.InvariantCulture, $"{(index == 0 ? "" : ", ")}CAST(c{index} AS {LakeColumns.SqlType(field.Type)})")
                .Append(" AS ").Append(DuckQuote.Identifier(field.Name));
        }

        // Columns by position: a name may need quotes, and an expression's name may not be one at all. The statement begins on this line, so
        // that the lines in DuckDB's messages are the user's, and a line feed ends its last comment.
        text.Append(" FROM (").Append(sql).Append("\n) AS result(")
            .AppendJoin(", ", written.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"c{index}"))).Append(")) TO ")
            .Append(DuckQuote.Literal(target.DataFolder)).Append(" (").Append(Format).Append(", ")
            .Append(ParquetVersion.Of(written.Select(field => LakeColumns.SqlType(field.Type))))
            .Append(", FILENAME_PATTERN ").Append(DuckQuote.Literal(target.FilePrefix + "{uuidv7}"))
            .Append(", FIELD_IDS {");
        foreach (var (index, field) in written.Index())
        {
            text.Append(index == 0 ? "" : ", ").Append(DuckQuote.Identifier(field.Name)).Append(": ");
            AppendIds(text, field.Id, field.Type);
        }

        // Readers that match by name in old files take the names from this key.
        return text.Append("}, KV_METADATA {'iceberg.schema': ").Append(DuckQuote.Literal(SchemaJson.ToText(schema))).Append("})").ToString();
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
