using System.Diagnostics;
using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>Queries over committed tables (engine.md 8.1 to 8.4).</summary>
public class QueryRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 137", "SELECT x FROM default.bronze.T", "1")]
    [InlineData("row 137", "SELECT x FROM \"default\".\"bronze\".\"T\"", "1")]
    [InlineData("row 137", "SELECT x FROM Default.Bronze.T", "1")]
    [InlineData("row 137", "SELECT x FROM bronze.T", "1")]
    [InlineData("row 137", "SELECT x FROM T", "1")]
    [InlineData("row 137", "SELECT T.x FROM bronze.T", "1")]
    [InlineData("row 137", "FROM bronze.T", "1")]
    [InlineData("row 137", "SELECT a.x + b.x AS x FROM default.bronze.T AS a JOIN default.silver.T_s AS b ON a.x < b.x", "3")]
    [InlineData("row 137", "SELECT a.x + b.x AS x FROM default.bronze.T a JOIN OTHER.bronze.T b ON true", "11")]
    [InlineData("row 137", "WITH c AS (SELECT x FROM default.bronze.T) SELECT c.x FROM c, (SELECT x FROM silver.T_s) AS s WHERE s.x = 2", "1")]
    [InlineData("row 138", "SELECT 'default.bronze.T' AS x", "\"default.bronze.T\"")]
    [InlineData("row 138", "SELECT 'default.bronze.T' AS x FROM default.bronze.T -- default.bronze.T", "\"default.bronze.T\"")]
    [InlineData("row 138", "SELECT $$default.bronze.T$$ AS x /* default.bronze.T */ FROM bronze.T", "\"default.bronze.T\"")]
    [InlineData("clause 8.1", "SELECT CASE WHEN x = 1 THEN 'yes' END AS \"default\" FROM default.bronze.T", "\"yes\"")]
    public async Task A_name_resolves_in_each_of_its_forms(string row, string sql, string expected)
    {
        var table = ContractServer.NewName("t");
        var (platform, other) = (new TestPlatform(server.Client, "default"), await server.NewPlatformAsync(row));
        (await platform.RunSqlAsync(table, "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync($"{table}_s", "SELECT 2 AS x", layer: "silver")).ExpectSuccess();
        (await other.RunSqlAsync(table, "SELECT 10 AS x")).ExpectSuccess();
        sql = Named(sql, table, other.Namespace);
        expected = Named(expected, table, other.Namespace);
        Assert.Equal(expected, await platform.CellAsync(sql));

        // Without a namespace the request means default.
        var unnamed = (await server.Client.PostAsync("/api/v1/query", new { sql })).Expect(200);
        Assert.Equal(expected, Assert.Single(Assert.Single(unnamed["rows"]!.AsArray())!.AsObject()).Value!.ToJsonString());
    }

    [Theory]
    [InlineData("clause 8.1", "SELECT x FROM twice", "bronze.twice|silver.twice")]
    [InlineData("clause 8.1", "SELECT x FROM nowhere", "nowhere")]
    [InlineData("clause 8.1", "SELECT x FROM gold.twice", "gold.twice")]
    [InlineData("clause 8.1", "SELECT x FROM no_such_ns.bronze.twice", "no_such_ns.bronze.twice")]
    public async Task A_name_that_is_not_one_table_is_refused_with_the_candidates(string row, string sql, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("twice", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("twice", "SELECT 1 AS x", layer: "silver")).ExpectSuccess();
        var message = (await platform.QueryAsync(sql)).ExpectError(400);
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, message, StringComparison.Ordinal));
        server.AssertNothingLocal(message);
    }

    [Theory]
    [InlineData("row 139", "DESCRIBE bronze.t", 2)]
    [InlineData("row 139", "DESCRIBE SELECT x FROM bronze.t", 1)]
    [InlineData("row 139", "SHOW TABLES", 1)]
    [InlineData("row 139", "SUMMARIZE bronze.t", 2)]
    [InlineData("row 139", "SUMMARIZE SELECT x FROM bronze.t", 1)]
    [InlineData("row 139", "EXPLAIN SELECT x FROM bronze.t", 1)]
    [InlineData("row 139", "EXPLAIN ANALYZE SELECT x FROM bronze.t", 1)]
    [InlineData("row 139", "EXPLAIN (ANALYZE, FORMAT mermaid) SELECT a.x FROM bronze.t AS a, bronze.t AS b", 1)]
    [InlineData("row 139", "SELECT x FROM bronze.t -- the end", 3)]
    [InlineData("row 139", "SELECT x FROM bronze.t; -- the end", 3)]
    [InlineData("row 139", "SELECT x FROM bronze.t /* the end */ ;", 3)]
    [InlineData("clause 8.3", "VALUES (1), (2)", 2)]
    [InlineData("clause 8.3", "WITH c AS (VALUES (1)) FROM c", 1)]
    [InlineData("clause 8.3", "SELECT x FROM bronze.t ORDER BY x DESC LIMIT 2", 2)]
    public async Task A_statement_that_only_reads_works(string row, string sql, int rows)
    {
        var platform = await TableOfThreeAsync(row);
        var answer = (await platform.QueryAsync(sql)).Expect(200);
        Assert.Equal(rows, (int)answer["total_rows"]!);
        Assert.Equal(rows, answer["rows"]!.AsArray().Count);
        server.AssertNothingLocal(answer.Text);
    }

    [Theory]
    [InlineData("row 139", "DESCRIBE bronze.t", "[x INTEGER][y VARCHAR]")]
    public async Task Describe_names_the_columns_and_their_types(string row, string sql, string expected)
    {
        var platform = await TableOfThreeAsync(row);
        var rows = await platform.RowsAsync(sql);
        Assert.Equal(expected, string.Concat(rows.Select(cells => $"[{cells!["column_name"]} {cells["column_type"]}]")));
    }

    [Theory]
    [InlineData("row 139", "SELECT 1 AS x; SELECT 2 AS x")]
    [InlineData("row 139", "SELECT 1 AS x; DELETE FROM bronze.t")]
    [InlineData("row 139", "SELECT x FROM bronze.t) AS a; SELECT * FROM (SELECT 1")]
    public async Task Two_statements_are_refused(string row, string sql)
    {
        var platform = await TableOfThreeAsync(row);
        server.AssertNothingLocal((await platform.QueryAsync(sql)).ExpectError(400));
        Assert.Equal("3", await platform.CellAsync("SELECT count(*) FROM bronze.t"));
    }

    [Theory]
    [InlineData("row 140", "SELECT x FROM \"NS\".bronze.\"my-table\"", "1")]
    [InlineData("row 140", "SELECT x FROM \"NS\".\"bronze\".\"my-table\"", "1")]
    [InlineData("row 140", "SELECT x FROM bronze.\"my-table\"", "1")]
    [InlineData("row 140", "SELECT x FROM \"my-table\"", "1")]
    [InlineData("row 140", "SELECT x FROM bronze.plain", "2")]
    [InlineData("row 140", "SELECT a.x + b.x AS x FROM bronze.\"my-table\" AS a, plain AS b", "3")]
    public async Task Hyphens_work_when_quoted_and_disturb_no_other_table(string row, string sql, string expected)
    {
        var ns = ContractServer.NewName("my-ns-");
        (await server.Client.PostAsync("/api/v1/namespaces", new { name = ns })).Expect(201);
        var platform = new TestPlatform(server.Client, ns);
        (await platform.RunSqlAsync("my-table", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("plain", "SELECT x + 1 AS x FROM {{ ref('bronze.my-table') }}")).ExpectSuccess();
        Assert.Equal(expected, await platform.CellAsync(sql.Replace("NS", ns, StringComparison.Ordinal)));
        Assert.NotEmpty(row);
    }

    [Theory]
    [InlineData("row 141", 2500, "", 1000)]
    [InlineData("row 141", 2500, ", \"limit\": 0", 1000)]
    [InlineData("row 141", 2500, ", \"limit\": -5", 1000)]
    [InlineData("row 141", 50, ", \"limit\": 10", 10)]
    [InlineData("row 141", 50, ", \"limit\": 500", 50)]
    [InlineData("row 141", 2500, ", \"limit\": 2000", 2000)]
    [InlineData("clause 8.4", 100_001, ", \"limit\": 100000", 100_000)]
    public async Task A_limit_cuts_and_is_no_truncation(string row, int rows, string limit, int expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var json = $$"""{"sql": "SELECT i FROM range({{rows}}) AS t(i) ORDER BY i DESC"{{limit}}}""";
        var answer = (await platform.Client.PostAsync("/api/v1/query", json)).Expect(200);
        Assert.Equal(expected, answer["rows"]!.AsArray().Count);
        Assert.Equal(expected, (int)answer["total_rows"]!);
        Assert.False((bool)answer["truncated"]!);
        // The order of the inner query survives.
        Assert.Equal(rows - 1, (int)answer["rows"]![0]!["i"]!);
    }

    [Theory]
    [InlineData("clause 8.4", "SELECT i FROM range(100001) AS t(i)", 100_000)]
    public async Task The_cap_of_the_server_is_a_truncation(string row, string sql, int expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var answer = (await platform.QueryAsync(sql, limit: 1_000_000)).Expect(200);
        Assert.Equal(expected, (int)answer["total_rows"]!);
        Assert.True((bool)answer["truncated"]!);
    }

    [Theory]
    [InlineData("row 142", "SELECT sum(a.i % 7 + b.j % 5) AS x FROM range(1000000000) AS a(i), range(1000000000) AS b(j)")]
    [InlineData("row 142", "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT max(n) AS x FROM r")]
    public async Task A_runaway_ends_at_the_limit_and_others_are_answered_meanwhile(string row, string sql)
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["QUERY_TIMEOUT_SECS"] = "1" });
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        await UntilTheEngineIsLoadedAsync(platform);

        var watch = Stopwatch.StartNew();
        var runaway = platform.QueryAsync(sql);
        var answered = 0;
        while (!runaway.IsCompleted)
        {
            Assert.Equal("1", await platform.CellAsync("SELECT 1 AS x"));
            answered += runaway.IsCompleted ? 0 : 1;
        }

        var message = (await runaway).ExpectError(400, "DEADLINE_EXCEEDED");
        // A timer may fire a little early.
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(3));
        Assert.Contains("1 s", message, StringComparison.Ordinal);
        Assert.Contains("QUERY_TIMEOUT_SECS", message, StringComparison.Ordinal);
        Assert.True(answered > 0, $"{row}: nothing was answered beside it");
        Assert.Equal("1", await platform.CellAsync("SELECT 1 AS x"));
    }

    [Theory]
    [InlineData("row 143", "SELEC 1", "SELEC")]
    [InlineData("row 143", "SELECT x FORM bronze.t", "bronze")]
    [InlineData("row 143", "SELECT xx FROM bronze.t", "xx")]
    [InlineData("row 143", "SELECT no_such_function(x) FROM bronze.t", "no_such_function")]
    [InlineData("row 143", "SELECT CAST(y AS INTEGER) AS n FROM bronze.t", "'a'")]
    [InlineData("row 143", "SELECT (SELECT x FROM bronze.t) + 'a' AS n", "")]
    [InlineData("row 143", "SELECT 'unterminated", "unterminated")]
    [InlineData("clause 8.4", "", "sql")]
    [InlineData("clause 8.4", " \n", "sql")]
    [InlineData("clause 8.4", "-- nothing", "")]
    public async Task Wrong_SQL_is_the_callers_error_with_its_message(string row, string sql, string fragment)
    {
        var platform = await TableOfThreeAsync(row);
        var message = (await platform.QueryAsync(sql)).ExpectError(400);
        Assert.NotEmpty(message);
        Assert.Contains(fragment, message, StringComparison.Ordinal);
        server.AssertNothingLocal(message);
    }

    [Theory]
    [InlineData("row 145", 3)]
    public async Task A_table_that_was_overwritten_shows_the_last_write_only(string row, int writes)
    {
        var platform = await server.NewPlatformAsync(row);
        for (var n = 1; n <= writes; n++)
            (await platform.RunSqlAsync("t", $"SELECT {n} AS n FROM range({10 * n})")).ExpectSuccess();
        Assert.Equal($"[{{\"n\":{writes},\"rows\":{10 * writes}}}]",
            (await platform.RowsAsync("SELECT n, count(*) AS rows FROM bronze.t GROUP BY n")).ToJsonString());
    }

    [Theory]
    [InlineData("row 146", 20)]
    public async Task A_query_right_after_the_success_sees_the_new_rows(string row, int times)
    {
        var platform = await server.NewPlatformAsync(row);
        for (var n = 1; n <= times; n++)
        {
            (await platform.RunSqlAsync("t", $"SELECT {n} AS n")).ExpectSuccess();
            Assert.Equal($"{n}", await platform.CellAsync("SELECT n FROM bronze.t"));
        }
    }

    // Loading it counts against the limit of the first query, which is short here.
    private static async Task UntilTheEngineIsLoadedAsync(TestPlatform platform)
    {
        while (await platform.QueryAsync("SELECT 1 AS x") is { Status: not 200 } late)
            late.ExpectError(400, "DEADLINE_EXCEEDED");
    }

    private static string Named(string text, string table, string other) => text
        .Replace("OTHER", other, StringComparison.Ordinal)
        .Replace("T_s", $"{table}_s", StringComparison.Ordinal)
        .Replace(".T", $".{table}", StringComparison.Ordinal)
        .Replace("\"T\"", $"\"{table}\"", StringComparison.Ordinal)
        .Replace("FROM T", $"FROM {table}", StringComparison.Ordinal)
        .Replace("T.x", $"{table}.x", StringComparison.Ordinal);

    private async Task<TestPlatform> TableOfThreeAsync(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("t", "SELECT unnest([1, 2, 3]) AS x, unnest(['a', 'b', 'c']) AS y")).ExpectSuccess();
        return platform;
    }
}
