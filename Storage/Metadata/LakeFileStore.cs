using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>A data file, or position deletes, of expired snapshots alone.</summary>
/// <param name="Path">Below the lake's root.</param>
/// <param name="Since">Sequence number of the first snapshot that it was part of.</param>
/// <param name="Removed">Sequence number of the first after it that it wasn't.</param>
internal sealed record ExpiredFile(string Path, string TableId, long Since, long Removed);

/// <summary>Which files below the lake's root are named, and which were until their last snapshot expired. Paths are below that root.</summary>
internal static class LakeFileStore
{
    /// <summary>Every file that the table at this location needs: those of its retained snapshots, its metadata files, and data files that
    /// expired but may still be read. Empty when there is no such table.</summary>
    public static HashSet<string> NamedAt(SqliteConnection connection, string location)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH t AS (SELECT key FROM lake_tables WHERE location = $location)
            SELECT path FROM t JOIN lake_files ON table_key = t.key
            UNION ALL SELECT path FROM t JOIN lake_deletes ON table_key = t.key
            UNION ALL SELECT path FROM t JOIN lake_manifests ON table_key = t.key
            UNION ALL SELECT manifest_list FROM t JOIN lake_snapshots ON table_key = t.key
            UNION ALL SELECT path FROM t JOIN lake_metadata_files ON table_key = t.key
            UNION ALL SELECT path FROM lake_expired_files WHERE path >= $location || '/' AND path < $location || '0'
            """;
        command.Parameters.AddWithValue("$location", location);
        using var reader = command.ExecuteReader();
        var paths = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
            paths.Add(reader.GetString(0));
        return paths;
    }

    /// <summary>The metadata file of the table at this location, or null when there is no such table.</summary>
    public static MetadataFile? CurrentMetadata(SqliteConnection connection, string location)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT version, path, written_at FROM lake_metadata_files
            WHERE table_key = (SELECT key FROM lake_tables WHERE location = $location) ORDER BY version DESC LIMIT 1
            """;
        command.Parameters.AddWithValue("$location", location);
        using var reader = command.ExecuteReader();
        return reader.Read() ? new MetadataFile(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2)) : null;
    }

    /// <summary>Files that no retained snapshot names any more and that are still there.</summary>
    public static List<ExpiredFile> Expired(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT path, table_id, since, removed FROM lake_expired_files ORDER BY expired_at";
        using var reader = command.ExecuteReader();
        var files = new List<ExpiredFile>();
        while (reader.Read())
            files.Add(new ExpiredFile(reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3)));
        return files;
    }

    /// <summary>Forgets expired files that are deleted. Returns how many there were.</summary>
    public static int ForgetExpired(SqliteConnection connection, IReadOnlyList<string> paths)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM lake_expired_files WHERE path = $path";
        var parameter = command.Parameters.Add("$path", SqliteType.Text);
        var forgotten = 0;
        foreach (var path in paths)
        {
            parameter.Value = path;
            forgotten += command.ExecuteNonQuery();
        }

        return forgotten;
    }
}
