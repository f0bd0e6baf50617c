using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A soft-deleted pipeline. <c>DeletedAt</c> in microseconds since the epoch.</summary>
internal sealed record DeletedPipelineRow(Guid Id, TableName Name, long DeletedAt);

/// <summary>Soft-deleted pipelines and what goes with them.</summary>
internal static class PurgeStore
{
    /// <summary>Pipelines deleted before a time, none of whose runs is waiting or executing; the longest deleted first.</summary>
    public static IReadOnlyList<DeletedPipelineRow> DeletedBefore(SqliteConnection connection, long before)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, namespace, layer, name, deleted_at FROM pipelines AS p
            WHERE deleted_at IS NOT NULL AND deleted_at < $before
              AND NOT EXISTS (SELECT 1 FROM runs WHERE pipeline_id = p.id AND status IN ('pending', 'running'))
            ORDER BY deleted_at, id
            """;
        command.Parameters.AddWithValue("$before", before);
        using var reader = command.ExecuteReader();
        var pipelines = new List<DeletedPipelineRow>();
        while (reader.Read())
        {
            pipelines.Add(new DeletedPipelineRow(
                Guid.Parse(reader.GetString(0)), new TableName(reader.GetString(1), reader.GetString(2), reader.GetString(3)), reader.GetInt64(4)));
        }

        return pipelines;
    }

    /// <summary>Whether a live pipeline of the name has taken over its table: by a success, or by a commit after the time when the one before it was
    /// deleted, should the run have been removed since.</summary>
    public static bool IsTakenOver(SqliteConnection connection, DeletedPipelineRow deleted)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT 1 FROM pipelines AS p
            WHERE p.namespace = $namespace AND p.layer = $layer AND p.name = $name AND p.deleted_at IS NULL
              AND (EXISTS (SELECT 1 FROM runs WHERE pipeline_id = p.id AND status = 'success')
                   OR EXISTS (SELECT 1 FROM lake_tables AS t
                              WHERE t.namespace = p.namespace AND t.layer = p.layer AND t.name = p.name AND t.updated_at > $deleted_at))
            """;
        command.Parameters.AddWithValue("$namespace", deleted.Name.Namespace);
        command.Parameters.AddWithValue("$layer", deleted.Name.Layer);
        command.Parameters.AddWithValue("$name", deleted.Name.Name);
        command.Parameters.AddWithValue("$deleted_at", deleted.DeletedAt);
        return command.ExecuteScalar() is not null;
    }

    /// <summary>Removes the row of a soft-deleted pipeline with its runs, versions, schedules and triggers.</summary>
    public static void Delete(SqliteConnection connection, Guid pipelineId)
    {
        RunRetentionStore.DeleteAll(connection, pipelineId);
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM pipelines WHERE id = $id AND deleted_at IS NOT NULL";
        command.Parameters.AddWithValue("$id", pipelineId.ToString());
        command.ExecuteNonQuery();
    }
}
