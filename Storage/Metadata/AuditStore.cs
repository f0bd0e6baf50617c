using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A request that may have changed something. <c>CreatedAt</c> in microseconds since the epoch.</summary>
/// <param name="Action">The method in small letters: <c>post</c>, <c>put</c> or <c>delete</c>.</param>
/// <param name="Resource">Its path.</param>
internal sealed record AuditRow(Guid Id, string UserId, string Action, string Resource, string Address, long CreatedAt);

/// <summary>The table <c>audit_log</c>.</summary>
internal static class AuditStore
{
    public static void Insert(SqliteConnection connection, AuditRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO audit_log (id, user_id, action, resource, ip, created_at) VALUES ($id, $user_id, $action, $resource, $ip, $created_at)
            """;
        command.Parameters.AddWithValue("$id", row.Id.ToString());
        command.Parameters.AddWithValue("$user_id", row.UserId);
        command.Parameters.AddWithValue("$action", row.Action);
        command.Parameters.AddWithValue("$resource", row.Resource);
        command.Parameters.AddWithValue("$ip", row.Address);
        command.Parameters.AddWithValue("$created_at", row.CreatedAt);
        command.ExecuteNonQuery();
    }

    /// <summary>Removes entries from before a time, a bounded number of them: always the oldest, so that no gap comes into being. Returns how many.</summary>
    public static int DeleteBefore(SqliteConnection connection, long before)
    {
        const int most = 1000;
        using var command = connection.CreateCommand();
        command.CommandText = """
            DELETE FROM audit_log
            WHERE seq < coalesce((SELECT seq FROM audit_log WHERE created_at >= $before ORDER BY seq LIMIT 1), 9223372036854775807)
              AND seq < (SELECT min(seq) FROM audit_log) + $most
            """;
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$most", most);
        return command.ExecuteNonQuery();
    }

    /// <summary>One page, newest first, and how many there are. Neither costs more with a longer log.</summary>
    public static (IReadOnlyList<AuditRow> Entries, long Total) List(SqliteConnection connection, int limit, int offset)
    {
        using var command = connection.CreateCommand();
        // Each of the two alone is answered from the end of the table's tree; min() and max() in one SELECT would read all of it.
        command.CommandText = "SELECT (SELECT coalesce(max(seq), 0) FROM audit_log), (SELECT coalesce(min(seq), 1) FROM audit_log)";
        long last, total;
        using (var range = command.ExecuteReader())
        {
            range.Read();
            last = range.GetInt64(0);
            total = last - range.GetInt64(1) + 1;
        }

        command.CommandText = "SELECT id, user_id, action, resource, ip, created_at FROM audit_log WHERE seq <= $from ORDER BY seq DESC LIMIT $limit";
        command.Parameters.AddWithValue("$from", last - offset);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var entries = new List<AuditRow>();
        while (reader.Read())
        {
            entries.Add(new AuditRow(
                Guid.Parse(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetInt64(5)));
        }

        return (entries, total);
    }
}
