using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>Addresses that are told of runs, and what they are told with. Null: not set.</summary>
internal sealed record NotificationSettingsRow(string? Callback, string? Secret, string? Lineage, string? LineageKey);

/// <summary>The table <c>notification_settings</c>.</summary>
internal static class NotificationSettingsStore
{
    /// <summary>Null: nothing was set, which is not the same as settings without an address.</summary>
    public static NotificationSettingsRow? Find(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT callback, secret, lineage, lineage_key FROM notification_settings";
        using var reader = command.ExecuteReader();
        return reader.Read() ? new NotificationSettingsRow(Text(reader, 0), Text(reader, 1), Text(reader, 2), Text(reader, 3)) : null;
    }

    public static void Set(SqliteConnection connection, NotificationSettingsRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT OR REPLACE INTO notification_settings (id, callback, secret, lineage, lineage_key)
            VALUES (1, $callback, $secret, $lineage, $lineage_key)
            """;
        command.Parameters.AddWithValue("$callback", (object?)row.Callback ?? DBNull.Value);
        command.Parameters.AddWithValue("$secret", (object?)row.Secret ?? DBNull.Value);
        command.Parameters.AddWithValue("$lineage", (object?)row.Lineage ?? DBNull.Value);
        command.Parameters.AddWithValue("$lineage_key", (object?)row.LineageKey ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    public static void Clear(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM notification_settings";
        command.ExecuteNonQuery();
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
