using Microsoft.Data.Sqlite;
using Rat.Storage.Lake;

namespace Rat.Storage.Metadata;

/// <summary>Writes the tables <c>iceberg_tables</c> and <c>lake_*</c>. What a commit costs here grows with what it changes, not with the table.</summary>
internal static class TableCommitStore
{
    /// <summary>Swaps the pointer from the base's metadata to the new one. False when it points elsewhere.</summary>
    public static bool TrySwapPointer(SqliteConnection connection, StagedCommit commit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = commit.Base is null
            ? """
                INSERT INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location, iceberg_type)
                VALUES ($catalog, $namespace, $name, $metadata, 'TABLE')
                ON CONFLICT DO NOTHING
                """
            : """
                UPDATE iceberg_tables SET metadata_location = $metadata, previous_metadata_location = metadata_location
                WHERE catalog_name = $catalog AND table_namespace = $namespace AND table_name = $name AND metadata_location = $base
                """;
        command.Parameters.AddWithValue("$catalog", TableStore.Catalog);
        command.Parameters.AddWithValue("$namespace", TableStore.NamespaceOf(commit.State.Name));
        command.Parameters.AddWithValue("$name", commit.State.Name.Name);
        command.Parameters.AddWithValue("$metadata", commit.State.MetadataPath);
        if (commit.Base is not null)
            command.Parameters.AddWithValue("$base", commit.Base.MetadataPath);
        return command.ExecuteNonQuery() == 1;
    }

    /// <summary>Records what the new metadata says. Belongs to the same transaction.</summary>
    public static void Record(SqliteConnection connection, StagedCommit commit)
    {
        var key = UpsertTable(connection, commit);
        InsertSnapshot(connection, key, commit);
        TableFileStore.Change(connection, key, commit);
        ManifestStore.Change(connection, key, commit);
        Expire(connection, key, commit);
    }

    private static long UpsertTable(SqliteConnection connection, StagedCommit commit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO lake_tables (id, namespace, layer, name, location, root, snapshot_id, sequence_number, schema_id, last_schema_id,
                                     last_column_id, spec_id, row_count, size, created_at, updated_at)
            VALUES ($id, $namespace, $layer, $name, $location, $root, $snapshot_id, $sequence_number, $schema_id, $last_schema_id,
                    $last_column_id, $spec_id, $row_count, $size, $now, $now)
            ON CONFLICT (id) DO UPDATE SET
                root = excluded.root, snapshot_id = excluded.snapshot_id, sequence_number = excluded.sequence_number,
                schema_id = excluded.schema_id, last_schema_id = excluded.last_schema_id, last_column_id = excluded.last_column_id,
                spec_id = excluded.spec_id, row_count = excluded.row_count, size = excluded.size, updated_at = excluded.updated_at
            RETURNING key
            """;
        var state = commit.State;
        command.Parameters.AddWithValue("$id", state.TableId);
        command.Parameters.AddWithValue("$namespace", state.Name.Namespace);
        command.Parameters.AddWithValue("$layer", state.Name.Layer);
        command.Parameters.AddWithValue("$name", state.Name.Name);
        command.Parameters.AddWithValue("$location", state.Location);
        command.Parameters.AddWithValue("$root", commit.RootUri);
        command.Parameters.AddWithValue("$snapshot_id", state.SnapshotId);
        command.Parameters.AddWithValue("$sequence_number", state.SequenceNumber);
        command.Parameters.AddWithValue("$schema_id", state.Schema.Id);
        command.Parameters.AddWithValue("$last_schema_id", state.LastSchemaId);
        command.Parameters.AddWithValue("$last_column_id", state.LastColumnId);
        command.Parameters.AddWithValue("$spec_id", state.Spec.Id);
        command.Parameters.AddWithValue("$row_count", state.RowCount);
        command.Parameters.AddWithValue("$size", state.SizeBytes);
        command.Parameters.AddWithValue("$now", state.CommittedAt);
        return (long)command.ExecuteScalar()!;
    }

    private static void InsertSnapshot(SqliteConnection connection, long key, StagedCommit commit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO lake_schemas (table_key, id, json) VALUES ($table_key, $schema_id, $schema) ON CONFLICT DO NOTHING;
            INSERT INTO lake_specs (table_key, id, json) VALUES ($table_key, $spec_id, $spec) ON CONFLICT DO NOTHING;
            INSERT INTO lake_snapshots (table_key, sequence_number, id, parent_id, schema_id, spec_id, committed_at, manifest_list, summary, row_count, size)
            VALUES ($table_key, $sequence_number, $id, $parent_id, $schema_id, $spec_id, $committed_at, $manifest_list, $summary, $row_count, $size);
            INSERT INTO lake_metadata_files (table_key, version, path, written_at) VALUES ($table_key, $version, $metadata, $committed_at);
            """;
        var snapshot = commit.Snapshot;
        command.Parameters.AddWithValue("$table_key", key);
        command.Parameters.AddWithValue("$schema", Lake.SchemaJson.ToText(commit.State.Schema));
        command.Parameters.AddWithValue("$spec_id", snapshot.SpecId);
        command.Parameters.AddWithValue("$spec", SpecJson.ToText(commit.State.Spec));
        command.Parameters.AddWithValue("$sequence_number", snapshot.SequenceNumber);
        command.Parameters.AddWithValue("$id", snapshot.Id);
        command.Parameters.AddWithValue("$parent_id", (object?)snapshot.ParentId ?? DBNull.Value);
        command.Parameters.AddWithValue("$schema_id", snapshot.SchemaId);
        command.Parameters.AddWithValue("$committed_at", snapshot.CommittedAt);
        command.Parameters.AddWithValue("$manifest_list", snapshot.ManifestList);
        command.Parameters.AddWithValue("$summary", snapshot.Summary);
        command.Parameters.AddWithValue("$row_count", snapshot.RowCount);
        command.Parameters.AddWithValue("$size", snapshot.SizeBytes);
        command.Parameters.AddWithValue("$version", commit.Metadata.Version);
        command.Parameters.AddWithValue("$metadata", commit.Metadata.Path);
        command.ExecuteNonQuery();
    }

    private static void Expire(SqliteConnection connection, long key, StagedCommit commit)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            DELETE FROM lake_metadata_files WHERE table_key = $table_key AND version < $oldest_metadata;
            DELETE FROM lake_snapshots WHERE table_key = $table_key AND sequence_number < $oldest;
            """;
        command.Parameters.AddWithValue("$table_key", key);
        command.Parameters.AddWithValue("$oldest_metadata", commit.OldestMetadata);
        command.Parameters.AddWithValue("$oldest", commit.OldestKept);
        command.ExecuteNonQuery();
        if (commit.OldestKept <= 1)
            return;
        TableFileStore.Expire(connection, key, commit.OldestKept, commit.Snapshot.CommittedAt);
        ManifestStore.Expire(connection, key, commit.OldestKept);
        command.CommandText = """
            DELETE FROM lake_schemas WHERE table_key = $table_key
                AND id NOT IN (SELECT schema_id FROM lake_snapshots WHERE table_key = $table_key)
            """;
        command.ExecuteNonQuery();
    }
}
