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
/// <param name="Refs">What it refers to; null when nobody has looked yet.</param>
internal sealed record LineageSource(string VersionId, string ObjectKey, SourceRefs? Refs);

/// <summary>The newest run of a pipeline.</summary>
internal sealed record LineageRun(string Id, string Status, long? StartedAt, long? DurationMs);

/// <summary>What lineage shows of a landing zone.</summary>
internal sealed record LineageZone(Guid Id, string Namespace, string Name, long FileCount);

/// <summary>Reads over several tables what lineage shows of each thing; all things at once, or one.</summary>
internal static class LineageStore
{
    // The key of a file begins with the folder of its pipeline, and '0' is the character after '/'. The condition of instr() says nothing new: it
    // lets SQLite take the index of tests, in which there is nothing of most pipelines.
    private const string Pipelines = """
        SELECT p.id, p.namespace, p.layer, p.name, f.version_id, f.object_key, s.refs, s.zones, r.run_id, r.status, r.started_at, r.duration_ms,
               (SELECT count(*) FROM files AS t
                WHERE t.is_head = 1 AND instr(t.key, '/tests/quality/') > 0 AND substr(t.key, -4) = '.sql'
                  AND t.key > p.namespace || '/pipelines/' || p.layer || '/' || p.name || '/tests/quality/'
                  AND t.key < p.namespace || '/pipelines/' || p.layer || '/' || p.name || '/tests/quality0')
        FROM pipelines AS p
        LEFT JOIN files AS f ON f.is_head = 1
          AND f.key = p.namespace || '/pipelines/' || p.layer || '/' || p.name || CASE p.type WHEN 'python' THEN '/pipeline.py' ELSE '/pipeline.sql' END
        LEFT JOIN source_refs AS s ON s.version_id = f.version_id
        LEFT JOIN last_runs AS r ON r.pipeline_id = p.id
        WHERE p.deleted_at IS NULL
        """;

    private const string Zones = """
        SELECT z.id, z.namespace, z.name, z.file_count FROM landing_zones AS z
        """;

    /// <summary>The live pipelines.</summary>
    public static List<LineagePipeline> AllPipelines(SqliteConnection connection)
    {
        using var rows = connection.Prepared($"{Pipelines} ORDER BY p.rowid");
        return ReadPipelines(rows, QualityResultStore.Latest(connection));
    }

    /// <summary>The live pipeline of that id, or null.</summary>
    public static LineagePipeline? FindPipeline(SqliteConnection connection, string id)
    {
        using var rows = connection.Prepared($"{Pipelines} AND p.id = $id").Bind("$id", id);
        return ReadPipelines(rows, QualityResultStore.Latest(connection, id)).FirstOrDefault();
    }

    /// <summary>Rows and bytes of a table; null without it.</summary>
    public static (long Rows, long Bytes)? FindTable(SqliteConnection connection, TableName name)
    {
        using var rows = connection.Prepared("SELECT row_count, size FROM lake_tables WHERE namespace = $namespace AND layer = $layer AND name = $name")
            .Bind("$namespace", name.Namespace).Bind("$layer", name.Layer).Bind("$name", name.Name);
        return rows.Read() ? (rows.Integer(0), rows.Integer(1)) : null;
    }

    public static List<LineageZone> AllZones(SqliteConnection connection)
    {
        using var rows = connection.Prepared(Zones);
        return ReadZones(rows);
    }

    public static LineageZone? FindZone(SqliteConnection connection, string id)
    {
        using var rows = connection.Prepared($"{Zones} WHERE z.id = $id").Bind("$id", id);
        return ReadZones(rows).FirstOrDefault();
    }

    private static List<LineagePipeline> ReadPipelines(Statement rows, IReadOnlyDictionary<Guid, QualityCounts> results)
    {
        var pipelines = new List<LineagePipeline>();
        while (rows.Read())
        {
            var source = rows.IsNull(4)
                ? null
                : new LineageSource(rows.Text(4), rows.Text(5), rows.IsNull(6) ? null : SourceRefsStore.Parse(rows.Utf8(6), rows.Utf8(7)));
            var run = rows.IsNull(8) ? null : new LineageRun(rows.Text(8), rows.Text(9), rows.IntegerOrNull(10), rows.IntegerOrNull(11));
            var id = rows.Id(0);
            var name = new TableName(rows.Text(1), rows.Text(2), rows.Text(3));
            pipelines.Add(new LineagePipeline(id, name, source, run, rows.Integer(12)) { Results = results.GetValueOrDefault(id) });
        }

        return pipelines;
    }

    private static List<LineageZone> ReadZones(Statement rows)
    {
        var zones = new List<LineageZone>();
        while (rows.Read())
            zones.Add(new LineageZone(rows.Id(0), rows.Text(1), rows.Text(2), rows.Integer(3)));
        return zones;
    }
}
