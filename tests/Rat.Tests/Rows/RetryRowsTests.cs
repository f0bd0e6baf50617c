using System.Diagnostics;
using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>Attempts after the first (engine.md 4.9).</summary>
public class RetryRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string ReadZone = "SELECT x FROM read_csv('{{ landing_zone('z') }}', header = true)";

    [Theory]
    [InlineData("row 62", null)]
    [InlineData("row 62", "merge_strategy: append_only\n")]
    public async Task A_failure_that_passes_is_a_success_on_the_retry(string row, string? strategy)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 0 AS x", strategy)).ExpectSuccess();
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        var file = Assert.Single(server.Process.Files.Objects($"{platform.Namespace}/landing/z/"));
        var bytes = server.Process.Files.Read(file);
        server.Process.Files.Delete(file);
        await platform.PutPipelineAsync("p", ReadZone, $"{strategy}max_retries: 2\nretry_delay_seconds: 2\n");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Retrying (1/2) after 2 seconds");
        Assert.Equal("0", await platform.CellAsync("SELECT x FROM bronze.p"));
        for (var i = 0; i < 5; i++)
        {
            var shown = await platform.RunOfAsync(id);
            Assert.Equal("running", (string)shown["status"]!);
            Assert.Null(shown["error"]);
            await Task.Delay(100);
        }

        server.Process.Files.Write(file, bytes);
        var run = (await platform.EndAsync(id)).ExpectSuccess();
        Assert.Equal(id, run.Id);
        Assert.Contains("Succeeded on retry 1", run.At("info"));
        // One log for both attempts.
        Assert.Equal(2, run.Messages.Count(message => message == "Executing SQL via DuckDB"));
        Assert.Single(run.At("error"), message => message.StartsWith("Pipeline failed: IO Error", StringComparison.Ordinal));
        Assert.All(run.Messages, server.AssertNothingLocal);
        Assert.Null((await platform.RunOfAsync(id))["error"]);
        Assert.Equal(strategy is null ? "[1]" : "[0,1]", await platform.CellAsync("SELECT list(x ORDER BY x)::INTEGER[] AS x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 63")]
    public async Task A_cancel_wakes_the_delay(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT error('not today') AS x", "max_retries: 3\nretry_delay_seconds: 2147483647\n");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Retrying (1/3) after 4233600 seconds");
        var watch = Stopwatch.StartNew();
        (await platform.CancelAsync(id)).Expect(200);
        var ended = await platform.EndAsync(id);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal("cancelled", ended.Status);
        Assert.Contains("Retry cancelled", ended.At("warn"));
        Assert.Single(ended.Messages, message => message == "Executing SQL via DuckDB");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
    }

    [Theory]
    [InlineData("row 64", "-- @max_retries: 2\n-- @retry_delay_seconds: 0\n", null)]
    [InlineData("row 64", "-- @max_retries: 2\n", "max_retries: 7\nretry_delay_seconds: 0\n")]
    public async Task Annotations_count_and_the_last_failure_stays(string row, string annotations, string? config)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", annotations + "SELECT error('not today') AS x", config);
        Assert.Contains("not today", run.ExpectFailure(), StringComparison.Ordinal);
        Assert.Equal(["Retrying (1/2) after 0 seconds", "Retrying (2/2) after 0 seconds"],
            run.At("info").Where(message => message.StartsWith("Retrying", StringComparison.Ordinal)));
        Assert.Equal(["Retry 1/2 failed", "Retry 2/2 failed"], run.At("warn"));
        Assert.Equal(3, run.At("error").Count);
        Assert.Equal(run.Error, (string)(await platform.RunOfAsync(run.Id))["error"]!);
    }

    [Theory]
    [InlineData("clause 4.9", "{% if %}SELECT 1 AS x")]
    [InlineData("clause 4.9", "SELECT {{ nothing }} AS x")]
    [InlineData("clause 4.9", "SELECT * FROM {{ ref('bronze.no_such_table') }}")]
    [InlineData("clause 4.9", "SELECT * FROM bronze.no_such_table")]
    [InlineData("clause 4.9", "SELECT no_such_column FROM range(3)")]
    [InlineData("clause 4.9", "SELEC 1 AS x")]
    [InlineData("clause 4.9", "-- @merge_strategy: nonsense\nSELECT 1 AS x")]
    [InlineData("clause 4.9", "SELECT 1 AS x, 2 AS x")]
    [InlineData("clause 4.9", ReadZone)]
    public async Task What_another_attempt_would_not_change_is_not_tried_again(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", sql, "max_retries: 5\nretry_delay_seconds: 600\n");
        run.ExpectFailure();
        Assert.DoesNotContain(run.Messages, message => message.StartsWith("Retry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clause 4.9")]
    public async Task A_run_that_waits_for_its_retry_keeps_no_other_from_running(string row)
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["RUNNER_MAX_CONCURRENT"] = "1" });
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        await platform.PutPipelineAsync("p", "SELECT error('not today') AS x", "max_retries: 1\nretry_delay_seconds: 600\n");
        var waiting = await platform.StartAsync("p");
        await platform.ReachAsync(waiting, "Retrying (1/1) after 600 seconds");
        (await platform.RunSqlAsync("q", $"SELECT '{row}' AS x")).ExpectSuccess();
        // Of the same table too.
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("running", (string)(await platform.RunOfAsync(waiting))["status"]!);
        (await platform.CancelAsync(waiting)).Expect(200);
        Assert.Equal("cancelled", (await platform.EndAsync(waiting)).Status);
        (await platform.RunAsync("q")).ExpectSuccess();
    }
}
