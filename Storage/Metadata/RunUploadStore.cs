using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The table <c>run_uploads</c>: the landing file that has started a run.</summary>
internal static class RunUploadStore
{
    /// <param name="versionId">Of the uploaded file.</param>
    public static void Insert(SqliteConnection connection, Guid runId, string versionId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO run_uploads (run_id, version_id) VALUES ($run_id, $version_id)";
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        command.Parameters.AddWithValue("$version_id", versionId);
        command.ExecuteNonQuery();
    }

    /// <summary>A run takes the place of another that was started by an upload; of any other, nothing happens.</summary>
    public static void Copy(SqliteConnection connection, Guid fromRun, Guid toRun)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO run_uploads (run_id, version_id, is_read) SELECT $to, version_id, is_read FROM run_uploads WHERE run_id = $from
            """;
        command.Parameters.AddWithValue("$from", fromRun.ToString());
        command.Parameters.AddWithValue("$to", toRun.ToString());
        command.ExecuteNonQuery();
    }

    /// <summary>A pipeline has read files for good: its runs that they have started know it.</summary>
    public static void SetRead(SqliteConnection connection, Guid pipelineId, IEnumerable<ConsumedFile> files)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            UPDATE run_uploads SET is_read = 1
            WHERE version_id = $version_id AND is_read = 0
              AND EXISTS (SELECT 1 FROM runs AS r WHERE r.id = run_uploads.run_id AND r.pipeline_id = $pipeline_id)
            """;
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        var version = command.Parameters.Add("$version_id", SqliteType.Text);
        foreach (var file in files)
        {
            version.Value = file.VersionId;
            command.ExecuteNonQuery();
        }
    }

    /// <summary>Whether an upload has started the run, and its pipeline has read that for good.</summary>
    public static bool IsRead(SqliteConnection connection, Guid runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM run_uploads WHERE run_id = $run_id AND is_read = 1)";
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        return (long)command.ExecuteScalar()! == 1;
    }
}
