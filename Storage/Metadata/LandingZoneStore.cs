using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A landing zone with what lies in it. Times in microseconds since the epoch.</summary>
internal sealed record LandingZoneRow(
    Guid Id,
    string Namespace,
    string Name,
    string Description,
    string? Owner,
    string ExpectedSchema,
    int? ProcessedMaxAgeDays,
    bool AutoPurge,
    long FileCount,
    long TotalBytes,
    long CreatedAt,
    long UpdatedAt)
{
    /// <summary>The folder of its files: <c>{ns}/landing/{zone}/</c>.</summary>
    public string Folder => FolderOf(Namespace, Name);

    public static string FolderOf(string ns, string name) => $"{ns}/landing/{name}/";
}

/// <summary>The table <c>landing_zones</c>.</summary>
internal static class LandingZoneStore
{
    private const string Columns = """
        z.id, z.namespace, z.name, z.description, z.owner, z.expected_schema, z.processed_max_age_days, z.auto_purge,
        (SELECT count(*) FROM landing_files WHERE zone_id = z.id), (SELECT coalesce(sum(size), 0) FROM landing_files WHERE zone_id = z.id),
        z.created_at, z.updated_at
        """;

    public static LandingZoneRow? Find(SqliteConnection connection, string ns, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM landing_zones AS z WHERE z.namespace = $namespace AND z.name = $name";
        command.Parameters.AddWithValue("$namespace", ns);
        command.Parameters.AddWithValue("$name", name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadRow(reader) : null;
    }

    /// <summary>False once the zone was deleted, even if there is another of its name.</summary>
    public static bool Exists(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM landing_zones WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        return command.ExecuteScalar() is not null;
    }

    /// <summary>One page, newest first, and how many there are.</summary>
    public static (IReadOnlyList<LandingZoneRow> Zones, long Total) List(SqliteConnection connection, string? ns, int limit, int offset)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM landing_zones WHERE $namespace IS NULL OR namespace = $namespace";
        command.Parameters.AddWithValue("$namespace", (object?)ns ?? DBNull.Value);
        var total = (long)command.ExecuteScalar()!;

        command.CommandText = $"""
            SELECT {Columns} FROM landing_zones AS z WHERE $namespace IS NULL OR z.namespace = $namespace
            ORDER BY z.created_at DESC, z.id LIMIT $limit OFFSET $offset
            """;
        command.Parameters.AddWithValue("$limit", limit);
        command.Parameters.AddWithValue("$offset", offset);
        using var reader = command.ExecuteReader();
        var zones = new List<LandingZoneRow>();
        while (reader.Read())
            zones.Add(ReadRow(reader));
        return (zones, total);
    }

    /// <summary>False when the namespace has a zone of that name.</summary>
    public static bool TryInsert(SqliteConnection connection, Guid id, string ns, string name, string description, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO landing_zones (id, namespace, name, description, created_at, updated_at)
            VALUES ($id, $namespace, $name, $description, $now, $now)
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$namespace", ns);
        command.Parameters.AddWithValue("$name", name);
        command.Parameters.AddWithValue("$description", description);
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Stores the fields that a client may change.</summary>
    public static void Update(SqliteConnection connection, LandingZoneRow zone, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE landing_zones
            SET description = $description, owner = $owner, expected_schema = $expected_schema,
                processed_max_age_days = $processed_max_age_days, auto_purge = $auto_purge, updated_at = max($now, updated_at + 1)
            WHERE id = $id
            """;
        command.Parameters.AddWithValue("$id", zone.Id.ToString());
        command.Parameters.AddWithValue("$description", zone.Description);
        command.Parameters.AddWithValue("$owner", (object?)zone.Owner ?? DBNull.Value);
        command.Parameters.AddWithValue("$expected_schema", zone.ExpectedSchema);
        command.Parameters.AddWithValue("$processed_max_age_days", (object?)zone.ProcessedMaxAgeDays ?? DBNull.Value);
        command.Parameters.AddWithValue("$auto_purge", zone.AutoPurge);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    /// <summary>Removes the zone and the rows of its files.</summary>
    public static void Delete(SqliteConnection connection, Guid id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM landing_zones WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.ExecuteNonQuery();
    }

    private static LandingZoneRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetString(4),
        reader.GetString(5),
        reader.IsDBNull(6) ? null : reader.GetInt32(6),
        reader.GetBoolean(7),
        reader.GetInt64(8),
        reader.GetInt64(9),
        reader.GetInt64(10),
        reader.GetInt64(11));
}
