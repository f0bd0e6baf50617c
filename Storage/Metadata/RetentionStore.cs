using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What a clean-up has removed or ended.</summary>
internal sealed record ReaperCounts(
    int RunsPruned = 0,
    int LogsPruned = 0,
    int QualityPruned = 0,
    int PipelinesPurged = 0,
    int RunsFailed = 0,
    int BranchesCleaned = 0,
    int LzFilesCleaned = 0,
    int AuditPruned = 0);

/// <summary>The last clean-up. Times in microseconds since the epoch.</summary>
/// <param name="LastRunAt">Null before the first one.</param>
internal sealed record ReaperStatusRow(long? LastRunAt, ReaperCounts Counts, long UpdatedAt);

/// <summary>The table <c>retention</c>, and the settings of single pipelines.</summary>
internal static class RetentionStore
{
    /// <summary>JSON object of the system's settings that differ from the defaults.</summary>
    public static string Config(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT config FROM retention";
        return (string)command.ExecuteScalar()!;
    }

    public static void SetConfig(SqliteConnection connection, string config)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE retention SET config = $config";
        command.Parameters.AddWithValue("$config", config);
        command.ExecuteNonQuery();
    }

    /// <summary>Sets the overrides of a pipeline; null removes them.</summary>
    public static void SetPipelineConfig(SqliteConnection connection, Guid pipelineId, string? config)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "UPDATE pipelines SET retention_config = $config WHERE id = $id";
        command.Parameters.AddWithValue("$config", (object?)config ?? DBNull.Value);
        command.Parameters.AddWithValue("$id", pipelineId.ToString());
        command.ExecuteNonQuery();
    }

    /// <summary>Every pipeline that has runs, soft-deleted ones too, with its overrides.</summary>
    public static IReadOnlyList<(Guid Id, string? Config)> WithRuns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT r.pipeline_id, p.retention_config
            FROM (SELECT DISTINCT pipeline_id FROM runs) AS r LEFT JOIN pipelines AS p ON p.id = r.pipeline_id
            """;
        using var reader = command.ExecuteReader();
        var pipelines = new List<(Guid, string?)>();
        while (reader.Read())
            pipelines.Add((Guid.Parse(reader.GetString(0)), reader.IsDBNull(1) ? null : reader.GetString(1)));
        return pipelines;
    }

    public static ReaperStatusRow Status(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT last_run_at, runs_pruned, logs_pruned, quality_pruned, pipelines_purged, runs_failed, branches_cleaned, lz_files_cleaned,
                   audit_pruned, updated_at
            FROM retention
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        return new ReaperStatusRow(
            reader.IsDBNull(0) ? null : reader.GetInt64(0),
            new ReaperCounts(
                reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7),
                reader.GetInt32(8)),
            reader.GetInt64(9));
    }

    public static void SetStatus(SqliteConnection connection, ReaperCounts counts, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE retention
            SET last_run_at = $now, runs_pruned = $runs_pruned, logs_pruned = $logs_pruned, quality_pruned = $quality_pruned,
                pipelines_purged = $pipelines_purged, runs_failed = $runs_failed, branches_cleaned = $branches_cleaned,
                lz_files_cleaned = $lz_files_cleaned, audit_pruned = $audit_pruned, updated_at = $now
            """;
        command.Parameters.AddWithValue("$now", now);
        command.Parameters.AddWithValue("$runs_pruned", counts.RunsPruned);
        command.Parameters.AddWithValue("$logs_pruned", counts.LogsPruned);
        command.Parameters.AddWithValue("$quality_pruned", counts.QualityPruned);
        command.Parameters.AddWithValue("$pipelines_purged", counts.PipelinesPurged);
        command.Parameters.AddWithValue("$runs_failed", counts.RunsFailed);
        command.Parameters.AddWithValue("$branches_cleaned", counts.BranchesCleaned);
        command.Parameters.AddWithValue("$lz_files_cleaned", counts.LzFilesCleaned);
        command.Parameters.AddWithValue("$audit_pruned", counts.AuditPruned);
        command.ExecuteNonQuery();
    }
}
