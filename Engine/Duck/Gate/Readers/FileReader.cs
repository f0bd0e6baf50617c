using System.Collections.Frozen;

namespace Rat.Engine.Duck.Gate.Readers;

/// <summary>
/// A table function that reads landing files, and the options that it may be given. Left out are those that write (<c>store_rejects</c> and
/// the like make temporary tables), that name keys (<c>encryption_config</c>), that tell the planner what isn't so
/// (<c>explicit_cardinality</c>), that only DuckDB itself needs (<c>schema</c>, <c>debug_use_openssl</c>) or that size its buffers.
/// </summary>
internal sealed class FileReader
{
    private const string OfAll = "compression filename hive_partitioning hive_types hive_types_autocast union_by_name";

    private const string OfCsv = """
        all_varchar allow_quoted_nulls auto_detect auto_type_candidates column_names column_types columns comment dateformat
        decimal_separator delim dtypes encoding escape force_not_null header ignore_errors max_line_size maximum_line_size names new_line
        normalize_names null_padding nullstr parallel quote sample_size sep skip strict_mode thousands timestampformat types
        """;

    private const string OfJsonObjects = "format ignore_errors maximum_object_size";

    private const string OfJson = """
        format ignore_errors maximum_object_size auto_detect columns convert_strings_to_integers date_format dateformat
        field_appearance_threshold map_inference_threshold maximum_depth maximum_sample_files records sample_size timestamp_format
        timestampformat
        """;

    private const string OfParquet = "binary_as_string file_row_number";

    private static readonly FrozenDictionary<string, FileReader> Readers = new FileReader[]
    {
        new("read_csv", OfCsv),
        new("read_csv_auto", OfCsv),
        new("read_json", OfJson),
        new("read_json_auto", OfJson),
        new("read_json_objects", OfJsonObjects),
        new("read_json_objects_auto", OfJsonObjects),
        new("read_ndjson", OfJson),
        new("read_ndjson_auto", OfJson),
        new("read_ndjson_objects", OfJsonObjects),
        new("read_parquet", OfParquet),
    }.ToFrozenDictionary(reader => reader.Name, StringComparer.Ordinal);

    private FileReader(string name, string options)
    {
        Name = name;
        Options = $"{OfAll} {options}".Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
    }

    public string Name { get; }

    /// <summary>Named parameters, in lower case.</summary>
    public FrozenSet<string> Options { get; }

    /// <param name="name">In lower case.</param>
    public static FileReader? Find(string name) => Readers.GetValueOrDefault(name);
}
