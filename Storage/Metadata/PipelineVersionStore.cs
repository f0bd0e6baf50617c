using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>A published version of a pipeline.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Files">Key → version id of each file that it pins.</param>
/// <param name="CreatedAt">Microseconds since the epoch.</param>
internal sealed record PipelineVersionRow(
    Guid Id, Guid PipelineId, int Number, string Message, IReadOnlyDictionary<string, string> Files, long CreatedAt);

/// <summary>The table <c>pipeline_versions</c>.</summary>
internal static class PipelineVersionStore
{
    /// <summary>What <see cref="List"/> reads.</summary>
    public const ListedTables Listed = ListedTables.PipelineVersions;

    private const string Columns = "id, pipeline_id, number, message, published_versions, created_at";

    /// <summary>The versions of a pipeline, newest first.</summary>
    public static IReadOnlyList<PipelineVersionRow> List(SqliteConnection connection, Guid pipelineId) =>
        Select(connection, "WHERE pipeline_id = $pipeline_id ORDER BY number DESC", pipelineId, number: null);

    /// <summary>One version, or null.</summary>
    public static PipelineVersionRow? Find(SqliteConnection connection, Guid pipelineId, long number) =>
        Select(connection, "WHERE pipeline_id = $pipeline_id AND number = $number", pipelineId, number).FirstOrDefault();

    /// <summary>Adds the next version of a pipeline.</summary>
    public static PipelineVersionRow Insert(
        SqliteConnection connection, Guid pipelineId, string message, IReadOnlyDictionary<string, string> files, long now)
    {
        using var command = connection.CreateCommand();
        command.CommandText = """
            INSERT INTO pipeline_versions (id, pipeline_id, number, message, published_versions, created_at)
            VALUES ($id, $pipeline_id, (SELECT coalesce(max(number), 0) + 1 FROM pipeline_versions WHERE pipeline_id = $pipeline_id),
                    $message, $published_versions, $created_at)
            RETURNING number
            """;
        var id = Guid.NewGuid();
        command.Parameters.AddWithValue("$id", id.ToString());
        command.Parameters.AddWithValue("$pipeline_id", pipelineId.ToString());
        command.Parameters.AddWithValue("$message", message);
        command.Parameters.AddWithValue("$published_versions", PipelineStore.ToJson(files));
        command.Parameters.AddWithValue("$created_at", now);
        var number = (int)(long)command.ExecuteScalar()!;
        return new PipelineVersionRow(id, pipelineId, number, message, files, now);
    }

    /// <summary>Removes all versions but the newest ones, and returns what was removed.</summary>
    /// <param name="kept">At least 1.</param>
    public static IReadOnlyList<PipelineVersionRow> Prune(SqliteConnection connection, Guid pipelineId, int kept)
    {
        var removed = List(connection, pipelineId).Skip(kept).ToList();
        foreach (var version in removed)
        {
            using var command = connection.CreateCommand();
            command.CommandText = "DELETE FROM pipeline_versions WHERE id = $id";
            command.Parameters.AddWithValue("$id", version.Id.ToString());
            command.ExecuteNonQuery();
        }

        return removed;
    }

    private static List<PipelineVersionRow> Select(SqliteConnection connection, string clauses, Guid pipelineId, long? number)
    {
        using var rows = connection.Prepared($"SELECT {Columns} FROM pipeline_versions {clauses}").Bind("$pipeline_id", pipelineId.ToString());
        if (number is { } wanted)
            rows.Bind("$number", wanted);
        var versions = new List<PipelineVersionRow>();
        while (rows.Read())
        {
            versions.Add(new PipelineVersionRow(
                rows.Id(0), rows.Id(1), (int)rows.Integer(2), rows.Text(3),
                JsonSerializer.Deserialize(rows.Utf8(4), PipelineJson.Default.DictionaryStringString)!, rows.Integer(5)));
        }

        return versions;
    }
}
