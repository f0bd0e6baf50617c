using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>pipelines</c>. A soft-deleted pipeline is seen by none of these.</summary>
internal static class PipelineStore
{
    /// <summary>What <see cref="List"/> and <see cref="Find"/> read.</summary>
    public const ListedTables Listed = ListedTables.Pipelines | ListedTables.Runs;

    private const string Columns = """
        p.id, p.namespace, p.layer, p.name, p.type, p.description, p.owner, p.published_at, p.published_versions, p.draft_dirty,
        p.max_versions, p.retention_config, p.created_at, p.updated_at, r.run_id, r.status, r.finished_at
        """;

    private const string WithLastRun = $"FROM pipelines AS p {JoinedLastRun}";

    private const string JoinedLastRun = "LEFT JOIN last_runs AS r ON r.pipeline_id = p.id";

    // The last run of every pipeline that is skipped is looked up too, unless the page is cut out first and then put in order once more: from
    // here on that costs less.
    private const int FarIn = 50;

    private static readonly Dictionary<string, string> NeverPublished = [];

    /// <summary>The live pipeline of that name, or null.</summary>
    public static PipelineRow? Find(SqliteConnection connection, TableName name)
    {
        using var rows = connection.Prepared($"""
            SELECT {Columns} {WithLastRun}
            WHERE p.namespace = $namespace AND p.layer = $layer AND p.name = $name AND p.deleted_at IS NULL
            """).Bind("$namespace", name.Namespace).Bind("$layer", name.Layer).Bind("$name", name.Name);
        return rows.Read() ? ReadRow(rows) : null;
    }

    /// <summary>The pipeline that a run belongs to; null when it was deleted.</summary>
    public static PipelineRow? FindLive(SqliteConnection connection, Guid id)
    {
        using var rows = connection.Prepared($"SELECT {Columns} {WithLastRun} WHERE p.id = $id AND p.deleted_at IS NULL").Bind("$id", id.ToString());
        return rows.Read() ? ReadRow(rows) : null;
    }

    /// <summary>One page of the pipelines that match, and how many match in all.</summary>
    public static (IReadOnlyList<PipelineRow> Pipelines, long Total) List(SqliteConnection connection, PipelineFilter filter)
    {
        var parameters = new List<(string Name, object Value)>();
        var where = "";
        Add("AND p.namespace = $namespace", "$namespace", filter.Namespace);
        Add("AND p.layer = $layer", "$layer", filter.Layer);
        Add("AND instr(lower(p.name), lower($search)) > 0", "$search", filter.Search);

        var total = Count(connection, filter, where, parameters);
        var window = PageWindow.Of(filter.Limit, filter.Offset, total);
        if (window.Limit == 0)
            return ([], total);

        var column = filter.Sort is "name" or "namespace" or "layer" or "type" or "updated_at" ? filter.Sort : "created_at";
        var order = $"ORDER BY p.{column} {window.Direction(filter.Descending)}, p.id {window.Direction(isDescending: false)}";
        using var rows = connection.Prepared(window.Offset < FarIn
            ? $"SELECT {Columns} {WithLastRun} WHERE p.deleted_at IS NULL {where} {order} LIMIT $limit OFFSET $offset"
            : $"""
              SELECT {Columns} FROM (SELECT p.* FROM pipelines AS p WHERE p.deleted_at IS NULL {where} {order} LIMIT $limit OFFSET $offset) AS p {JoinedLastRun} {order}
              """).Bind([.. parameters]).Bind("$limit", window.Limit).Bind("$offset", window.Offset);
        var pipelines = new List<PipelineRow>(window.Limit);
        while (rows.Read())
            pipelines.Add(ReadRow(rows));
        if (window.IsTurned)
            pipelines.Reverse();
        return (pipelines, total);

        void Add(string condition, string parameter, string? value)
        {
            if (value is null)
                return;
            where += $" {condition}";
            parameters.Add((parameter, value));
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

    // Counts are kept by namespace and layer; only names that are searched for have to be counted.
    private static long Count(SqliteConnection connection, PipelineFilter filter, string where, List<(string Name, object Value)> parameters)
    {
        using var row = connection.Prepared(filter.Search is null
            ? $"SELECT coalesce(sum(p.count), 0) FROM pipeline_counts AS p WHERE true {where}"
            : $"SELECT count(*) FROM pipelines AS p WHERE p.deleted_at IS NULL {where}").Bind([.. parameters]);
        return row.ReadNumber();
    }

    private static Dictionary<string, string> Versions(ReadOnlySpan<byte> json) =>
        json.SequenceEqual("{}"u8) ? NeverPublished : JsonSerializer.Deserialize(json, PipelineJson.Default.DictionaryStringString)!;

    private static PipelineRow ReadRow(Statement rows) => new(
        rows.Id(0),
        new TableName(rows.Text(1), rows.Text(2), rows.Text(3)),
        rows.Text(4),
        rows.Text(5),
        rows.TextOrNull(6),
        rows.IntegerOrNull(7),
        Versions(rows.Utf8(8)),
        rows.Boolean(9),
        (int)rows.Integer(10),
        rows.TextOrNull(11),
        rows.Integer(12),
        rows.Integer(13),
        rows.IdOrNull(14) is { } run ? new LastRunRow(run, rows.Text(15), rows.IntegerOrNull(16)) : null);
}

/// <summary>JSON that is kept in columns of <c>pipelines</c>.</summary>
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class PipelineJson : JsonSerializerContext;
