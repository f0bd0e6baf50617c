using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>Reads what a commit needs to know of a table's past.</summary>
internal static class TableHistoryStore
{
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
            ManifestStore.Current(connection, key),
            MetadataFiles(connection, key));
    }

    /// <summary>Paths of manifests that no snapshot names once those before a sequence number have expired.</summary>
    public static IReadOnlyList<string> ManifestsBefore(SqliteConnection connection, string tableId, long sequenceNumber)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key FROM lake_tables WHERE id = $id";
        command.Parameters.AddWithValue("$id", tableId);
        return command.ExecuteScalar() is long key ? [.. ManifestStore.Before(connection, key, sequenceNumber).Select(manifest => manifest.Path)] : [];
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
