using Microsoft.Data.Sqlite;
using Rat.Storage.Objects;

namespace Rat.Storage.Metadata;

/// <summary>One version of a file.</summary>
/// <param name="ObjectKey">Where its bytes lie in the object store.</param>
/// <param name="ModifiedAt">Microseconds since the epoch.</param>
internal sealed record FileVersion(string Key, string VersionId, string ObjectKey, long SizeBytes, string ContentType, long ModifiedAt);

/// <summary>A landing file that a run has read for good.</summary>
/// <param name="ArchiveKey">The key that it is moved to.</param>
internal sealed record ConsumedFile(string VersionId, string ArchiveKey);

/// <summary>The table <c>files</c>.</summary>
internal static class FileStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.Files;

    private const string Columns = "key, version_id, object_key, size, content_type, modified_at";

    /// <returns>The object of a landing file that nothing names any more; null when there is none.</returns>
    public static string? InsertHead(SqliteConnection connection, FileVersion version)
    {
        var replaced = RemoveHead(connection, version.Key);
        using var command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO files ({Columns}) VALUES ($key, $version_id, $object_key, $size, $content_type, $modified_at)";
        command.Parameters.AddWithValue("$key", version.Key);
        command.Parameters.AddWithValue("$version_id", version.VersionId);
        command.Parameters.AddWithValue("$object_key", version.ObjectKey);
        command.Parameters.AddWithValue("$size", version.SizeBytes);
        command.Parameters.AddWithValue("$content_type", version.ContentType);
        command.Parameters.AddWithValue("$modified_at", version.ModifiedAt);
        command.ExecuteNonQuery();
        return replaced;
    }

    public static FileVersion? FindHead(SqliteConnection connection, string key) =>
        Select(connection, "WHERE key = $key AND is_head = 1", ("$key", key)).FirstOrDefault();

    public static FileVersion? FindVersion(SqliteConnection connection, string key, string versionId) =>
        Select(connection, "WHERE version_id = $version_id AND key = $key", ("$key", key), ("$version_id", versionId)).FirstOrDefault();

    // Keys compare by their UTF-8 bytes, and no byte of UTF-8 is FF: prefix + FF comes after all that begin with the prefix.

    /// <summary>Heads whose key begins with the prefix, by key.</summary>
    public static IReadOnlyList<FileVersion> List(SqliteConnection connection, string prefix) =>
        Select(connection, "WHERE is_head = 1 AND key >= $prefix AND key < $prefix || CAST(x'FF' AS TEXT) ORDER BY key", ("$prefix", prefix));

    /// <summary>
    /// Files of a landing zone that a run reads: not its samples, not what was archived, not what a run has consumed.
    /// </summary>
    public static IReadOnlyList<FileVersion> Landed(SqliteConnection connection, string ns, string zone)
    {
        var prefix = $"{ns}/landing/{zone}/";
        return Select(connection, """
            WHERE is_head = 1 AND key >= $prefix AND key < $prefix || CAST(x'FF' AS TEXT)
              AND substr(key, length($prefix) + 1) NOT LIKE '\_samples/%' ESCAPE '\'
              AND substr(key, length($prefix) + 1) NOT LIKE '\_processed/%' ESCAPE '\'
              AND archive_key IS NULL
            ORDER BY key
            """, ("$prefix", prefix));
    }

    /// <summary>Heads whose key begins with the prefix, without landing files that a run has read for good; by key.</summary>
    public static IReadOnlyList<FileVersion> Unconsumed(SqliteConnection connection, string prefix) =>
        Select(connection, """
            WHERE is_head = 1 AND key >= $prefix AND key < $prefix || CAST(x'FF' AS TEXT) AND archive_key IS NULL ORDER BY key
            """, ("$prefix", prefix));

    /// <summary>Marks landing files as read for good: no run reads them again, whenever they are moved away. A version that isn't there any more
    /// is passed over.</summary>
    public static void Consume(SqliteConnection connection, IEnumerable<ConsumedFile> files)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE files SET archive_key = $archive_key WHERE version_id = $version_id AND is_head = 1 AND archive_key IS NULL";
        var version = command.Parameters.Add("$version_id", SqliteType.Text);
        var archive = command.Parameters.Add("$archive_key", SqliteType.Text);
        foreach (var file in files)
        {
            (version.Value, archive.Value) = (file.VersionId, file.ArchiveKey);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Landing files below a prefix that were consumed and not moved yet, with the keys that they shall have.</summary>
    public static IReadOnlyList<(FileVersion File, string ArchiveKey)> ToArchive(SqliteConnection connection, string prefix)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT {Columns}, archive_key FROM files
            WHERE archive_key IS NOT NULL AND is_head = 1 AND key >= $prefix AND key < $prefix || CAST(x'FF' AS TEXT) ORDER BY key
            """;
        command.Parameters.AddWithValue("$prefix", prefix);
        using var reader = command.ExecuteReader();
        var files = new List<(FileVersion File, string ArchiveKey)>();
        while (reader.Read())
            files.Add((ReadRow(reader), reader.GetString(6)));
        return files;
    }

    /// <summary>Names a consumed file by its key in the archive. False when it was removed or overwritten meanwhile.</summary>
    /// <param name="now">Microseconds since the epoch: the age of an archived file counts from there.</param>
    public static bool TryArchive(SqliteConnection connection, FileVersion file, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE files SET key = archive_key, object_key = CASE WHEN object_key = key THEN archive_key ELSE object_key END, archive_key = NULL, modified_at = $now
            WHERE version_id = $version_id AND is_head = 1 AND archive_key IS NOT NULL
            """;
        command.Parameters.AddWithValue("$version_id", file.VersionId);
        command.Parameters.AddWithValue("$now", now);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>What was the head is a version like others; of a landing file nothing stays.</summary>
    /// <returns>The object of a landing file that nothing names any more; null when there is none.</returns>
    public static string? RemoveHead(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        command.CommandText = ObjectKey.IsLanding(key)
            ? "DELETE FROM files WHERE key = $key AND is_head = 1 RETURNING object_key"
            : "UPDATE files SET is_head = 0 WHERE key = $key AND is_head = 1 RETURNING NULL";
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() as string;
    }

    /// <summary>Removes a version that isn't the head, and returns the object that held it; null when there is none.</summary>
    public static string? RemoveVersion(SqliteConnection connection, string key, string versionId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM files WHERE version_id = $version_id AND key = $key AND is_head = 0 RETURNING object_key";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$version_id", versionId);
        return (string?)command.ExecuteScalar();
    }

    /// <summary>Removes all versions under a prefix and returns the objects that held them.</summary>
    public static IReadOnlyList<string> RemoveAll(SqliteConnection connection, string prefix)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM files WHERE key >= $prefix AND key < $prefix || CAST(x'FF' AS TEXT) RETURNING object_key";
        command.Parameters.AddWithValue("$prefix", prefix);
        using var reader = command.ExecuteReader();
        var objectKeys = new List<string>();
        while (reader.Read())
            objectKeys.Add(reader.GetString(0));
        return objectKeys;
    }

    /// <summary>Where the bytes of every version lie, or will lie once they were moved.</summary>
    public static HashSet<string> ObjectKeys(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT object_key FROM files UNION ALL SELECT archive_key FROM files WHERE archive_key IS NOT NULL";
        using var reader = command.ExecuteReader();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
            keys.Add(reader.GetString(0));
        return keys;
    }

    private static List<FileVersion> Select(SqliteConnection connection, string clauses, params ReadOnlySpan<(string Name, string Value)> parameters)
    {
        using var rows = connection.Prepared($"SELECT {Columns} FROM files {clauses}");
        foreach (var (name, value) in parameters)
            rows.Bind(name, value);
        var files = new List<FileVersion>();
        while (rows.Read())
            files.Add(new FileVersion(rows.Text(0), rows.Text(1), rows.Text(2), rows.Integer(3), rows.Text(4), rows.Integer(5)));
        return files;
    }

    private static FileVersion ReadRow(SqliteDataReader reader) => new(
        reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetString(4), reader.GetInt64(5));
}
