using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A namespace. <c>CreatedAt</c> in microseconds since the epoch.</summary>
internal sealed record NamespaceRow(string Name, string Description, string? CreatedBy, long CreatedAt);

/// <summary>The table <c>namespaces</c>.</summary>
internal static class NamespaceStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.Namespaces;

    /// <summary>One page, oldest first, and how many there are.</summary>
    public static (IReadOnlyList<NamespaceRow> Namespaces, long Total) List(SqliteConnection connection, int limit, int offset)
    {
        var total = ListCounts.Read(connection, ListCounts.Namespaces);
        var window = PageWindow.Of(limit, offset, total);
        if (window.Limit == 0)
            return ([], total);
        var direction = window.Direction(isDescending: false);
        using var rows = connection.Prepared($"""
            SELECT name, description, created_by, created_at FROM namespaces
            ORDER BY created_at {direction}, name {direction} LIMIT $limit OFFSET $offset
            """).Bind("$limit", window.Limit).Bind("$offset", window.Offset);
        var namespaces = new List<NamespaceRow>(window.Limit);
        while (rows.Read())
            namespaces.Add(new NamespaceRow(rows.Text(0), rows.Text(1), rows.TextOrNull(2), rows.Integer(3)));
        if (window.IsTurned)
            namespaces.Reverse();
        return (namespaces, total);
    }

    public static bool Exists(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM namespaces WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is not null;
    }

    /// <summary>False when the name is taken.</summary>
    public static bool TryInsert(SqliteConnection connection, NamespaceRow row)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO namespaces (name, description, created_by, created_at) VALUES ($name, $description, $created_by, $created_at)
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("$name", row.Name);
        command.Parameters.AddWithValue("$description", row.Description);
        command.Parameters.AddWithValue("$created_by", (object?)row.CreatedBy ?? DBNull.Value);
        command.Parameters.AddWithValue("$created_at", row.CreatedAt);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>False when there is no such namespace.</summary>
    public static bool TryDescribe(SqliteConnection connection, string name, string description)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE namespaces SET description = $description WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$description", description);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Live pipelines and landing zones that belong to a namespace.</summary>
    public static (long Pipelines, long Zones) CountContents(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT (SELECT count(*) FROM pipelines WHERE namespace = $name AND deleted_at IS NULL),
                   (SELECT count(*) FROM landing_zones WHERE namespace = $name)
            """;
        command.Parameters.AddWithValue("$name", name);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Removes an empty namespace with its soft-deleted pipelines. False when there is no such namespace.</summary>
    public static bool TryDelete(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            DELETE FROM runs WHERE pipeline_id IN (SELECT id FROM pipelines WHERE namespace = $name);
            DELETE FROM pipelines WHERE namespace = $name AND deleted_at IS NOT NULL;
            """;
        command.Parameters.AddWithValue("$name", name);
        command.ExecuteNonQuery();
        command.CommandText = "DELETE FROM namespaces WHERE name = $name";
        return command.ExecuteNonQuery() == 1;
    }
}
