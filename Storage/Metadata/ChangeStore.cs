using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A thing that has changed; see the migration for what its key is.</summary>
internal sealed record Change(string Kind, string Key)
{
    public const string Pipeline = "pipeline";
    public const string File = "file";
    public const string Table = "table";
    public const string Zone = "zone";
}

/// <summary>The table <c>changes</c>, which triggers of the database fill.</summary>
internal static class ChangeStore
{
    /// <summary>The number of the newest change; 0 without any.</summary>
    public static long Newest(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(seq), 0) FROM changes";
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>What has changed since, each thing once; at most <paramref name="limit"/> of them.</summary>
    public static IReadOnlyList<Change> Since(SqliteConnection connection, long seq, int limit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT kind, key FROM changes WHERE seq > $seq ORDER BY seq LIMIT $limit";
        command.Parameters.AddWithValue("$seq", seq);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var changes = new List<Change>();
        while (reader.Read())
            changes.Add(new Change(reader.GetString(0), reader.GetString(1)));
        return changes;
    }
}
