using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A table that is no longer there, but whose folder is.</summary>
internal sealed record DroppedTableRow(string TableId, string Location);

/// <summary>The table <c>lake_dropped_tables</c>.</summary>
internal static class DroppedTableStore
{
    /// <summary>Takes a table out of the catalog and remembers its folder. Nothing happens when there is none.</summary>
    public static void Drop(SqliteConnection connection, TableName name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO lake_dropped_tables (location, id)
            SELECT location, id FROM lake_tables WHERE namespace = $namespace AND layer = $layer AND name = $name;

            DELETE FROM lake_expired_files WHERE path IN (
                SELECT e.path FROM lake_expired_files AS e
                JOIN lake_tables AS t ON e.path >= t.location || '/' AND e.path < t.location || '0'
                WHERE t.namespace = $namespace AND t.layer = $layer AND t.name = $name);

            DELETE FROM iceberg_tables WHERE catalog_name = $catalog AND table_namespace = $table_namespace AND table_name = $name;
            DELETE FROM lake_tables WHERE namespace = $namespace AND layer = $layer AND name = $name;
            """;
        command.Parameters.AddWithValue("$catalog", TableStore.Catalog);
        command.Parameters.AddWithValue("$table_namespace", TableStore.NamespaceOf(name));
        command.Parameters.AddWithValue("$namespace", name.Namespace);
        command.Parameters.AddWithValue("$layer", name.Layer);
        command.Parameters.AddWithValue("$name", name.Name);
        command.ExecuteNonQuery();
    }

    public static IReadOnlyList<DroppedTableRow> All(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, location FROM lake_dropped_tables";
        using var reader = command.ExecuteReader();
        var tables = new List<DroppedTableRow>();
        while (reader.Read())
            tables.Add(new DroppedTableRow(reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    /// <summary>The folder is gone.</summary>
    public static void Forget(SqliteConnection connection, string location)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM lake_dropped_tables WHERE location = $location";
        command.Parameters.AddWithValue("$location", location);
        command.ExecuteNonQuery();
    }
}
