using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>Reads what a commit needs to know of a table's past.</summary>
internal static class TableHistoryStore
{
    private const long Live = long.MaxValue;

    /// <summary>The table's history; <see cref="TableHistory.None"/> when it isn't there any more.</summary>
    public static TableHistory Read(SqliteConnection connection, string tableId, LakePaths paths)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, root FROM lake_tables WHERE id = $id";
        command.Parameters.AddWithValue("$id", tableId);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
            return TableHistory.None;
        var key = reader.GetInt64(0);
        return new TableHistory(
            reader.GetString(1),
            [.. TableStore.Snapshots(connection, key).Select(snapshot => SnapshotJson.ToPast(snapshot, paths))],
            Schemas(connection, key),
            Manifests(connection, key, "removed = $sequence_number", Live),
            MetadataFiles(connection, key));
    }

    /// <summary>Manifests that no snapshot names once those before a sequence number have expired.</summary>
    public static IReadOnlyList<Manifest> ManifestsBefore(SqliteConnection connection, string tableId, long sequenceNumber)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key FROM lake_tables WHERE id = $id";
        command.Parameters.AddWithValue("$id", tableId);
        return command.ExecuteScalar() is long key ? Manifests(connection, key, "removed <= $sequence_number", sequenceNumber) : [];
    }

    private static List<(int Id, string Json)> Schemas(SqliteConnection connection, long tableKey)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, json FROM lake_schemas WHERE table_key = $table_key ORDER BY id";
        command.Parameters.AddWithValue("$table_key", tableKey);
        using var reader = command.ExecuteReader();
        var schemas = new List<(int Id, string Json)>();
        while (reader.Read())
            schemas.Add((reader.GetInt32(0), reader.GetString(1)));
        return schemas;
    }

    private static List<Manifest> Manifests(SqliteConnection connection, long tableKey, string removed, long sequenceNumber)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT path, length, added, min_sequence_number, snapshot_id,
                   added_files, added_rows, existing_files, existing_rows, deleted_files, deleted_rows
            FROM lake_manifests WHERE table_key = $table_key AND {removed} ORDER BY added
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$sequence_number", sequenceNumber);
        using var reader = command.ExecuteReader();
        var manifests = new List<Manifest>();
        while (reader.Read())
        {
            manifests.Add(new Manifest(
                reader.GetString(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                reader.GetInt64(3),
                reader.GetInt64(4),
                new FileCount(reader.GetInt32(5), reader.GetInt64(6)),
                new FileCount(reader.GetInt32(7), reader.GetInt64(8)),
                new FileCount(reader.GetInt32(9), reader.GetInt64(10))));
        }

        return manifests;
    }

    private static List<MetadataFile> MetadataFiles(SqliteConnection connection, long tableKey)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT version, path, written_at FROM lake_metadata_files WHERE table_key = $table_key ORDER BY version";
        command.Parameters.AddWithValue("$table_key", tableKey);
        using var reader = command.ExecuteReader();
        var files = new List<MetadataFile>();
        while (reader.Read())
            files.Add(new MetadataFile(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2)));
        return files;
    }
}
