using Microsoft.Data.Sqlite;

namespace Rat.Storage.Metadata;

/// <summary>What lineage shows of a pipeline. Times in microseconds since the epoch.</summary>
/// <param name="Source">Its source at HEAD, by the pipeline's type; null when there is none.</param>
/// <param name="Tests">How many quality tests it has at HEAD.</param>
internal sealed record LineagePipeline(Guid Id, TableName Name, LineageSource? Source, LineageRun? LatestRun, long Tests)
{
    /// <summary>How its tests went when a run last executed them; null when none has.</summary>
    public QualityCounts? Results { get; init; }
}

/// <summary>A version of a source, and where its bytes lie in the object store.</summary>
internal sealed record LineageSource(string VersionId, string ObjectKey);

/// <summary>The newest run of a pipeline.</summary>
internal sealed record LineageRun(string Id, string Status, long? StartedAt, long? DurationMs);

/// <summary>What lineage shows of a landing zone.</summary>
internal sealed record LineageZone(Guid Id, string Namespace, string Name, long FileCount);

/// <summary>Reads over several tables what lineage shows of each thing; all things at once, or one.</summary>
internal static class LineageStore
{
    // The key of a file begins with the folder of its pipeline, and '0' is the character after '/'.
    private const string Pipelines = """
        SELECT p.id, p.namespace, p.layer, p.name, f.version_id, f.object_key, r.id, r.status, r.started_at, r.duration_ms,
               (SELECT count(*) FROM files AS t
                WHERE t.is_head = 1 AND substr(t.key, -4) = '.sql'
                  AND t.key > p.namespace || '/pipelines/' || p.layer || '/' || p.name || '/tests/quality/'
                  AND t.key < p.namespace || '/pipelines/' || p.layer || '/' || p.name || '/tests/quality0')
        FROM pipelines AS p
        LEFT JOIN files AS f ON f.is_head = 1
          AND f.key = p.namespace || '/pipelines/' || p.layer || '/' || p.name || CASE p.type WHEN 'python' THEN '/pipeline.py' ELSE '/pipeline.sql' END
        LEFT JOIN runs AS r ON r.rowid = (SELECT rowid FROM runs WHERE pipeline_id = p.id ORDER BY created_at DESC, id LIMIT 1)
        WHERE p.deleted_at IS NULL
        """;

    private const string Zones = """
        SELECT z.id, z.namespace, z.name, (SELECT count(*) FROM landing_files WHERE zone_id = z.id) FROM landing_zones AS z
        """;

    /// <summary>The live pipelines, each read when it is asked for.</summary>
    public static IEnumerable<LineagePipeline> AllPipelines(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pipelines;
        foreach (var pipeline in ReadPipelines(command, QualityResultStore.Latest(connection)))
            yield return pipeline;
    }

    /// <summary>The live pipeline of that id, or null.</summary>
    public static LineagePipeline? FindPipeline(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{Pipelines} AND p.id = $id";
        command.Parameters.AddWithValue("$id", id);
        return ReadPipelines(command, QualityResultStore.Latest(connection, id)).FirstOrDefault();
    }

    /// <summary>Rows and bytes of a table; null without it.</summary>
    public static (long Rows, long Bytes)? FindTable(SqliteConnection connection, TableName name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT row_count, size FROM lake_tables WHERE namespace = $namespace AND layer = $layer AND name = $name";
        command.Parameters.AddWithValue("$namespace", name.Namespace);
        command.Parameters.AddWithValue("$layer", name.Layer);
        command.Parameters.AddWithValue("$name", name.Name);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.GetInt64(1)) : null;
    }

    public static List<LineageZone> AllZones(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Zones;
        return ReadZones(command);
    }

    public static LineageZone? FindZone(SqliteConnection connection, string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"{Zones} WHERE z.id = $id";
        command.Parameters.AddWithValue("$id", id);
        return ReadZones(command).FirstOrDefault();
    }

    private static IEnumerable<LineagePipeline> ReadPipelines(SqliteCommand command, IReadOnlyDictionary<Guid, QualityCounts> results)
    {
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var source = reader.IsDBNull(4) ? null : new LineageSource(reader.GetString(4), reader.GetString(5));
            var run = reader.IsDBNull(6)
                ? null
                : new LineageRun(
                    reader.GetString(6), reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetInt64(8),
                    reader.IsDBNull(9) ? null : reader.GetInt64(9));
            var id = Guid.Parse(reader.GetString(0));
            var name = new TableName(reader.GetString(1), reader.GetString(2), reader.GetString(3));
            yield return new LineagePipeline(id, name, source, run, reader.GetInt64(10)) { Results = results.GetValueOrDefault(id) };
        }
    }

    private static List<LineageZone> ReadZones(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var zones = new List<LineageZone>();
        while (reader.Read())
            zones.Add(new LineageZone(Guid.Parse(reader.GetString(0)), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
        return zones;
    }
}
