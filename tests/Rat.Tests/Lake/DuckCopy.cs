using System.Globalization;
using DuckDB.NET.Data;
using Rat.Engine.Merging.Files;
using Rat.Storage.Lake;

namespace Rat.Tests.Lake;

/// <summary>Writes data files as runs do: DuckDB's COPY with field ids, statistics and the schema in the file.</summary>
internal sealed class DuckCopy : IDisposable, IDeleteFileWriter
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");

    public DuckCopy() => _connection.Open();

    /// <summary>Writes what a SELECT gives into one file of the staging target.</summary>
    public WrittenFile Write(StagingTarget target, LakeSchema schema, string select, int number = 0)
    {
        var name = $"{target.FilePrefix}{number.ToString(CultureInfo.InvariantCulture)}.parquet";
        using var command = _connection.CreateCommand();
        command.CommandText = $$"""
            COPY ({{select}}) TO '{{Path.Combine(target.DataFolder, name)}}' (
                FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, RETURN_STATS,
                FIELD_IDS {{FieldIds(schema.Fields)}},
                KV_METADATA {'iceberg.schema': '{{SchemaJson.ToText(schema).Replace("'", "''", StringComparison.Ordinal)}}'})
            """;
        return Read(command, name);
    }

    /// <summary>Writes position deletes as runs do.</summary>
    public WrittenFile WriteDeletes(StagingTarget target, string uri, string positions)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = DeleteFileText.Of(target, uri, positions);
        return Read(command, name: null);
    }

    public WrittenFile Rewrite(StagingTarget target, string deletes, string uri) =>
        WriteDeletes(target, uri, DeleteFileText.PositionsOf(deletes));

    /// <summary>The first column of every row, as text; null for NULL.</summary>
    public IReadOnlyList<string> Column(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
            values.Add(reader.IsDBNull(0) ? "NULL" : Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        return values;
    }

    /// <summary>The first column of the first row, as text.</summary>
    public string Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), CultureInfo.InvariantCulture)!;
    }

    public void Dispose() => _connection.Dispose();

    private static WrittenFile Read(DuckDBCommand command, string? name)
    {
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        var rows = Convert.ToInt64(reader["count"], CultureInfo.InvariantCulture);
        var size = Convert.ToInt64(reader["file_size_bytes"], CultureInfo.InvariantCulture);
        var statistics = (Dictionary<string, Dictionary<string, string>>)reader["column_statistics"];
        return new WrittenFile(
            name ?? Path.GetFileName((string)reader["filename"]), rows, size, [.. statistics.Select(column => Leaf(column.Key, column.Value))]);
    }

    private static LeafStatistics Leaf(string path, Dictionary<string, string> values) => new(
        path,
        long.Parse(values["column_size_bytes"], CultureInfo.InvariantCulture),
        values.GetValueOrDefault("min"),
        values.GetValueOrDefault("max"),
        long.Parse(values["null_count"], CultureInfo.InvariantCulture),
        long.Parse(values["num_values"], CultureInfo.InvariantCulture),
        values.TryGetValue("has_nan", out var hasNan) ? hasNan == "true" : null);

    private static string FieldIds(IReadOnlyList<LakeField> fields) =>
        $"{{{string.Join(", ", fields.Select(field => $"{LakeTypeText.Quote(field.Name)}: {FieldId(field.Id, field.Type)}"))}}}";

    private static string FieldId(int id, LakeType type) => type switch
    {
        StructType structure => $"{{__duckdb_field_id: {id}, {FieldIds(structure.Fields)[1..]}",
        ListType list => $"{{__duckdb_field_id: {id}, element: {FieldId(list.ElementId, list.Element)}}}",
        MapType map => $"{{__duckdb_field_id: {id}, key: {FieldId(map.KeyId, map.Key)}, value: {FieldId(map.ValueId, map.Value)}}}",
        _ => id.ToString(CultureInfo.InvariantCulture),
    };
}
