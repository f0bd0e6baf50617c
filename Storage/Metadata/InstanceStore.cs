using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What a data directory is.</summary>
/// <param name="Storage">Where it keeps its files; null as long as that isn't decided.</param>
/// <param name="BackupEpoch">The last one that it has begun; 0 for none.</param>
internal sealed record Instance(string Id, string? Storage, int BackupEpoch);

/// <summary>The table <c>instance</c>: which data directory this is, and where it keeps its files.</summary>
internal static class InstanceStore
{
    /// <summary>Where a data directory keeps its files that keeps them itself; others name a bucket, as <c>s3://name</c>.</summary>
    public const string Disk = "disk";

    /// <summary>The data directory's row, which it gets if it has none yet. An earlier version kept files on disk.</summary>
    public static Instance Ensure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO instance (id, storage)
            SELECT $id, CASE WHEN EXISTS (SELECT 1 FROM files) OR EXISTS (SELECT 1 FROM lake_tables) THEN 'disk' END
            WHERE NOT EXISTS (SELECT 1 FROM instance);
            SELECT id, storage, backup_epoch FROM instance;
            """;
        command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
        using var reader = command.ExecuteReader();
        reader.Read();
        return new Instance(reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt32(2));
    }

    /// <summary>From now on the data directory keeps its files there.</summary>
    public static void SetStorage(SqliteConnection connection, string storage)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE instance SET storage = $storage";
        command.Parameters.AddWithValue("$storage", storage);
        command.ExecuteNonQuery();
    }

    /// <summary>Begins another epoch of a backup, and returns its number.</summary>
    /// <param name="newest">The newest that there is at the backup's place.</param>
    public static int BeginEpoch(SqliteConnection connection, int newest)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE instance SET backup_epoch = max(backup_epoch, $newest) + 1 RETURNING backup_epoch";
        command.Parameters.AddWithValue("$newest", newest);
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>Gives the data directory another identity: what was copied is not what it was copied from.</summary>
    public static void Rename(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE instance SET id = $id";
        command.Parameters.AddWithValue("$id", id);
        command.ExecuteNonQuery();
    }
}
