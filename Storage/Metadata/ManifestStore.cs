using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>lake_manifests</c>.</summary>
internal static class ManifestStore
{
    private const long Live = long.MaxValue;

    /// <summary>Manifests of the current snapshot, oldest first.</summary>
    public static List<Manifest> Current(SqliteConnection connection, long tableKey) => Read(connection, tableKey, "removed = $sequence_number", Live);

    /// <summary>Manifests that no snapshot names once those before a sequence number have expired.</summary>
    public static List<Manifest> Before(SqliteConnection connection, long tableKey, long sequenceNumber) =>
        Read(connection, tableKey, "removed <= $sequence_number", sequenceNumber);

    public static void Change(SqliteConnection connection, long tableKey, StagedCommit commit)
    {
        EndLife(connection, commit);
        foreach (var manifest in commit.AddedManifests)
            Insert(connection, tableKey, manifest);
    }

    public static void Expire(SqliteConnection connection, long tableKey, long oldest)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM lake_manifests WHERE table_key = $table_key AND removed <= $oldest";
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$oldest", oldest);
        command.ExecuteNonQuery();
    }

    private static void EndLife(SqliteConnection connection, StagedCommit commit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE lake_manifests SET removed = $now WHERE path = $path AND removed = {Live}";
        command.Parameters.AddWithValue("$now", commit.Snapshot.SequenceNumber);
        var path = command.Parameters.Add("$path", SqliteType.Text);
        foreach (var manifest in commit.RemovedManifests)
        {
            path.Value = manifest.Path;
            command.ExecuteNonQuery();
        }
    }

    private static void Insert(SqliteConnection connection, long tableKey, Manifest manifest)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO lake_manifests (table_key, content, spec_id, added, min_sequence_number, max_sequence_number, snapshot_id, path, length,
                                        added_files, added_rows, existing_files, existing_rows, deleted_files, deleted_rows, partitions)
            VALUES ($table_key, $content, $spec_id, $added, $min_sequence_number, $max_sequence_number, $snapshot_id, $path, $length,
                    $added_files, $added_rows, $existing_files, $existing_rows, $deleted_files, $deleted_rows, $partitions)
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$content", (int)manifest.Content);
        command.Parameters.AddWithValue("$spec_id", manifest.SpecId);
        command.Parameters.AddWithValue("$added", manifest.SequenceNumber);
        command.Parameters.AddWithValue("$min_sequence_number", manifest.MinSequenceNumber);
        command.Parameters.AddWithValue("$max_sequence_number", manifest.MaxSequenceNumber);
        command.Parameters.AddWithValue("$snapshot_id", manifest.SnapshotId);
        command.Parameters.AddWithValue("$path", manifest.Path);
        command.Parameters.AddWithValue("$length", manifest.Length);
        command.Parameters.AddWithValue("$added_files", manifest.Added.Files);
        command.Parameters.AddWithValue("$added_rows", manifest.Added.Rows);
        command.Parameters.AddWithValue("$existing_files", manifest.Existing.Files);
        command.Parameters.AddWithValue("$existing_rows", manifest.Existing.Rows);
        command.Parameters.AddWithValue("$deleted_files", manifest.Deleted.Files);
        command.Parameters.AddWithValue("$deleted_rows", manifest.Deleted.Rows);
        command.Parameters.AddWithValue("$partitions", manifest.Partitions);
        command.ExecuteNonQuery();
    }

    private static List<Manifest> Read(SqliteConnection connection, long tableKey, string removed, long sequenceNumber)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT path, length, content, spec_id, added, min_sequence_number, max_sequence_number, snapshot_id,
                   added_files, added_rows, existing_files, existing_rows, deleted_files, deleted_rows, partitions
            FROM lake_manifests WHERE table_key = $table_key AND {removed} ORDER BY content, max_sequence_number
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
                (ManifestContent)reader.GetInt32(2),
                reader.GetInt32(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt64(6),
                reader.GetInt64(7),
                new FileCount(reader.GetInt32(8), reader.GetInt64(9)),
                new FileCount(reader.GetInt32(10), reader.GetInt64(11)),
                new FileCount(reader.GetInt32(12), reader.GetInt64(13)),
                reader.GetFieldValue<byte[]>(14)));
        }

        return manifests;
    }
}
