using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A request that may have changed something. <c>CreatedAt</c> in microseconds since the epoch.</summary>
/// <param name="Action">The method in small letters: <c>post</c>, <c>put</c> or <c>delete</c>.</param>
/// <param name="Resource">Its path.</param>
internal sealed record AuditRow(Guid Id, string UserId, string Action, string Resource, string Address, long CreatedAt);

/// <summary>The table <c>audit_log</c>.</summary>
internal static class AuditStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.AuditLog;

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
        long last, total;
        // Each of the two alone is answered from the end of the table's tree; min() and max() in one SELECT would read all of it.
        using (var range = connection.Prepared("""
            SELECT (SELECT coalesce(max(seq), 0) FROM audit_log), (SELECT coalesce(min(seq), 1) FROM audit_log)
            """))
        {
            range.Read();
            last = range.Integer(0);
            total = last - range.Integer(1) + 1;
        }

        using var rows = connection.Prepared("""
            SELECT id, user_id, action, resource, ip, created_at FROM audit_log WHERE seq <= $from ORDER BY seq DESC LIMIT $limit
            """).Bind("$from", last - offset).Bind("$limit", limit);
        var entries = new List<AuditRow>();
        while (rows.Read())
            entries.Add(new AuditRow(rows.Id(0), rows.Text(1), rows.Text(2), rows.Text(3), rows.Text(4), rows.Integer(5)));
        return (entries, total);
    }
}
