using Rat.Tests.Kept;

namespace Rat.Tests.Rows;

/// <summary>What a query may not do (engine.md 8.3, DECISIONS 4).</summary>
public class GuardRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string OnlySelect = "Only SELECT queries are allowed";
    private const string NoFunctions = "Direct file/URL access functions are not allowed";

    [Theory]
    [InlineData("row 132", "INSERT INTO bronze.t VALUES (2)")]
    [InlineData("row 132", "UPDATE bronze.t SET x = 2")]
    [InlineData("row 132", "DELETE FROM bronze.t")]
    [InlineData("row 132", "DROP VIEW bronze.t")]
    [InlineData("row 132", "CREATE TABLE bronze.u AS SELECT 1 AS x")]
    [InlineData("row 132", "ALTER TABLE bronze.t ADD COLUMN y INTEGER")]
    [InlineData("row 132", "TRUNCATE bronze.t")]
    [InlineData("row 132", "COPY (SELECT 1) TO 'rows-out.csv'")]
    [InlineData("row 132", "ATTACH ':memory:' AS other")]
    [InlineData("row 132", "DETACH memory")]
    [InlineData("row 132", "INSTALL httpfs")]
    [InlineData("row 132", "LOAD httpfs")]
    [InlineData("row 132", "IMPORT DATABASE 'rows-in'")]
    [InlineData("row 132", "EXPORT DATABASE 'rows-out'")]
    [InlineData("row 132", "CALL pragma_version()")]
    [InlineData("row 132", "EXECUTE prepared(1)")]
    [InlineData("row 132", "PREPARE prepared AS SELECT 1")]
    [InlineData("row 132", "DEALLOCATE prepared")]
    [InlineData("row 132", "SET threads = 1")]
    [InlineData("row 132", "RESET threads")]
    [InlineData("row 132", "PRAGMA database_list")]
    [InlineData("row 132", "CHECKPOINT")]
    [InlineData("row 132", "VACUUM")]
    [InlineData("row 132", "GRANT ALL ON bronze.t TO someone")]
    [InlineData("row 132", "REVOKE ALL ON bronze.t FROM someone")]
    [InlineData("clause 8.3", "USE bronze")]
    [InlineData("clause 8.3", "BEGIN TRANSACTION")]
    [InlineData("clause 8.3", "MERGE INTO bronze.t USING (SELECT 1 AS x) AS s ON t.x = s.x WHEN MATCHED THEN DELETE")]
    [InlineData("clause 8.3", "EXPLAIN DELETE FROM bronze.t")]
    [InlineData("clause 8.3", "EXPLAIN ANALYZE COPY (SELECT 1) TO 'rows-out.csv'")]
    public async Task A_statement_that_is_no_SELECT_is_refused_and_changes_nothing(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("t", "SELECT 1 AS x")).ExpectSuccess();
        await UntilTheRunHasSettledAsync(platform.Namespace);
        var before = Everything();
        foreach (var form in new[] { sql, $"-- a comment\n{sql}", $"/* a\ncomment */ {sql};", $"\n\t{sql.ToLowerInvariant()}" })
        {
            var message = (await platform.QueryAsync(form)).ExpectError(400);
            if (row.StartsWith("row", StringComparison.Ordinal))
                Assert.Contains(OnlySelect, message, StringComparison.OrdinalIgnoreCase);
            server.AssertNothingLocal(message);
        }

        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.t"));
        Assert.Equal(before, Everything());
    }

    [Theory]
    [InlineData("row 133", "read_parquet")]
    [InlineData("row 133", "read_csv_auto")]
    [InlineData("row 133", "read_csv")]
    [InlineData("row 133", "read_json_auto")]
    [InlineData("row 133", "read_json")]
    [InlineData("row 133", "read_text")]
    [InlineData("row 133", "read_blob")]
    [InlineData("row 133", "parquet_scan")]
    [InlineData("row 133", "parquet_metadata")]
    [InlineData("row 133", "parquet_schema")]
    [InlineData("row 133", "csv_scan")]
    [InlineData("row 133", "json_scan")]
    [InlineData("row 133", "httpfs_get")]
    [InlineData("row 133", "http_get")]
    [InlineData("row 133", "http_post")]
    [InlineData("row 133", "postgres_scan")]
    [InlineData("row 133", "sqlite_scan")]
    [InlineData("row 133", "mysql_scan")]
    [InlineData("row 133", "glob")]
    [InlineData("row 133", "read_ndjson_auto")]
    [InlineData("row 133", "read_ndjson")]
    public async Task A_function_that_reads_files_is_refused_wherever_it_stands(string row, string function)
    {
        var platform = await server.NewPlatformAsync(row);
        string[] forms =
        [
            $"SELECT * FROM {function}('/etc/passwd')",
            $"SELECT * FROM {function.ToUpperInvariant()}('/etc/passwd')",
            $"SELECT * FROM {function} ('/etc/passwd')",
            $"WITH c AS (SELECT * FROM {function}('/etc/passwd')) SELECT * FROM c",
            $"SELECT (SELECT count(*) FROM {function}('/etc/passwd')) AS n",
            $"SELECT 1 AS x WHERE EXISTS (FROM {function}(['/etc/passwd']))",
            $"EXPLAIN SELECT * FROM {function}('/etc/passwd')",
        ];
        foreach (var sql in forms)
        {
            var message = (await platform.QueryAsync(sql)).ExpectError(400);
            Assert.Contains(NoFunctions, message, StringComparison.OrdinalIgnoreCase);
            server.AssertNothingLocal(message);
        }
    }

    [Theory]
    [InlineData("row 134", "SELECT * FROM '/etc/passwd'")]
    [InlineData("row 134", "SELECT * FROM \"/etc/passwd\"")]
    [InlineData("row 134", "FROM '/etc/passwd'")]
    [InlineData("row 134", "SELECT * FROM 'rat.db'")]
    [InlineData("row 134", "SELECT * FROM 'https://example.com/a.csv'")]
    [InlineData("row 134", "SELECT * FROM 's3://rat/default/landing/z/a.csv'")]
    [InlineData("row 134", "SELECT * FROM iceberg_scan('/etc')")]
    [InlineData("row 134", "SELECT * FROM iceberg_scan('s3://rat/default/bronze/t/')")]
    [InlineData("row 134", "SELECT * FROM duckdb_secrets()")]
    [InlineData("clause 8.3", "SELECT * FROM duckdb_settings()")]
    [InlineData("clause 8.3", "SELECT * FROM duckdb_databases()")]
    [InlineData("clause 8.3", "SELECT * FROM sniff_csv('/etc/passwd')")]
    [InlineData("clause 8.3", "SELECT * FROM query('SELECT 1')")]
    [InlineData("clause 8.3", "SELECT * FROM query_table('t')")]
    [InlineData("clause 8.3", "SELECT * FROM information_schema.tables")]
    [InlineData("clause 8.3", "SELECT * FROM sqlite_master")]
    [InlineData("clause 8.3", "SELECT getenv('PATH') AS x")]
    [InlineData("clause 8.3", "SELECT current_setting('temp_directory') AS x")]
    public async Task A_way_around_the_tables_is_refused(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        var answer = await platform.QueryAsync(sql);
        server.AssertNothingLocal(answer.ExpectError(400));
        Assert.DoesNotContain("root:", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row 135", 100_001)]
    [InlineData("row 135", 250_000)]
    public async Task A_statement_that_is_too_long_is_refused_with_both_sizes(string row, int length)
    {
        var platform = await server.NewPlatformAsync(row);
        var message = (await platform.QueryAsync(Padded(length))).ExpectError(400);
        Assert.Contains($"{length}", message, StringComparison.Ordinal);
        Assert.Contains("100000", message, StringComparison.Ordinal);
        Assert.Contains("100001", (await platform.QueryAsync(Padded(99_999) + "é")).ExpectError(400), StringComparison.Ordinal);
        Assert.Equal(1, (int)(await platform.QueryAsync(Padded(100_000))).Expect(200)["total_rows"]!);
    }

    [Theory]
    [InlineData("row 136", "SELECT 'read_csv(x)' AS x", "\"read_csv(x)\"")]
    [InlineData("row 136", "SELECT 'DELETE FROM t; DROP TABLE t' AS x", "\"DELETE FROM t; DROP TABLE t\"")]
    [InlineData("row 136", "SELECT 1 AS \"read_csv(x)\"", "1")]
    [InlineData("row 136", "-- read_csv('x')\nSELECT 1 AS x /* DELETE */", "1")]
    [InlineData("row 136", "SELECT x AS y FROM (SELECT 2 AS x) AS read_csv", "2")]
    public async Task A_name_inside_a_literal_is_only_text(string row, string sql, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        Assert.Equal(expected, await platform.CellAsync(sql));
    }

    private static string Padded(int length) => "SELECT 1 AS x --".PadRight(length, '-');

    // A run tells its followers first and writes the hint for readers of the folder a moment later.
    private async Task UntilTheRunHasSettledAsync(string ns)
    {
        if (TestStorage.IsS3)
            return; // a bucket has no folder to be read
        for (var i = 0; i < 200 && !server.Process.Files.Lake(ns).Any(name => name.EndsWith("version-hint.text", StringComparison.Ordinal)); i++)
            await Task.Delay(10);
    }

    // Every file below the data directory but SQLite's own, with its size, and every object of the bucket.
    // Without the hints for readers of the lake's folders: a run writes them after it has told of its success.
    private List<string> Everything() =>
    [
        .. new DirectoryInfo(server.Process.DataDirectory).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => !file.Name.StartsWith("rat.db", StringComparison.Ordinal) && !file.Name.StartsWith('v'))
            .Select(file => $"{file.FullName} {file.Length}").Order(StringComparer.Ordinal),
        .. TestStorage.IsS3 ? server.Process.Files.Everything() : [],
    ];
}
