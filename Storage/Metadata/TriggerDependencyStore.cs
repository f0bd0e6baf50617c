using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>trigger_dependencies</c>: which pipelines a trigger waits for, as <c>namespace.layer.pipeline</c>.</summary>
internal static class TriggerDependencyStore
{
    /// <summary>Sets the dependencies of a trigger. One counts as satisfied when it has succeeded after <paramref name="since"/>; null: ever.</summary>
    public static void Replace(SqliteConnection connection, Guid triggerId, IEnumerable<TableName> dependencies, long? since)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM trigger_dependencies WHERE trigger_id = $trigger_id";
        command.Parameters.AddWithValue("$trigger_id", triggerId.ToString());
        command.ExecuteNonQuery();

        command.CommandText = """
            INSERT INTO trigger_dependencies (dependency, trigger_id, satisfied)
            SELECT $dependency, $trigger_id, EXISTS (
                SELECT 1 FROM runs
                WHERE pipeline_id = (SELECT id FROM pipelines WHERE namespace = $namespace AND layer = $layer AND name = $name AND deleted_at IS NULL)
                  AND status = 'success' AND finished_at > $since)
            WHERE true
            ON CONFLICT DO NOTHING
            """;
        command.Parameters.AddWithValue("$since", since ?? long.MinValue);
        var dependency = command.Parameters.Add("$dependency", SqliteType.Text);
        var ns = command.Parameters.Add("$namespace", SqliteType.Text);
        var layer = command.Parameters.Add("$layer", SqliteType.Text);
        var name = command.Parameters.Add("$name", SqliteType.Text);
        foreach (var pipeline in dependencies)
        {
            (dependency.Value, ns.Value, layer.Value, name.Value) = (pipeline.ToString(), pipeline.Namespace, pipeline.Layer, pipeline.Name);
            command.ExecuteNonQuery();
        }
    }

    /// <summary>A pipeline has succeeded. False when no trigger depends on it.</summary>
    public static bool Satisfy(SqliteConnection connection, string dependency)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE trigger_dependencies SET satisfied = 1 WHERE dependency = $dependency";
        command.Parameters.AddWithValue("$dependency", dependency);
        return command.ExecuteNonQuery() > 0;
    }

    /// <summary>Whether every dependency of a trigger is satisfied.</summary>
    public static bool AllSatisfied(SqliteConnection connection, Guid triggerId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM trigger_dependencies WHERE trigger_id = $trigger_id AND satisfied = 0";
        command.Parameters.AddWithValue("$trigger_id", triggerId.ToString());
        return command.ExecuteScalar() is null;
    }

    /// <summary>The trigger is due but lacks a dependency: only a success wakes it.</summary>
    public static void Await(SqliteConnection connection, Guid triggerId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE triggers SET awaits = 1 WHERE id = $trigger_id";
        command.Parameters.AddWithValue("$trigger_id", triggerId.ToString());
        command.ExecuteNonQuery();
    }
}
