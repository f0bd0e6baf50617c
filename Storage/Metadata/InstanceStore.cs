using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>instance</c>: which data directory this is, and where it keeps its files.</summary>
internal static class InstanceStore
{
    /// <summary>Where a data directory keeps its files that keeps them itself; others name a bucket, as <c>s3://name</c>.</summary>
    public const string Disk = "disk";

    /// <summary>The data directory's identity, which it gets if it has none yet, and where it keeps its files: null as long as that isn't decided.
    /// An earlier version kept them on disk.</summary>
    public static (string Id, string? Storage) Ensure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO instance (id, storage)
            SELECT $id, CASE WHEN EXISTS (SELECT 1 FROM files) OR EXISTS (SELECT 1 FROM lake_tables) THEN 'disk' END
            WHERE NOT EXISTS (SELECT 1 FROM instance);
            SELECT id, storage FROM instance;
            """;
        command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetString(0), reader.IsDBNull(1) ? null : reader.GetString(1));
    }

    /// <summary>From now on the data directory keeps its files there.</summary>
    public static void SetStorage(SqliteConnection connection, string storage)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE instance SET storage = $storage";
        command.Parameters.AddWithValue("$storage", storage);
        command.ExecuteNonQuery();
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
