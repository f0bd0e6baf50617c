using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>instance</c>: which data directory this is, and where it keeps its files.</summary>
internal static class InstanceStore
{
    public const string Disk = "disk";
    public const string S3 = "s3";

    /// <summary>The data directory's identity. One that has none yet gets it, and its kind of storage; so does one of an earlier version that
    /// holds files, whose kind is <see cref="Disk"/>.</summary>
    /// <param name="storage">What the server is set up for.</param>
    public static (string Id, string Storage) Ensure(SqliteConnection connection, string storage)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO instance (id, storage)
            SELECT $id, CASE WHEN EXISTS (SELECT 1 FROM files) OR EXISTS (SELECT 1 FROM lake_tables) THEN 'disk' ELSE $storage END
            WHERE NOT EXISTS (SELECT 1 FROM instance);
            SELECT id, storage FROM instance;
            """;
        command.Parameters.AddWithValue("$id", Guid.NewGuid().ToString());
        command.Parameters.AddWithValue("$storage", storage);
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetString(0), reader.GetString(1));
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
