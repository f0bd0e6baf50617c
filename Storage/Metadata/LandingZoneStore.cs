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
    /// <summary>What <see cref="Find"/> and <see cref="List"/> read.</summary>
    public const ListedTables Listed = ListedTables.LandingZones;

    private const string Columns = """
        id, namespace, name, description, owner, expected_schema, processed_max_age_days, auto_purge, file_count, total_bytes, created_at, updated_at
        """;

    public static LandingZoneRow? Find(SqliteConnection connection, string ns, string name)
    {
        using var rows = connection.Prepared($"SELECT {Columns} FROM landing_zones WHERE namespace = $namespace AND name = $name")
            .Bind("$namespace", ns).Bind("$name", name);
        return rows.Read() ? ReadRow(rows) : null;
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
        var total = ListCounts.Read(connection, ListCounts.Zones, ns ?? "");
        var window = PageWindow.Of(limit, offset, total);
        if (window.Limit == 0)
            return ([], total);
        using var rows = connection.Prepared($"""
            SELECT {Columns} FROM landing_zones {(ns is null ? "" : "WHERE namespace = $namespace")}
            ORDER BY created_at {window.Direction(isDescending: true)}, id {window.Direction(isDescending: false)} LIMIT $limit OFFSET $offset
            """).Bind("$limit", window.Limit).Bind("$offset", window.Offset);
        if (ns is not null)
            rows.Bind("$namespace", ns);
        var zones = new List<LandingZoneRow>(window.Limit);
        while (rows.Read())
            zones.Add(ReadRow(rows));
        if (window.IsTurned)
            zones.Reverse();
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

    private static LandingZoneRow ReadRow(Statement rows) => new(
        rows.Id(0),
        rows.Text(1),
        rows.Text(2),
        rows.Text(3),
        rows.TextOrNull(4),
        rows.Text(5),
        (int?)rows.IntegerOrNull(6),
        rows.Boolean(7),
        rows.Integer(8),
        rows.Integer(9),
        rows.Integer(10),
        rows.Integer(11));
}
