using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>How much there is in a database, for people.</summary>
internal sealed record MetadataContents(long Namespaces, long Pipelines, long Tables, long Runs)
{
    public static MetadataContents Count(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT (SELECT count(*) FROM namespaces), (SELECT count(*) FROM pipelines WHERE deleted_at IS NULL), (SELECT count(*) FROM lake_tables),
                   (SELECT count(*) FROM runs)
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return new MetadataContents(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
    }
}
