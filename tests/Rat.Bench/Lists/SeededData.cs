using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Rat.Bench.Lists;

/// <summary>
/// A data directory with many pipelines, their sources and many runs. Made by writing to the database of a stopped server: over HTTP a million
/// runs would take hours, and what is measured afterwards can't tell the difference.
/// </summary>
internal static class SeededData
{
    private const long FirstMicrosecond = 1_700_000_000_000_000;

    /// <param name="directory">Of a server that has started once, so that its database is there, and has stopped.</param>
    public static void Fill(string directory, int pipelines, int runs)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(directory, "rat.db")};Pooling=False");
        connection.Open();
        using (var settings = connection.CreateCommand())
        {
            settings.CommandText = "PRAGMA cache_size = -1500000; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0";
            settings.ExecuteNonQuery();
        }

        using var transaction = connection.BeginTransaction();
        var ids = AddPipelines(connection, Path.Combine(directory, "objects"), pipelines);
        // What follows each row otherwise, is made for all of them at once.
        var definitions = Definitions(connection);
        foreach (var (kind, name, _) in definitions)
            Execute(connection, $"DROP {kind} {name}");
        AddRuns(connection, ids, runs);
        Execute(connection, """
            INSERT INTO run_counts SELECT namespace, layer, pipeline, status, count(*) FROM runs GROUP BY 1, 2, 3, 4;
            INSERT INTO run_totals SELECT status, count(*) FROM runs GROUP BY 1;
            """);
        foreach (var (_, _, sql) in definitions)
            Execute(connection, sql);
        transaction.Commit();
        using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        checkpoint.ExecuteNonQuery();
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
