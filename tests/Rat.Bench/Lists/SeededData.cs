using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Rat.Bench.Lists;

/// <summary>
/// A data directory with many pipelines, their sources and many runs. Made by writing to the database of a stopped server: over HTTP a million
/// runs would take hours, and what is measured afterwards can't tell the difference.
/// </summary>
internal static class SeededData
{
    public const int Pipelines = 10_000;
    public const int Runs = 1_000_000;
    public const int Namespaces = 200;
    public const int Zones = 1_000;
    public const int ZoneFiles = 10_000;
    public const int AuditEntries = 1_000_000;

    private const int Tables = 10_000;
    private const long FirstMicrosecond = 1_700_000_000_000_000;

    /// <param name="directory">Of a server that has started once, so that its database is there, and has stopped.</param>
    public static void Fill(string directory)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "rat.db")};Pooling=False");
        connection.Open();
        using (var settings = connection.CreateCommand())
        {
            settings.CommandText = "PRAGMA cache_size = -1500000; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0";
            settings.ExecuteNonQuery();
        }

        using var transaction = connection.BeginTransaction();
        var ids = AddPipelines(connection, Path.Combine(directory, "objects"), Pipelines);
        AddOthers(connection);
        // What follows each row otherwise, is made for all of them at once.
        var definitions = Definitions(connection);
        foreach (var (kind, name, _) in definitions)
            Execute(connection, $"DROP {kind} {name}");
        AddRuns(connection, ids, Runs);
        Execute(connection, """
            INSERT INTO run_counts SELECT namespace, layer, pipeline, status, count(*) FROM runs GROUP BY 1, 2, 3, 4;
            INSERT INTO run_totals SELECT status, count(*) FROM runs GROUP BY 1;
            INSERT INTO last_runs
            SELECT r.pipeline_id, r.id, r.status, r.created_at, r.started_at, r.finished_at, r.duration_ms
            FROM (SELECT pipeline_id, max(rowid) AS newest FROM runs GROUP BY pipeline_id) AS n JOIN runs AS r ON r.rowid = n.newest;
            """);
        foreach (var (_, _, sql) in definitions)
            Execute(connection, sql);
        transaction.Commit();
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
    }

    /// <summary>As if lineage had never been asked for.</summary>
    public static void ForgetReferences(string directory)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "rat.db")};Pooling=False");
        connection.Open();
        Execute(connection, "DELETE FROM source_refs");
    }

    /// <summary>What is quickly made over HTTP: versions, triggers and tests of one pipeline, samples of one zone.</summary>
    public static async Task FillAsync(RatServer server)
    {
        const string pipeline = "/api/v1/pipelines/default/bronze/p1";
        for (var number = 0; number < 50; number++)
        {
            await server.SendAsync(HttpMethod.Post, $"{pipeline}/publish", new JsonObject { ["message"] = $"version {number}" });
            await server.SendAsync(HttpMethod.Post, $"{pipeline}/triggers", new JsonObject
            {
                ["type"] = "landing_zone_upload",
                ["config"] = new JsonObject { ["namespace"] = "default", ["zone_name"] = $"z{number}" },
            });
        }

        for (var number = 0; number < 10; number++)
        {
            await server.SendAsync(HttpMethod.Post, $"{pipeline}/tests",
                new JsonObject { ["name"] = $"test-{number}", ["sql"] = "SELECT * FROM bronze.p1 WHERE id IS NULL" });
            using var form = new MultipartFormDataContent { { new StringContent("id,name\n1,a\n"), "file", $"sample-{number}.csv" } };
            using var uploaded = await server.Http.PostAsync(new Uri("/api/v1/landing-zones/default/z0/samples", UriKind.Relative), form);
            uploaded.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Every pipeline reads the table of the one before it and one further back; one in ten reads a landing zone too.</summary>
    public static string SourceOf(int number) => $$$"""
        -- @description: generated
        -- @merge_strategy: full_refresh
        SELECT a.*, b.total
        FROM {{ ref('bronze.p{{{Math.Max(0, number - 1)}}}') }} AS a
        JOIN {{ ref('bronze.p{{{number / 2}}}') }} AS b USING (id)
        {{{(number % 10 == 0 ? $"JOIN read_csv_auto('{{{{ landing_zone(\"z{number % 100}\") }}}}') AS c USING (id)" : "")}}}
        WHERE a.id > 0
        """;

    private static string[] AddPipelines(SqliteConnection connection, string objects, int count)
    {
        using var pipeline = Command(connection, """
            INSERT INTO pipelines (id, namespace, layer, name, type, description, created_at, updated_at)
            VALUES ($id, 'default', 'bronze', $name, 'sql', 'one of many', $at, $at)
            """, "$id", "$name", "$at");
        using var file = Command(connection, """
            INSERT INTO files (version_id, key, object_key, size, content_type, modified_at) VALUES ($version, $key, $object, $size, 'application/sql', $at)
            """, "$version", "$key", "$object", "$size", "$at");
        var ids = new string[count];
        for (var number = 0; number < count; number++)
        {
            ids[number] = Guid.NewGuid().ToString();
            Execute(pipeline, ids[number], $"p{number}", FirstMicrosecond + number);
            var version = Guid.NewGuid().ToString();
            var objectKey = $".versions/{version[..2]}/{version}";
            var path = Path.Combine(objects, objectKey);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, SourceOf(number));
            Execute(file, version, $"default/pipelines/bronze/p{number}/pipeline.sql", objectKey, new FileInfo(path).Length, FirstMicrosecond + number);
        }

        return ids;
    }

    /// <summary>Rows of the other lists. Schedules are off, so that none fires; ids count up, which a list can't tell.</summary>
    private static void AddOthers(SqliteConnection connection) => Execute(connection, $"""
        CREATE TEMP TABLE numbers AS
        WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {AuditEntries}) SELECT i FROM n;

        INSERT INTO namespaces (name, description, created_at) SELECT 'n' || i, 'one of many', {FirstMicrosecond} + i FROM numbers WHERE i < {Namespaces};

        INSERT INTO schedules (id, pipeline_id, cron, enabled, counted_from, next_run_at, created_at, updated_at)
        SELECT {Id("'5'")}, p.id, '0 3 * * *', 0, {FirstMicrosecond}, NULL, {FirstMicrosecond} + i, {FirstMicrosecond} + i
        FROM numbers JOIN pipelines AS p ON p.namespace = 'default' AND p.layer = 'bronze' AND p.name = 'p' || i
        WHERE i < {Pipelines};

        INSERT INTO landing_zones (id, namespace, name, description, created_at, updated_at)
        SELECT {Id("'2'")}, 'default', 'z' || i, 'one of many', {FirstMicrosecond} + i, {FirstMicrosecond} + i FROM numbers WHERE i < {Zones};

        INSERT INTO landing_files (id, zone_id, filename, key, size, content_type, uploaded_at)
        SELECT {Id("'f'")}, printf('20000000-0000-4000-8000-%012d', z), 'f' || i || '.csv', 'default/landing/z' || z || '/f' || i || '.csv', 1000 + i,
               'text/csv', {FirstMicrosecond} + i
        FROM (SELECT i, iif(i < {ZoneFiles}, 0, i % {Zones}) AS z FROM numbers WHERE i < {ZoneFiles} + (10 * {Zones}));

        INSERT INTO files (version_id, key, object_key, size, content_type, modified_at) SELECT id, key, key, size, content_type, uploaded_at FROM landing_files;

        INSERT INTO lake_tables (key, id, namespace, layer, name, location, root, snapshot_id, sequence_number, schema_id, last_schema_id,
                                 last_column_id, row_count, size, created_at, updated_at)
        SELECT i + 1, {Id("'7'")}, 'n' || (i % {Namespaces}), 'silver', 't' || i, 'l' || i, 'r', 1, 1, 0, 0, 1, i, i * 100, {FirstMicrosecond}, {FirstMicrosecond}
        FROM numbers WHERE i < {Tables};

        INSERT INTO table_descriptions (id, namespace, layer, name, description, created_at, updated_at)
        SELECT id, namespace, layer, name, 'what one of many holds', {FirstMicrosecond}, {FirstMicrosecond} FROM lake_tables WHERE key % 10 = 0;

        INSERT INTO audit_log (id, user_id, action, resource, ip, created_at)
        SELECT {Id("'a'")}, 'anonymous', 'put', '/api/v1/pipelines/default/bronze/p' || i, '127.0.0.1', {FirstMicrosecond} + i FROM numbers;

        DROP TABLE numbers;
        """);

    private static string Id(string kind) => $"printf('%s0000000-0000-4000-8000-%012d', {kind}, i)";

    private static void AddRuns(SqliteConnection connection, string[] pipelines, int count)
    {
        using var run = Command(connection, """
            INSERT INTO runs (id, seq, pipeline_id, namespace, layer, pipeline, status, trigger, created_at, started_at, finished_at, duration_ms,
                              rows_written, error)
            VALUES ($id, $seq, $pipeline_id, 'default', 'bronze', $pipeline, $status, 'manual', $at, $at + 1000, $at + 25000, 24, $rows, $error)
            """, "$id", "$seq", "$pipeline_id", "$pipeline", "$status", "$at", "$rows", "$error");
        for (var number = 0; number < count; number++)
        {
            var pipeline = number * 7919L % pipelines.Length;
            var failed = number % 20 == 0;
            Execute(run, Guid.NewGuid().ToString(), number + 1, pipelines[pipeline], $"p{pipeline}", failed ? "failed" : "success",
                FirstMicrosecond + (number * 1_000_000L), number % 1000, failed ? "Catalog Error: something was missing" : DBNull.Value);
        }
    }

    /// <summary>The triggers and indexes of the table of runs, as they were made.</summary>
    private static List<(string Kind, string Name, string Sql)> Definitions(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name = 'runs' AND type IN ('trigger', 'index') AND sql IS NOT NULL";
        using var reader = command.ExecuteReader();
        var definitions = new List<(string, string, string)>();
        while (reader.Read())
            definitions.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return definitions;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
            command.Parameters.Add(new SqliteParameter(name, DBNull.Value));
        return command;
    }

    private static void Execute(SqliteCommand command, params object[] values)
    {
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
        if (command.ExecuteNonQuery() < 1)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"not inserted: {string.Join(", ", values)}"));
    }
}
