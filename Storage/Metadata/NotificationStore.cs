using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A message that has still to be sent. Times in microseconds since the epoch.</summary>
/// <param name="Event">The state that the run came into, or <c>recovered</c>: it succeeded where the one before had failed.</param>
/// <param name="Attempts">How often sending it has failed.</param>
/// <param name="Gate">Whether quality tests kept the run from being committed.</param>
internal sealed record NotificationRow(long Id, RunRow Run, string Event, int Attempts, bool Gate, long CreatedAt);

/// <summary>The tables <c>notification_targets</c> and <c>notification_outbox</c>. What goes into the latter is written by the database itself, when
/// the state of a run changes.</summary>
internal static class NotificationStore
{
    /// <summary>Sets who is told. What waits for others is dropped.</summary>
    public static void SetTargets(SqliteConnection connection, IEnumerable<string> targets)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM notification_targets";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO notification_targets (name) VALUES ($name)";
        var name = command.Parameters.Add("$name", SqliteType.Text);
        foreach (var target in targets)
        {
            name.Value = target;
            command.ExecuteNonQuery();
        }

        command.CommandText = "DELETE FROM notification_outbox WHERE target NOT IN (SELECT name FROM notification_targets)";
        command.ExecuteNonQuery();
    }

    /// <summary>The oldest message for a target that may be sent, or null.</summary>
    public static NotificationRow? Next(SqliteConnection connection, string target, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, run_id, event, attempts, created_at,
                   EXISTS (SELECT 1 FROM quality_results AS q
                           WHERE q.run_id = o.run_id AND q.severity = 'error' AND q.status IN ('failed', 'error'))
            FROM notification_outbox AS o WHERE target = $target AND due_at <= $now ORDER BY id LIMIT 1
            """;
        command.Parameters.AddWithValue("$target", target);
        command.Parameters.AddWithValue("$now", now);
        using var reader = command.ExecuteReader();
        return reader.Read() && RunStore.Find(connection, Guid.Parse(reader.GetString(1))) is { } run
            ? new NotificationRow(reader.GetInt64(0), run, reader.GetString(2), reader.GetInt32(3), reader.GetBoolean(5), reader.GetInt64(4))
            : null;
    }

    /// <summary>When the next message for a target may be sent; null when none waits.</summary>
    public static long? NextDue(SqliteConnection connection, string target)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT min(due_at) FROM notification_outbox WHERE target = $target";
        command.Parameters.AddWithValue("$target", target);
        return command.ExecuteScalar() as long?;
    }

    /// <summary>It was sent, or is given up.</summary>
    public static void Delete(SqliteConnection connection, long id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM notification_outbox WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }

    /// <summary>It is to be sent again, not before a time.</summary>
    public static void Postpone(SqliteConnection connection, long id, long dueAt)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE notification_outbox SET attempts = attempts + 1, due_at = $due_at WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$due_at", dueAt);
        command.ExecuteNonQuery();
    }
}
