using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A schedule of a live pipeline. Times in microseconds since the epoch.</summary>
/// <param name="NextRunAt">Null when its expression has no due time.</param>
internal sealed record ScheduleRow(
    Guid Id,
    Guid PipelineId,
    TableName Pipeline,
    string Cron,
    bool Enabled,
    Guid? LastRunId,
    long? LastRunAt,
    long? NextRunAt,
    long CreatedAt,
    long UpdatedAt);

/// <summary>The table <c>schedules</c>. Those of a soft-deleted pipeline are seen by none of these.</summary>
internal static class ScheduleStore
{
    private const string Select = """
        SELECT s.id, s.pipeline_id, p.namespace, p.layer, p.name, s.cron, s.enabled, s.last_run_id, s.last_run_at, s.next_run_at,
               s.created_at, s.updated_at
        FROM schedules AS s JOIN pipelines AS p ON p.id = s.pipeline_id AND p.deleted_at IS NULL
        """;

    // A schedule whose pipeline is at work stays due: it fires once when that has ended.
    private const string Ready = """
        s.enabled = 1 AND s.next_run_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM runs AS r WHERE r.pipeline_id = s.pipeline_id AND r.status IN ('pending', 'running'))
        """;

    public static ScheduleRow? Find(SqliteConnection connection, Guid id) =>
        Rows(connection, $"{Select} WHERE s.id = $id", ("$id", id.ToString())).FirstOrDefault();

    /// <summary>One page, newest first, and how many there are.</summary>
    public static (IReadOnlyList<ScheduleRow> Schedules, long Total) List(SqliteConnection connection, int limit, int offset)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM schedules AS s JOIN pipelines AS p ON p.id = s.pipeline_id AND p.deleted_at IS NULL";
        var total = (long)command.ExecuteScalar()!;
        var page = Rows(connection, $"{Select} ORDER BY s.created_at DESC, s.id LIMIT $limit OFFSET $offset", ("$limit", limit), ("$offset", offset));
        return (page, total);
    }

    /// <summary>Enabled schedules that are due at a time and whose pipeline is free, the longest due first.</summary>
    public static IReadOnlyList<ScheduleRow> Due(SqliteConnection connection, long now) =>
        Rows(connection, $"{Select} WHERE {Ready} AND s.next_run_at <= $now ORDER BY s.next_run_at, s.id", ("$now", now));

    /// <summary>When the next one is due whose pipeline is free; null when none is.</summary>
    public static long? NextDue(SqliteConnection connection) =>
        Rows(connection, $"{Select} WHERE {Ready} ORDER BY s.next_run_at LIMIT 1").FirstOrDefault()?.NextRunAt;

    /// <summary>Enabled schedules without a due time, or whose due time was counted from a time after <paramref name="latest"/>.</summary>
    public static IReadOnlyList<ScheduleRow> Miscounted(SqliteConnection connection, long latest) =>
        Rows(connection, $"{Select} WHERE s.enabled = 1 AND (s.next_run_at IS NULL OR s.counted_from > $latest)", ("$latest", latest));

    public static void Insert(SqliteConnection connection, ScheduleRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO schedules (id, pipeline_id, cron, enabled, counted_from, next_run_at, created_at, updated_at)
            VALUES ($id, $pipeline_id, $cron, $enabled, $now, $next, $now, $now)
            """;
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        command.Parameters.AddWithValue("$pipeline_id", row.PipelineId.ToString());
        command.Parameters.AddWithValue("$cron", row.Cron);
        command.Parameters.AddWithValue("$enabled", row.Enabled);
        command.Parameters.AddWithValue("$next", (object?)row.NextRunAt ?? DBNull.Value);
        command.Parameters.AddWithValue("$now", row.CreatedAt);
        command.ExecuteNonQuery();
    }

    /// <summary>Stores the fields that a client may change.</summary>
    public static void Update(SqliteConnection connection, ScheduleRow row, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE schedules SET cron = $cron, enabled = $enabled, updated_at = max($now, updated_at + 1) WHERE id = $id";
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        command.Parameters.AddWithValue("$cron", row.Cron);
        command.Parameters.AddWithValue("$enabled", row.Enabled);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    /// <summary>Counts its next due time from a time on.</summary>
    public static void SetNext(SqliteConnection connection, Guid id, long from, long? next)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE schedules SET counted_from = $from, next_run_at = $next WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$next", (object?)next ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Records that it has fired.</summary>
    public static void SetFired(SqliteConnection connection, Guid id, Guid runId, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE schedules SET last_run_id = $run_id, last_run_at = $now WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    public static void Delete(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM schedules WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.ExecuteNonQuery();
    }

    private static List<ScheduleRow> Rows(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var rows = new List<ScheduleRow>();
        while (reader.Read())
            rows.Add(ReadRow(reader));
        return rows;
    }

    private static ScheduleRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        Guid.Parse(reader.GetString(1)),
        new TableName(reader.GetString(2), reader.GetString(3), reader.GetString(4)),
        reader.GetString(5),
        reader.GetBoolean(6),
        reader.IsDBNull(7) ? null : Guid.Parse(reader.GetString(7)),
        reader.IsDBNull(8) ? null : reader.GetInt64(8),
        reader.IsDBNull(9) ? null : reader.GetInt64(9),
        reader.GetInt64(10),
        reader.GetInt64(11));
}
