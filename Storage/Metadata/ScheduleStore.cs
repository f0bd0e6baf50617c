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
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.Schedules | ListedTables.Pipelines;

    // CROSS: schedules first. There are indexes for each order in which they are asked for.
    private const string Select = """
        SELECT s.id, s.pipeline_id, p.namespace, p.layer, p.name, s.cron, s.enabled, s.last_run_id, s.last_run_at, s.next_run_at,
               s.created_at, s.updated_at
        FROM schedules AS s CROSS JOIN pipelines AS p ON p.id = s.pipeline_id AND p.deleted_at IS NULL
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
        var total = ListCounts.Read(connection, ListCounts.Schedules);
        var window = PageWindow.Of(limit, offset, total);
        if (window.Limit == 0)
            return ([], total);
        var page = Rows(connection, $"""
            {Select} ORDER BY s.created_at {window.Direction(isDescending: true)}, s.id {window.Direction(isDescending: false)} LIMIT $limit OFFSET $offset
            """, ("$limit", (long)window.Limit), ("$offset", window.Offset));
        if (window.IsTurned)
            page.Reverse();
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
        using var rows = connection.Prepared(sql).Bind(parameters);
        var schedules = new List<ScheduleRow>();
        while (rows.Read())
            schedules.Add(ReadRow(rows));
        return schedules;
    }

    private static ScheduleRow ReadRow(Statement rows) => new(
        rows.Id(0),
        rows.Id(1),
        new TableName(rows.Text(2), rows.Text(3), rows.Text(4)),
        rows.Text(5),
        rows.Boolean(6),
        rows.IdOrNull(7),
        rows.IntegerOrNull(8),
        rows.IntegerOrNull(9),
        rows.Integer(10),
        rows.Integer(11));
}
