using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>An uploaded file of a landing zone. <c>UploadedAt</c> in microseconds since the epoch.</summary>
internal sealed record LandingFileRow(
    Guid Id, Guid ZoneId, string FileName, string Key, long SizeBytes, string ContentType, string? UploadedBy, long UploadedAt);

/// <summary>The table <c>landing_files</c>.</summary>
internal static class LandingFileStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.LandingFiles;

    private const string Columns = "id, zone_id, filename, key, size, content_type, uploaded_by, uploaded_at";

    public static void Insert(SqliteConnection connection, LandingFileRow file)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO landing_files ({Columns}) VALUES ($id, $zone_id, $filename, $key, $size, $content_type, $uploaded_by, $uploaded_at)
            """;
        command.Parameters.AddWithValue("$id", file.Id.ToString());
        command.Parameters.AddWithValue("$zone_id", file.ZoneId.ToString());
        command.Parameters.AddWithValue("$filename", file.FileName);
        command.Parameters.AddWithValue("$key", file.Key);
        command.Parameters.AddWithValue("$size", file.SizeBytes);
        command.Parameters.AddWithValue("$content_type", file.ContentType);
        command.Parameters.AddWithValue("$uploaded_by", (object?)file.UploadedBy ?? DBNull.Value);
        command.Parameters.AddWithValue("$uploaded_at", file.UploadedAt);
        command.ExecuteNonQuery();
    }

    /// <summary>The file, when it belongs to that zone.</summary>
    public static LandingFileRow? Find(SqliteConnection connection, Guid zoneId, Guid id)
    {
        using var rows = connection.Prepared($"SELECT {Columns} FROM landing_files WHERE id = $id AND zone_id = $zone_id")
            .Bind("$id", id.ToString()).Bind("$zone_id", zoneId.ToString());
        return rows.Read() ? ReadRow(rows) : null;
    }

    /// <summary>One page, newest first.</summary>
    /// <param name="total">How many there are: the zone's row says it.</param>
    public static IReadOnlyList<LandingFileRow> List(SqliteConnection connection, Guid zoneId, long total, int limit, int offset)
    {
        var window = PageWindow.Of(limit, offset, total);
        if (window.Limit == 0)
            return [];
        using var rows = connection.Prepared($"""
            SELECT {Columns} FROM landing_files WHERE zone_id = $zone_id
            ORDER BY uploaded_at {window.Direction(isDescending: true)}, id {window.Direction(isDescending: false)} LIMIT $limit OFFSET $offset
            """).Bind("$zone_id", zoneId.ToString()).Bind("$limit", window.Limit).Bind("$offset", window.Offset);
        var files = new List<LandingFileRow>(window.Limit);
        while (rows.Read())
            files.Add(ReadRow(rows));
        if (window.IsTurned)
            files.Reverse();
        return files;
    }

    /// <summary>Removes the row of a file by its key; nothing happens when it has none.</summary>
    public static void Delete(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM landing_files WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }

    private static LandingFileRow ReadRow(Statement rows) =>
        new(rows.Id(0), rows.Id(1), rows.Text(2), rows.Text(3), rows.Integer(4), rows.Text(5), rows.TextOrNull(6), rows.Integer(7));
}
