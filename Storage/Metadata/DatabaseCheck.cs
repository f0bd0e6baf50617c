using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>SQLite's own check of a database.</summary>
internal static class DatabaseCheck
{
    /// <summary>The first thing that is wrong with the pages and rows, or null; indexes are not held against their tables.</summary>
    public static string? Find(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA quick_check(1)";
        return (string)command.ExecuteScalar()! is not "ok" and var wrong ? wrong : null;
    }
}
