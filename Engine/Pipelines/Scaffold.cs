using System.Globalization;
using System.Text;
using Rat.Storage;

namespace Rat.Engine.Pipelines;

/// <summary>The first files of a new pipeline: a source that says what to change, and a config.yaml.</summary>
internal static class Scaffold
{
    /// <summary>Files by name, source first.</summary>
    /// <param name="source">Upstream table or landing zone, or null for a placeholder.</param>
    /// <param name="uniqueKey">Key columns separated by commas, or null.</param>
    public static IReadOnlyList<(string Name, string Text)> Files(
        TableName pipeline, string type, string? source, string? uniqueKey, string description) =>
        [type == "python" ? ("pipeline.py", Python(pipeline, source)) : ("pipeline.sql", Sql(pipeline, source)), ("config.yaml", Config(uniqueKey, description))];

    private static string Sql(TableName pipeline, string? source) => $"""
        -- {pipeline}
        -- One SELECT: its result becomes the table {pipeline.Layer}.{pipeline.Name}.
        -- Replace the columns and the source by what this pipeline shall do.
        SELECT *
        FROM {SqlSource(pipeline.Layer, source)}

        """;

    private static string SqlSource(string layer, string? source) => Resolve(layer, source) switch
    {
        (true, var zone) => $"read_csv_auto('{{{{ landing_zone(\"{zone}\") }}}}')",
        (false, null) => "source_table",
        (false, var table) => $"{{{{ ref('{table}') }}}}",
    };

    private static string Python(TableName pipeline, string? source) => $"""
        # {pipeline}
        # Set `result` to an Arrow table: it becomes the table {pipeline.Layer}.{pipeline.Name}.
        result = duckdb_conn.execute(f"SELECT * FROM {PythonSource(pipeline.Layer, source)}").fetch_arrow_table()

        """;

    private static string PythonSource(string layer, string? source) => Resolve(layer, source) switch
    {
        (true, var zone) => $"read_csv_auto('{{landing_zone('{zone}')}}')",
        (false, null) => "source_table",
        (false, var table) => $"{{ref('{table}')}}",
    };

    // A source that no table and no zone can have as its name is none: in a template it could mean anything.
    private static (bool IsZone, string? Name) Resolve(string layer, string? source) => (layer, source) switch
    {
        _ when source is null || !IsName(source) => (false, layer switch
        {
            Layer.Bronze => null,
            Layer.Silver => "bronze.TODO_source",
            _ => "silver.TODO_source",
        }),
        _ when source.Contains('.', StringComparison.Ordinal) => (false, source),
        (Layer.Bronze, _) => (true, source),
        (Layer.Silver, _) => (false, $"bronze.{source}"),
        _ => (false, $"silver.{source}"),
    };

    private static bool IsName(string source) => source.Split('.') is { Length: <= 3 } parts && parts.All(part => Slug.IsValid(part));

    private static string Config(string? uniqueKey, string description)
    {
        var keys = (uniqueKey ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var text = new StringBuilder();
        text.Append("description: ").Append(Quote(description)).Append('\n').Append("materialized: table\n");
        if (keys.Length == 0)
            return text.Append("merge_strategy: full_refresh\n").ToString();
        text.Append("merge_strategy: incremental\nunique_key:\n");
        foreach (var key in keys)
            text.Append("  - ").Append(Quote(key)).Append('\n');
        return text.ToString();
    }

    // YAML 1.2, section 7.3.1: a double-quoted scalar takes any text. Escaped is what isn't printable there, or breaks a line (section 5.1);
    // not the halves of a surrogate pair, which together are a character.
    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            if (letter is '"' or '\\')
                quoted.Append('\\').Append(letter);
            else if (char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF')
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}");
            else
                quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
