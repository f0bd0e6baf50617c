using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;
using Rat.Storage.Lake.Avro;

namespace Rat.Storage.Metadata;

/// <summary>The tables <c>lake_files</c> and <c>lake_deletes</c>: which files belong to which snapshots. What a commit costs here grows with
/// what it changes, not with the table.</summary>
internal static class TableFileStore
{
    private const long Live = long.MaxValue;

    /// <summary>The files of a snapshot with their position deletes, in the order in which their rows are read.</summary>
    public static List<DataFile> Read(SqliteConnection connection, long tableKey, long sequenceNumber)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT f.path, f.row_count, f.size, f.statistics, f.added, f.added_snapshot_id, f.since, f.position, f.spec_id, f.partition,
                   d.path, d.row_count, d.size, d.statistics, d.root, d.added, d.added_snapshot_id, d.since
            FROM lake_files AS f
            LEFT JOIN lake_deletes AS d ON d.file_key = f.key AND d.removed > $sequence_number AND d.added <= $sequence_number
            WHERE f.table_key = $table_key AND f.removed > $sequence_number AND f.added <= $sequence_number
            ORDER BY f.position, f.key
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$sequence_number", sequenceNumber);
        using var reader = command.ExecuteReader();
        var files = new List<DataFile>();
        while (reader.Read())
        {
            files.Add(new DataFile(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), new StoredStatistics(reader.GetFieldValue<byte[]>(3)))
            {
                SequenceNumber = reader.GetInt64(4),
                SnapshotId = reader.GetInt64(5),
                Since = reader.GetInt64(6),
                Position = reader.GetInt64(7),
                Partition = StoredTuple.Decode(reader.GetInt32(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9)),
                Deletes = reader.IsDBNull(10) ? null : ReadDeletes(reader),
            });
        }

        return files;
    }

    /// <summary>Ends the life of what a commit removes, and begins that of what it adds.</summary>
    public static void Change(SqliteConnection connection, long tableKey, StagedCommit commit)
    {
        var sequenceNumber = commit.Snapshot.SequenceNumber;
        EndLife(connection, tableKey, "lake_deletes", sequenceNumber, [.. commit.Files.RemovedDeletes.Select(deletes => deletes.File.Path)],
            all: commit.Files.All.All(file => file.Deletes is null || file.Deletes.SequenceNumber == sequenceNumber));
        EndLife(connection, tableKey, "lake_files", sequenceNumber, [.. commit.Files.Removed.Select(file => file.Path)],
            all: commit.Files.Removed.Count == (commit.Base?.Files.Count ?? 0));
        InsertFiles(connection, tableKey, commit.Files.Added);
        InsertDeletes(connection, tableKey, commit.Files.AddedDeletes);
    }

    /// <summary>Forgets what no snapshot from <paramref name="oldest"/> on names, and remembers those of its files that are to be deleted.</summary>
    public static void Expire(SqliteConnection connection, long tableKey, long oldest, long now)
    {
        using var command = connection.CreateCommand();
        // A file that a rollback has brought back is named by another row; the same file may expire twice only after it was brought back.
        command.CommandText = """
            INSERT INTO lake_expired_files (path, expired_at, table_id, since, removed)
            SELECT path, $now, id, min(since), max(removed) FROM (
                SELECT path, since, removed FROM lake_files WHERE table_key = $table_key AND removed <= $oldest
                UNION ALL SELECT path, since, removed FROM lake_deletes WHERE table_key = $table_key AND removed <= $oldest
            ) AS gone JOIN lake_tables ON key = $table_key
            WHERE NOT EXISTS (SELECT 1 FROM lake_files AS f WHERE f.table_key = $table_key AND f.path = gone.path AND f.removed > $oldest)
              AND NOT EXISTS (SELECT 1 FROM lake_deletes AS d WHERE d.table_key = $table_key AND d.path = gone.path AND d.removed > $oldest)
            GROUP BY path;
            DELETE FROM lake_deletes WHERE table_key = $table_key AND removed <= $oldest;
            DELETE FROM lake_files WHERE table_key = $table_key AND removed <= $oldest;
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$oldest", oldest);
        command.Parameters.AddWithValue("$now", now);
        command.ExecuteNonQuery();
    }

    private static DeleteFile ReadDeletes(SqliteDataReader reader) => new(
        reader.GetString(10), reader.GetInt64(11), reader.GetInt64(12), new StoredStatistics(reader.GetFieldValue<byte[]>(13)), reader.GetString(14))
    {
        SequenceNumber = reader.GetInt64(15),
        SnapshotId = reader.GetInt64(16),
        Since = reader.GetInt64(17),
    };

    private static void EndLife(SqliteConnection connection, long tableKey, string table, long sequenceNumber, IReadOnlyList<string> paths, bool all)
    {
        if (paths.Count == 0)
            return;
        using var command = connection.CreateCommand();
        command.CommandText = $"UPDATE {table} SET removed = $now WHERE table_key = $table_key AND removed = {Live}{(all ? "" : " AND path = $path")}";
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$now", sequenceNumber);
        if (all)
        {
            command.ExecuteNonQuery();
            return;
        }

        var parameter = command.Parameters.Add("$path", SqliteType.Text);
        foreach (var path in paths)
        {
            parameter.Value = path;
            if (command.ExecuteNonQuery() != 1)
                throw new InvalidOperationException($"{path} was removed by a commit whose base did not have it");
        }
    }

    private static void InsertFiles(SqliteConnection connection, long tableKey, IReadOnlyList<DataFile> files)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO lake_files (table_key, added, since, added_snapshot_id, path, row_count, size, position, spec_id, partition, statistics)
            VALUES ($table_key, $added, $since, $snapshot_id, $path, $row_count, $size, $position, $spec_id, $partition, $statistics)
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        foreach (var file in files)
        {
            Set(command, "$added", file.SequenceNumber);
            Set(command, "$since", file.Since);
            Set(command, "$snapshot_id", file.SnapshotId);
            Set(command, "$path", file.Path);
            Set(command, "$row_count", file.RowCount);
            Set(command, "$size", file.SizeBytes);
            Set(command, "$position", file.Position);
            Set(command, "$spec_id", file.Partition.SpecId);
            Set(command, "$partition", (object?)StoredTuple.Encode(file.Partition) ?? DBNull.Value);
            Set(command, "$statistics", StatisticsMaps.Encode(file.Columns));
            command.ExecuteNonQuery();
        }
    }

    private static void InsertDeletes(SqliteConnection connection, long tableKey, IReadOnlyList<FileDeletes> added)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            INSERT INTO lake_deletes (table_key, file_key, added, since, added_snapshot_id, path, row_count, size, root, statistics)
            SELECT table_key, key, $added, $since, $snapshot_id, $path, $row_count, $size, $root, $statistics
            FROM lake_files WHERE table_key = $table_key AND path = $data_path AND removed = {Live}
            """;
        command.Parameters.AddWithValue("$table_key", tableKey);
        foreach (var (of, file) in added)
        {
            Set(command, "$added", file.SequenceNumber);
            Set(command, "$since", file.Since);
            Set(command, "$snapshot_id", file.SnapshotId);
            Set(command, "$path", file.Path);
            Set(command, "$row_count", file.RowCount);
            Set(command, "$size", file.SizeBytes);
            Set(command, "$root", file.RootUri);
            Set(command, "$statistics", StatisticsMaps.Encode(file.Columns));
            Set(command, "$data_path", of.Path);
            if (command.ExecuteNonQuery() != 1)
                throw new InvalidOperationException($"{of.Path} has new deletes but is no file of the table");
        }
    }

    private static void Set(SqliteCommand command, string name, object value)
    {
        var index = command.Parameters.IndexOf(name);
        if (index < 0)
            command.Parameters.AddWithValue(name, value);
        else
            command.Parameters[index].Value = value;
    }
}
