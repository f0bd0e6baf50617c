using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What retention removes of runs. Each call removes a bounded number, so that no commit of a run waits long behind it; times in
/// microseconds since the epoch.</summary>
internal static class RunRetentionStore
{
    private const int Most = 200;

    private const string Ended = "status IN ('success', 'failed', 'cancelled')";

    /// <summary>Removes finished runs of a pipeline beyond its newest ones, with their logs and results. Returns how many; 0 when none is left.</summary>
    public static int DeleteBeyond(SqliteConnection connection, Guid pipelineId, int kept) => Execute(connection, $"""
        DELETE FROM runs WHERE id IN (
            SELECT id FROM runs WHERE pipeline_id = $pipeline_id AND {Ended} ORDER BY created_at DESC, id LIMIT $most OFFSET $number)
        """, pipelineId, kept);

    /// <summary>Removes runs of a pipeline that finished before a time. Returns how many; 0 when none is left.</summary>
    public static int DeleteBefore(SqliteConnection connection, Guid pipelineId, long before) => Execute(connection, $"""
        DELETE FROM runs WHERE id IN (
            SELECT id FROM runs WHERE pipeline_id = $pipeline_id AND {Ended} AND finished_at < $number LIMIT $most)
        """, pipelineId, before);

    /// <summary>Removes the log of runs that finished before a time. Returns of how many; 0 when none is left.</summary>
    public static int DeleteLogsBefore(SqliteConnection connection, Guid pipelineId, long before)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT id FROM runs AS r
            WHERE pipeline_id = $pipeline_id AND {Ended} AND finished_at < $before AND EXISTS (SELECT 1 FROM run_logs WHERE run_id = r.id)
            LIMIT $most
            """;
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        command.Parameters.AddWithValue("$before", before);
        command.Parameters.AddWithValue("$most", Most);
        var runs = new List<string>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
                runs.Add(reader.GetString(0));
        }

        using var delete = connection.CreateCommand();
        delete.CommandText = "DELETE FROM run_logs WHERE run_id = $run_id";
        var run = delete.Parameters.Add("$run_id", SqliteType.Text);
        foreach (var id in runs)
        {
            run.Value = id;
            delete.ExecuteNonQuery();
        }

        return runs.Count;
    }

    /// <summary>Removes results of each quality test of a pipeline beyond its newest ones. Returns how many; 0 when none is left.</summary>
    public static int DeleteResultsBeyond(SqliteConnection connection, Guid pipelineId, int kept) => Execute(connection, """
        DELETE FROM quality_results WHERE (run_id, position) IN (
            SELECT run_id, position
            FROM (SELECT run_id, position, row_number() OVER (PARTITION BY test_name ORDER BY finished_at DESC, run_id) AS age
                  FROM quality_results WHERE pipeline_id = $pipeline_id)
            WHERE age > $number LIMIT $most)
        """, pipelineId, kept);

    /// <summary>Removes every run of a pipeline.</summary>
    public static void DeleteAll(SqliteConnection connection, Guid pipelineId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM runs WHERE pipeline_id = $pipeline_id";
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        command.ExecuteNonQuery();
    }

    private static int Execute(SqliteConnection connection, string sql, Guid pipelineId, long number)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        command.Parameters.AddWithValue("$number", number);
        command.Parameters.AddWithValue("$most", Most);
        return command.ExecuteNonQuery();
    }
}
