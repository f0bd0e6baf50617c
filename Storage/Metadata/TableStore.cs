using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>A row of <c>lake_tables</c> with its pointer.</summary>
/// <param name="IsForeign">The pointer is not where rat has left it.</param>
internal sealed record TableRow(
    long Key,
    TableName Name,
    string Id,
    string Location,
    string MetadataPath,
    long SnapshotId,
    long SequenceNumber,
    int SchemaId,
    int LastSchemaId,
    int LastColumnId,
    int SpecId,
    bool IsForeign);

/// <summary>Reads the tables <c>iceberg_tables</c> and <c>lake_*</c>.</summary>
internal static class TableStore
{
    public const string Catalog = "rat";

    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.LakeTables;

    public static TableRow? Find(SqliteConnection connection, TableName name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT t.key, t.id, t.location, p.metadata_location, t.snapshot_id, t.sequence_number, t.schema_id, t.last_schema_id, t.last_column_id,
                   t.spec_id,
                   p.metadata_location IS NOT (SELECT path FROM lake_metadata_files WHERE table_key = t.key ORDER BY version DESC LIMIT 1)
            FROM iceberg_tables AS p
            JOIN lake_tables AS t ON t.namespace = $namespace AND t.layer = $layer AND t.name = $name
            WHERE p.catalog_name = $catalog AND p.table_namespace = $table_namespace AND p.table_name = $name
            """;
        command.Parameters.AddWithValue("$catalog", Catalog);
        command.Parameters.AddWithValue("$table_namespace", NamespaceOf(name));
        command.Parameters.AddWithValue("$namespace", name.Namespace);
        command.Parameters.AddWithValue("$layer", name.Layer);
        command.Parameters.AddWithValue("$name", name.Name);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new TableRow(
                reader.GetInt64(0),
                name,
                reader.GetString(1),
                reader.GetString(2),
                reader.GetString(3),
                reader.GetInt64(4),
                reader.GetInt64(5),
                reader.GetInt32(6),
                reader.GetInt32(7),
                reader.GetInt32(8),
                reader.GetInt32(9),
                reader.GetBoolean(10))
            : null;
    }

    /// <summary>How the catalog names the namespace of a table.</summary>
    public static string NamespaceOf(TableName name) => $"{name.Namespace}.{name.Layer}";

    /// <summary>A retained snapshot, or null.</summary>
    public static LakeSnapshot? FindSnapshot(SqliteConnection connection, long tableKey, long snapshotId) =>
        ReadSnapshots(connection, "WHERE table_key = $table_key AND id = $id", ("$table_key", tableKey), ("$id", snapshotId)).FirstOrDefault();

    /// <summary>Retained snapshots, oldest first.</summary>
    public static List<LakeSnapshot> Snapshots(SqliteConnection connection, long tableKey) =>
        ReadSnapshots(connection, "WHERE table_key = $table_key ORDER BY sequence_number", ("$table_key", tableKey));

    /// <summary>Every partition spec that the table has ever had.</summary>
    public static List<PartitionSpec> Specs(SqliteConnection connection, long tableKey)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM lake_specs WHERE table_key = $table_key ORDER BY id";
        command.Parameters.AddWithValue("$table_key", tableKey);
        using var reader = command.ExecuteReader();
        var specs = new List<PartitionSpec>();
        while (reader.Read())
            specs.Add(SpecJson.Parse(reader.GetString(0)));
        return specs;
    }

    public static string SchemaJson(SqliteConnection connection, long tableKey, int schemaId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM lake_schemas WHERE table_key = $table_key AND id = $id";
        command.Parameters.AddWithValue("$table_key", tableKey);
        command.Parameters.AddWithValue("$id", schemaId);
        return (string)command.ExecuteScalar()!;
    }

    /// <summary>Tables by name. Reads no rows of files.</summary>
    public static List<TableSummary> List(SqliteConnection connection, string? ns, string? layer)
    {
        using var rows = connection.Prepared($"""
            SELECT namespace, layer, name, row_count, size, snapshot_id, created_at, updated_at FROM lake_tables
            {TableFilter.Where(ns, layer)} ORDER BY namespace, layer, name
            """).Bind(TableFilter.Parameters(ns, layer));
        var tables = new List<TableSummary>();
        while (rows.Read())
        {
            var name = new TableName(rows.Text(0), rows.Text(1), rows.Text(2));
            tables.Add(new TableSummary(name, rows.Integer(3), rows.Integer(4), rows.Integer(5), rows.Integer(6), rows.Integer(7)));
        }

        return tables;
    }

    private static List<LakeSnapshot> ReadSnapshots(SqliteConnection connection, string where, params ReadOnlySpan<(string Name, long Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT sequence_number, id, parent_id, schema_id, spec_id, committed_at, manifest_list, summary, row_count, size FROM lake_snapshots {where}
            """;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        using var reader = command.ExecuteReader();
        var snapshots = new List<LakeSnapshot>();
        while (reader.Read())
        {
            snapshots.Add(new LakeSnapshot(
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? null : reader.GetInt64(2),
                reader.GetInt32(3),
                reader.GetInt32(4),
                reader.GetInt64(5),
                reader.GetString(6),
                reader.GetString(7),
                reader.GetInt64(8),
                reader.GetInt64(9)));
        }

        return snapshots;
    }
}
