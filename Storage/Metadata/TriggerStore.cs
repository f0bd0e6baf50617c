using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>triggers</c>. Those of a soft-deleted pipeline are seen by none of these.</summary>
internal static class TriggerStore
{
    /// <summary>What <see cref="OfPipeline"/> reads.</summary>
    public const ListedTables Listed = ListedTables.Triggers | ListedTables.Pipelines;

    private const string Select = """
        SELECT t.id, t.pipeline_id, p.namespace, p.layer, p.name, t.type, t.config, t.subject, t.enabled, t.cooldown_seconds,
               t.last_triggered_at, t.last_run_id, t.counted_from, t.next_due_at, t.created_at, t.updated_at
        FROM triggers AS t JOIN pipelines AS p ON p.id = t.pipeline_id AND p.deleted_at IS NULL
        """;

    /// <summary>The trigger, when it belongs to that pipeline.</summary>
    public static TriggerRow? Find(SqliteConnection connection, Guid pipelineId, Guid id) =>
        Rows(connection, $"{Select} WHERE t.id = $id AND t.pipeline_id = $pipeline_id", ("$id", id.ToString()), ("$pipeline_id", pipelineId.ToString()))
            .FirstOrDefault();

    /// <summary>All triggers of a pipeline, newest first.</summary>
    public static IReadOnlyList<TriggerRow> OfPipeline(SqliteConnection connection, Guid pipelineId) =>
        Rows(connection, $"{Select} WHERE t.pipeline_id = $pipeline_id ORDER BY t.created_at DESC, t.id", ("$pipeline_id", pipelineId.ToString()));

    /// <summary>All triggers of a type, disabled ones too.</summary>
    public static IReadOnlyList<TriggerRow> OfType(SqliteConnection connection, string type) =>
        Rows(connection, $"{Select} WHERE t.type = $type", ("$type", type));

    /// <summary>Enabled triggers of a type that wait for the events of a subject, oldest first.</summary>
    public static IReadOnlyList<TriggerRow> WaitingFor(SqliteConnection connection, string type, string subject) =>
        Rows(connection, $"{Select} WHERE t.type = $type AND t.subject = $subject AND t.enabled = 1 ORDER BY t.created_at, t.id",
            ("$type", type), ("$subject", subject));

    /// <summary>Enabled triggers with a clock that are due at a time, the longest due first; not those that are known to lack a dependency.</summary>
    public static IReadOnlyList<TriggerRow> Due(SqliteConnection connection, long now) =>
        Rows(connection, $"{Select} WHERE t.enabled = 1 AND t.awaits = 0 AND t.next_due_at <= $now ORDER BY t.next_due_at, t.id", ("$now", now));

    /// <summary>When the next one of those is due; null when none is.</summary>
    public static long? NextDue(SqliteConnection connection) =>
        Rows(connection, $"{Select} WHERE t.enabled = 1 AND t.awaits = 0 AND t.next_due_at IS NOT NULL ORDER BY t.next_due_at LIMIT 1")
            .FirstOrDefault()?.NextDueAt;

    /// <summary>Enabled triggers that are due and depend on a pipeline, oldest first.</summary>
    public static IReadOnlyList<TriggerRow> DueAfter(SqliteConnection connection, string dependency, long now) =>
        Rows(connection, $"""
            {Select} JOIN trigger_dependencies AS d ON d.trigger_id = t.id AND d.dependency = $dependency
            WHERE t.enabled = 1 AND t.next_due_at <= $now ORDER BY t.created_at, t.id
            """, ("$dependency", dependency), ("$now", now));

    /// <summary>Enabled triggers of some types that have no due time, or whose due time was counted from a time after <paramref name="latest"/>.</summary>
    public static IReadOnlyList<TriggerRow> Miscounted(SqliteConnection connection, string type, long latest) =>
        Rows(connection, $"{Select} WHERE t.type = $type AND t.enabled = 1 AND (t.next_due_at IS NULL OR t.counted_from > $latest)",
            ("$type", type), ("$latest", latest));

    public static void Insert(SqliteConnection connection, TriggerRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO triggers (id, pipeline_id, type, config, subject, enabled, cooldown_seconds, counted_from, next_due_at, created_at, updated_at)
            VALUES ($id, $pipeline_id, $type, $config, $subject, $enabled, $cooldown_seconds, $counted_from, $next_due_at, $now, $now)
            """;
        command.Parameters.AddWithValue("$pipeline_id", row.PipelineId.ToString());
        command.Parameters.AddWithValue("$type", row.Type);
        AddSettings(command, row, row.CreatedAt);
        command.ExecuteNonQuery();
    }

    /// <summary>Stores what a client may change, and when it is due after that.</summary>
    public static void Update(SqliteConnection connection, TriggerRow row, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE triggers
            SET config = $config, subject = $subject, enabled = $enabled, cooldown_seconds = $cooldown_seconds, counted_from = $counted_from,
                next_due_at = $next_due_at, awaits = 0, updated_at = max($now, updated_at + 1)
            WHERE id = $id
            """;
        AddSettings(command, row, now);
        command.ExecuteNonQuery();
    }

    public static void Delete(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM triggers WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.ExecuteNonQuery();
    }

    /// <summary>Counts its next due time from a time on.</summary>
    public static void SetNext(SqliteConnection connection, Guid id, long from, long? next)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE triggers SET counted_from = $from, next_due_at = $next, awaits = 0 WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$from", from);
        command.Parameters.AddWithValue("$next", (object?)next ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    /// <summary>Records that it has fired; its dependencies have to succeed anew.</summary>
    public static void SetFired(SqliteConnection connection, Guid id, Guid runId, long now, long? next)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE triggers SET last_triggered_at = $now, last_run_id = $run_id, counted_from = $now, next_due_at = $next, awaits = 0 WHERE id = $id;
            UPDATE trigger_dependencies SET satisfied = 0 WHERE trigger_id = $id;
            """;
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        command.Parameters.AddWithValue("$now", now);
        command.Parameters.AddWithValue("$next", (object?)next ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private static void AddSettings(SqliteCommand command, TriggerRow row, long now)
    {
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        command.Parameters.AddWithValue("$config", row.Config);
        command.Parameters.AddWithValue("$subject", (object?)row.Subject ?? DBNull.Value);
        command.Parameters.AddWithValue("$enabled", row.Enabled);
        command.Parameters.AddWithValue("$cooldown_seconds", row.CooldownSeconds);
        command.Parameters.AddWithValue("$counted_from", row.CountedFrom);
        command.Parameters.AddWithValue("$next_due_at", (object?)row.NextDueAt ?? DBNull.Value);
        command.Parameters.AddWithValue("$now", now);
    }

    private static List<TriggerRow> Rows(SqliteConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var rows = connection.Prepared(sql).Bind(parameters);
        var triggers = new List<TriggerRow>();
        while (rows.Read())
            triggers.Add(ReadRow(rows));
        return triggers;
    }

    private static TriggerRow ReadRow(Statement rows) => new(
        rows.Id(0),
        rows.Id(1),
        new TableName(rows.Text(2), rows.Text(3), rows.Text(4)),
        rows.Text(5),
        rows.Text(6),
        rows.TextOrNull(7),
        rows.Boolean(8),
        (int)rows.Integer(9),
        rows.IntegerOrNull(10),
        rows.IdOrNull(11),
        rows.Integer(12),
        rows.IntegerOrNull(13),
        rows.Integer(14),
        rows.Integer(15));
}
