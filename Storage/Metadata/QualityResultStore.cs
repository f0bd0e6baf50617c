using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>The result of one quality test in one run.</summary>
/// <param name="File">Full key of the test's file.</param>
/// <param name="Severity"><c>error</c> or <c>warn</c>.</param>
/// <param name="Status"><c>passed</c>, <c>failed</c>, <c>warned</c> or <c>error</c>.</param>
internal sealed record QualityResultRow(
    string Name,
    string File,
    string Severity,
    string Status,
    long Violations,
    string Message,
    long DurationMs,
    string Description,
    IReadOnlyList<string> Tags,
    string Remediation,
    string CompiledSql,
    string SampleRows);

/// <summary>How the tests of one run went. A test that could not be asked counts as failed.</summary>
internal sealed record QualityCounts(int Passed, int Failed, int Warned);

/// <summary>The table <c>quality_results</c>.</summary>
internal static class QualityResultStore
{
    /// <summary>Stores the results of a run in place of those that an earlier attempt of it has left, and returns how many they are.</summary>
    /// <param name="finishedAt">Microseconds since the epoch.</param>
    public static int Replace(SqliteConnection connection, Guid runId, Guid pipelineId, IReadOnlyList<QualityResultRow> results, long finishedAt)
    {
        using (var delete = connection.CreateCommand())
        {
            delete.CommandText = "DELETE FROM quality_results WHERE run_id = $run_id";
            delete.Parameters.AddWithValue("$run_id", runId.ToString());
            delete.ExecuteNonQuery();
        }

        foreach (var (position, result) in results.Index())
            Insert(connection, runId, pipelineId, position, result, finishedAt);
        return results.Count;
    }

    /// <summary>The results of a run, in the order in which its tests were executed.</summary>
    public static IReadOnlyList<QualityResultRow> Read(SqliteConnection connection, Guid runId)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT test_name, test_file, severity, status, violations, message, duration_ms, description, tags, remediation, compiled_sql, sample_rows
            FROM quality_results WHERE run_id = $run_id ORDER BY position
            """;
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        using var reader = command.ExecuteReader();
        var results = new List<QualityResultRow>();
        while (reader.Read())
        {
            results.Add(new QualityResultRow(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt64(4), reader.GetString(5),
                reader.GetInt64(6), reader.GetString(7), JsonSerializer.Deserialize(reader.GetString(8), QualityResultJson.Default.IReadOnlyListString)!,
                reader.GetString(9), reader.GetString(10), reader.GetString(11)));
        }

        return results;
    }

    /// <summary>The newest results of each live pipeline that has any, by the pipeline's id.</summary>
    /// <param name="pipelineId">Null is all of them.</param>
    public static IReadOnlyDictionary<Guid, QualityCounts> Latest(SqliteConnection connection, string? pipelineId = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT p.id, sum(q.status = 'passed'), sum(q.status IN ('failed', 'error')), sum(q.status = 'warned')
            FROM pipelines AS p
            JOIN quality_results AS q ON q.pipeline_id = p.id AND q.run_id =
                (SELECT run_id FROM quality_results WHERE pipeline_id = p.id ORDER BY finished_at DESC LIMIT 1)
            WHERE p.deleted_at IS NULL {(pipelineId is null ? "" : "AND p.id = $id")}
            GROUP BY p.id
            """;
        if (pipelineId is not null)
            command.Parameters.AddWithValue("$id", pipelineId);
        using var reader = command.ExecuteReader();
        var counts = new Dictionary<Guid, QualityCounts>();
        while (reader.Read())
            counts[Guid.Parse(reader.GetString(0))] = new QualityCounts(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3));
        return counts;
    }

    private static void Insert(SqliteConnection connection, Guid runId, Guid pipelineId, int position, QualityResultRow result, long finishedAt)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO quality_results (run_id, position, pipeline_id, finished_at, test_name, test_file, severity, status, violations, message,
                                         duration_ms, description, tags, remediation, compiled_sql, sample_rows)
            VALUES ($run_id, $position, $pipeline_id, $finished_at, $test_name, $test_file, $severity, $status, $violations, $message,
                    $duration_ms, $description, $tags, $remediation, $compiled_sql, $sample_rows)
            """;
        command.Parameters.AddWithValue("$run_id", runId.ToString());
        command.Parameters.AddWithValue("$position", position);
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        command.Parameters.AddWithValue("$finished_at", finishedAt);
        command.Parameters.AddWithValue("$test_name", result.Name);
        command.Parameters.AddWithValue("$test_file", result.File);
        command.Parameters.AddWithValue("$severity", result.Severity);
        command.Parameters.AddWithValue("$status", result.Status);
        command.Parameters.AddWithValue("$violations", result.Violations);
        command.Parameters.AddWithValue("$message", result.Message);
        command.Parameters.AddWithValue("$duration_ms", result.DurationMs);
        command.Parameters.AddWithValue("$description", result.Description);
        command.Parameters.AddWithValue("$tags", JsonSerializer.Serialize(result.Tags, QualityResultJson.Default.IReadOnlyListString));
        command.Parameters.AddWithValue("$remediation", result.Remediation);
        command.Parameters.AddWithValue("$compiled_sql", result.CompiledSql);
        command.Parameters.AddWithValue("$sample_rows", result.SampleRows);
        command.ExecuteNonQuery();
    }
}

/// <summary>JSON that is kept in columns of <c>quality_results</c>.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class QualityResultJson : JsonSerializerContext;
