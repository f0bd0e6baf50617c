using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The steps from an empty database to the schema that this program knows: <c>Migrations/NNNN_name.sql</c>, in order, each in a
/// transaction of its own. <c>PRAGMA user_version</c> is the number of the last one.</summary>
internal static class Migrations
{
    private const string Folder = "migrations/";

    private static readonly (int Number, string Resource)[] All =
        [.. from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
            where name.StartsWith(Folder, StringComparison.Ordinal)
            let number = int.Parse(name.AsSpan(Folder.Length, 4), CultureInfo.InvariantCulture)
            orderby number
            select (number, name)];

    /// <summary>Why this database can't be used, or null. Reads only.</summary>
    public static Failure? Check(SqliteConnection connection)
    {
        var version = Version(connection);
        var known = All[^1].Number;
        return version > known
            ? Failure.Unavailable($"the data directory was written by a newer rat (its schema is {version}, this one knows {known}): use that version or a later one")
            : null;
    }

    /// <summary>No step was ever applied.</summary>
    public static bool IsEmpty(SqliteConnection connection) => Version(connection) == 0;

    /// <summary>Steps are missing.</summary>
    public static bool IsOlder(SqliteConnection connection) => Version(connection) < All[^1].Number;

    public static void Apply(SqliteConnection connection)
    {
        var version = Version(connection);
        foreach (var (number, resource) in All)
        {
            if (number <= version)
                continue;
            using var transaction = connection.BeginTransaction();
            using var command = connection.CreateCommand();
            command.CommandText = $"{Read(resource)};\nPRAGMA user_version = {number.ToString(CultureInfo.InvariantCulture)};";
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    private static int Version(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (int)(long)command.ExecuteScalar()!;
    }

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
