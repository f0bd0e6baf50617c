using System.Diagnostics;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>One run from its start to its end (engine.md 4).</summary>
public class RunRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 51")]
    public async Task The_smallest_pipeline_succeeds(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1")).ExpectSuccess();
        Assert.Equal(1, run.Rows);
        Assert.Contains("Query returned 1 rows", run.At("info"));
        Assert.Contains("Pipeline completed successfully", run.At("info"));
        Assert.Empty(run.At("warn"));
        Assert.Empty(run.At("error"));

        var shown = await platform.RunOfAsync(run.Id);
        Assert.Equal("success", (string)shown["status"]!);
        Assert.Equal(1, (long)shown["rows_written"]!);
        Assert.True((long)shown["duration_ms"]! >= 0);
        Assert.Null(shown["error"]);
        Assert.Equal("1", await platform.CellAsync("SELECT * FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 53")]
    public async Task No_rows_and_no_table_is_a_success_without_a_table(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS x WHERE false")).ExpectSuccess();
        Assert.Equal(0, run.Rows);
        Assert.Contains("Zero rows, skipping write", run.At("info"));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
        Assert.Empty((await platform.Client.GetAsync($"/api/v1/tables?namespace={platform.Namespace}")).Expect(200)["tables"]!.AsArray());
        (await platform.QueryAsync("SELECT * FROM bronze.p")).ExpectError(400);
        Assert.Empty(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("clause 4.2", null)]
    [InlineData("clause 4.2", "merge_strategy: append_only")]
    public async Task No_rows_leave_the_table_as_it_was(string row, string? config)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        var before = (await platform.TableAsync("p")).Expect(200).Text;
        Assert.Equal(0, (await platform.RunSqlAsync("p", "SELECT 'new' AS y WHERE false", config)).ExpectSuccess().Rows);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Single(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("row 55", "SELECT sum(a.i % 7 + b.j % 5) AS x FROM range(1000000000) AS a(i), range(1000000000) AS b(j)")]
    [InlineData("row 55", "SELECT i % 7 AS x FROM range(100000000000) AS t(i)")]
    public async Task A_cancel_stops_the_statement_within_2_s_and_nothing_is_committed(string row, string endless)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        var before = (await platform.TableAsync("p")).Expect(200).Text;
        await platform.PutPipelineAsync("p", endless);
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Executing SQL via DuckDB");
        await Task.Delay(500);

        var watch = Stopwatch.StartNew();
        Assert.Equal("cancelled", (string)(await platform.CancelAsync(id)).Expect(200)["status"]!);
        var ended = await platform.EndAsync(id);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        Assert.Equal("cancelled", ended.Status);
        Assert.DoesNotContain("Pipeline completed successfully", ended.Messages);
        Assert.Contains(ended.At("warn"), message => message.Contains("cancelled", StringComparison.Ordinal));
        Assert.Equal("cancelled", (string)(await platform.RunOfAsync(id))["status"]!);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Single(server.DataFiles(platform.Namespace));
        // The table is free again.
        (await platform.RunSqlAsync("p", "SELECT 'new' AS x")).ExpectSuccess();
    }

    [Theory]
    [InlineData("row 56", "SELECT 1 AS x", "success")]
    [InlineData("row 56", "SELECT nonsense", "failed")]
    public async Task A_run_that_has_ended_is_not_cancelled(string row, string sql, string status)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", sql);
        Assert.Equal(status, run.Status);
        Assert.Equal($"run is not cancellable (status: {status})", (await platform.CancelAsync(run.Id)).ExpectError(409, "ALREADY_EXISTS"));
        Assert.Equal(status, (string)(await platform.RunOfAsync(run.Id))["status"]!);
    }

    [Theory]
    [InlineData("row 57", "SELEC 1 AS x", "SELEC")]
    [InlineData("row 57", "SELECT no_such_column FROM {{ ref('bronze.source') }}", "no_such_column")]
    [InlineData("row 57", "SELECT * FROM bronze.no_such_table", "no_such_table")]
    [InlineData("row 57", "SELECT no_such_function(1) AS x", "no_such_function")]
    [InlineData("row 57", "SELECT CAST(x AS INTEGER) AS x FROM {{ ref('bronze.source') }}", "'text'")]
    // Half of the files are there when this one fails.
    [InlineData("row 57", "SELECT CASE WHEN i = 2999999 THEN CAST('bad' || i AS BIGINT) ELSE i END AS x FROM range(3000000) AS t(i)", "bad2999999")]
    [InlineData("row 57", "SELECT 1 AS x, 2 AS x", "x")]
    [InlineData("row 57", "SELECT 1 AS x; SELECT 2 AS x", "")]
    [InlineData("row 57", "COPY (SELECT 1) TO 'file.csv'", "")]
    [InlineData("row 57", "SELECT * FROM read_csv('{{ landing_zone('broken') }}', columns = {'x': 'INTEGER'}, header = true)",
        "s3://rat/NS/landing/broken/|words.csv")]
    [InlineData("row 57", "SELECT * FROM read_csv_auto('{{ landing_zone('nothing_here') }}')", "nothing_here")]
    [InlineData("row 57", "SELECT * FROM read_csv_auto('s3://rat/NS/landing/broken/missing.csv')", "s3://rat/NS/landing/broken/missing.csv")]
    public async Task A_wrong_statement_fails_with_its_reason_and_leaves_nothing(string row, string source, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("source", "SELECT 'text' AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        await platform.UploadAsync("broken", "words.csv", "x\n1\nword\n");
        var before = (await platform.TableAsync("p")).Expect(200).Text;

        var run = await platform.RunSqlAsync("p", source.Replace("NS", platform.Namespace, StringComparison.Ordinal));
        var error = run.ExpectFailure();
        Assert.All(fragments.Replace("NS", platform.Namespace, StringComparison.Ordinal).Split('|'),
            fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        Assert.All([.. run.Messages, error], server.AssertNothingLocal);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Equal(2, server.DataFiles(platform.Namespace).Count);
    }

    [Theory]
    [InlineData("row 61")]
    public async Task Readers_see_the_old_rows_until_the_commit_and_the_new_ones_after(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS generation FROM range(3)")).ExpectSuccess();
        await platform.PutPipelineAsync("p", "SELECT 2 AS generation FROM range(5), (SELECT sum(i % 7) AS work FROM range(150000000) AS t(i)) WHERE work > 0");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Executing SQL via DuckDB");

        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => ReadUntilAsync(platform, ended.Token)).ToList();
        (await platform.EndAsync(id)).ExpectSuccess();
        var after = await ReadAsync(platform);
        await ended.CancelAsync();

        Assert.Equal("2,5", after);
        foreach (var seen in await Task.WhenAll(readers))
        {
            // Both states, whole, in this order.
            Assert.Equal(["1,3", "2,5"], seen.Distinct());
            Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        }
    }

    private static async Task<List<string>> ReadUntilAsync(TestPlatform platform, CancellationToken ended)
    {
        var seen = new List<string>();
        while (!ended.IsCancellationRequested)
            seen.Add(await ReadAsync(platform));
        // One that begins after the end was seen.
        seen.Add(await ReadAsync(platform));
        return seen;
    }

    private static async Task<string> ReadAsync(TestPlatform platform)
    {
        var rows = await platform.RowsAsync("SELECT generation, count(*) AS n FROM bronze.p GROUP BY generation ORDER BY generation");
        return string.Join(';', rows.Select(cells => $"{cells!["generation"]},{cells["n"]}"));
    }
}
