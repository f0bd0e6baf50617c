using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>An uploaded file of a landing zone. <c>UploadedAt</c> in microseconds since the epoch.</summary>
internal sealed record LandingFileRow(
    Guid Id, Guid ZoneId, string FileName, string Key, long SizeBytes, string ContentType, string? UploadedBy, long UploadedAt);

/// <summary>The table <c>landing_files</c>.</summary>
internal static class LandingFileStore
{
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
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM landing_files WHERE id = $id AND zone_id = $zone_id";
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$zone_id", zoneId.ToString());
        using var reader = command.ExecuteReader();
        return reader.Read() ? ReadRow(reader) : null;
    }

    /// <summary>One page, newest first, and how many there are.</summary>
    public static (IReadOnlyList<LandingFileRow> Files, long Total) List(SqliteConnection connection, Guid zoneId, int limit, int offset)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM landing_files WHERE zone_id = $zone_id";
        command.Parameters.AddWithValue("$zone_id", zoneId.ToString());
        var total = (long)command.ExecuteScalar()!;

        command.CommandText = $"""
            SELECT {Columns} FROM landing_files WHERE zone_id = $zone_id ORDER BY uploaded_at DESC, id LIMIT $limit OFFSET $offset
            """;
        command.Parameters.AddWithValue("$limit", limit);
        command.Parameters.AddWithValue("$offset", offset);
        using var reader = command.ExecuteReader();
        var files = new List<LandingFileRow>();
        while (reader.Read())
            files.Add(ReadRow(reader));
        return (files, total);
    }

    /// <summary>Removes the row of a file by its key; nothing happens when it has none.</summary>
    public static void Delete(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM landing_files WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        command.ExecuteNonQuery();
    }

    private static LandingFileRow ReadRow(SqliteDataReader reader) => new(
        Guid.Parse(reader.GetString(0)),
        Guid.Parse(reader.GetString(1)),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetInt64(4),
        reader.GetString(5),
        reader.IsDBNull(6) ? null : reader.GetString(6),
        reader.GetInt64(7));
}
