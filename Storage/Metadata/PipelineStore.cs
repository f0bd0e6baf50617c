using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>pipelines</c>. A soft-deleted pipeline is seen by none of these.</summary>
internal static class PipelineStore
{
    private const string Columns = """
        p.id, p.namespace, p.layer, p.name, p.type, p.description, p.owner, p.published_at, p.published_versions, p.draft_dirty,
        p.max_versions, p.retention_config, p.created_at, p.updated_at, r.id, r.status, r.finished_at
        """;

    private const string WithLastRun = $"FROM pipelines AS p {JoinedLastRun}";

    private const string JoinedLastRun = """
        LEFT JOIN runs AS r ON r.rowid = (SELECT rowid FROM runs WHERE pipeline_id = p.id ORDER BY created_at DESC, id LIMIT 1)
        """;

    private static readonly Dictionary<string, string> NeverPublished = [];

    /// <summary>The live pipeline of that name, or null.</summary>
    public static PipelineRow? Find(SqliteConnection connection, TableName name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {Columns} {WithLastRun}
            WHERE p.namespace = $namespace AND p.layer = $layer AND p.name = $name AND p.deleted_at IS NULL
            """;
        AddName(command, name);
        return ReadOne(command);
    }

    /// <summary>The pipeline that a run belongs to; null when it was deleted.</summary>
    public static PipelineRow? FindLive(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} {WithLastRun} WHERE p.id = $id AND p.deleted_at IS NULL";
        command.Parameters.AddWithValue("$id", id.ToString());
        return ReadOne(command);
    }

    /// <summary>One page of the pipelines that match, and how many match in all.</summary>
    public static (IReadOnlyList<PipelineRow> Pipelines, long Total) List(SqliteConnection connection, PipelineFilter filter)
    {
        using var command = connection.CreateCommand();
        var where = "";
        Add("AND p.namespace = $namespace", "$namespace", filter.Namespace);
        Add("AND p.layer = $layer", "$layer", filter.Layer);
        Add("AND instr(lower(p.name), lower($search)) > 0", "$search", filter.Search);

        // Counts are kept by namespace and layer; only names that are searched for have to be counted.
        command.CommandText = filter.Search is null
            ? $"SELECT coalesce(sum(p.count), 0) FROM pipeline_counts AS p WHERE true {where}"
            : $"SELECT count(*) FROM pipelines AS p WHERE p.deleted_at IS NULL {where}";
        var total = (long)command.ExecuteScalar()!;
        var window = PageWindow.Of(filter.Limit, filter.Offset, total);
        if (window.Limit == 0)
            return ([], total);

        var column = filter.Sort is "name" or "namespace" or "layer" or "type" or "updated_at" ? filter.Sort : "created_at";
        var order = $"ORDER BY p.{column} {window.Direction(filter.Descending)}, p.id {window.Direction(isDescending: false)}";
        // The page first: joined before, the last run of every pipeline that is skipped would be looked up too.
        command.CommandText = $"""
            SELECT {Columns} FROM (SELECT p.* FROM pipelines AS p WHERE p.deleted_at IS NULL {where} {order} LIMIT $limit OFFSET $offset) AS p {JoinedLastRun} {order}
            """;
        command.Parameters.AddWithValue("$limit", window.Limit);
        command.Parameters.AddWithValue("$offset", window.Offset);
        using var reader = command.ExecuteReader();
        var pipelines = new List<PipelineRow>(window.Limit);
        while (reader.Read())
            pipelines.Add(ReadRow(reader));
        if (window.IsTurned)
            pipelines.Reverse();
        return (pipelines, total);

        void Add(string condition, string parameter, string? value)
        {
            if (value is null)
                return;
            where += $" {condition}";
            command.Parameters.AddWithValue(parameter, value);
        }
    }

    /// <summary>False when a live pipeline has that name.</summary>
    public static bool TryInsert(SqliteConnection connection, Guid id, TableName name, string type, string description, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO pipelines (id, namespace, layer, name, type, description, created_at, updated_at)
            VALUES ($id, $namespace, $layer, $name, $type, $description, $now, $now)
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("$id", id.ToString());
        AddName(command, name);
        command.Parameters.AddWithValue("$type", type);
        command.Parameters.AddWithValue("$description", description);
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Stores the fields that a client may change.</summary>
    public static void Update(SqliteConnection connection, PipelineRow row, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE pipelines SET type = $type, description = $description, owner = $owner, updated_at = max($now, updated_at + 1) WHERE id = $id
            """;
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        command.Parameters.AddWithValue("$type", row.Type);
        command.Parameters.AddWithValue("$description", row.Description);
        command.Parameters.AddWithValue("$owner", (object?)row.Owner ?? DBNull.Value);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    /// <summary>Stores a publication, and whether the draft differs from it.</summary>
    /// <param name="files">Key → version id.</param>
    public static void SetPublished(SqliteConnection connection, Guid id, IReadOnlyDictionary<string, string> files, bool isDirty, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE pipelines
            SET published_versions = $published_versions, published_at = $now, draft_dirty = $draft_dirty, updated_at = max($now, updated_at + 1)
            WHERE id = $id
            """;
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$published_versions", ToJson(files));
        command.Parameters.AddWithValue("$draft_dirty", isDirty);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    /// <summary>The JSON object of a map of files.</summary>
    public static string ToJson(IReadOnlyDictionary<string, string> files) =>
        JsonSerializer.Serialize(files, PipelineJson.Default.IReadOnlyDictionaryStringString);

    /// <summary>Soft-deletes. False when there is no live pipeline of that name.</summary>
    public static bool TryDelete(SqliteConnection connection, TableName name, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE pipelines SET deleted_at = $now
            WHERE namespace = $namespace AND layer = $layer AND name = $name AND deleted_at IS NULL
            """;
        AddName(command, name);
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>A file under a pipeline's folder was written: its draft differs from what was published.</summary>
    public static void MarkDirty(SqliteConnection connection, string key)
    {
        if (key.Split('/') is not [var ns, "pipelines", var layer, var name, _, ..])
            return;
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE pipelines SET draft_dirty = 1 WHERE namespace = $namespace AND layer = $layer AND name = $name AND deleted_at IS NULL
            """;
        AddName(command, new TableName(ns, layer, name));
        command.ExecuteNonQuery();
    }

    private static void AddName(SqliteCommand command, TableName name)
    {
        command.Parameters.AddWithValue("$namespace", name.Namespace);
        command.Parameters.AddWithValue("$layer", name.Layer);
        command.Parameters.AddWithValue("$name", name.Name);
    }

    private static PipelineRow? ReadOne(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadRow(reader) : null;
    }

    private static Dictionary<string, string> Versions(string json) =>
        json == "{}" ? NeverPublished : JsonSerializer.Deserialize(json, PipelineJson.Default.DictionaryStringString)!;

    private static PipelineRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        new TableName(reader.GetString(1), reader.GetString(2), reader.GetString(3)),
        reader.GetString(4),
        reader.GetString(5),
        reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetInt64(7),
        Versions(reader.GetString(8)),
        reader.GetBoolean(9),
        reader.GetInt32(10),
        reader.IsDBNull(11) ? null : reader.GetString(11),
        reader.GetInt64(12),
        reader.GetInt64(13),
        reader.IsDBNull(14) ? null : new LastRunRow(Guid.Parse(reader.GetString(14)), reader.GetString(15), reader.IsDBNull(16) ? null : reader.GetInt64(16)));
}

/// <summary>JSON that is kept in columns of <c>pipelines</c>.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class PipelineJson : JsonSerializerContext;
