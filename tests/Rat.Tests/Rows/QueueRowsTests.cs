using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>Waiting runs, and what a process that was killed leaves behind (engine.md 4.1, 4.9, 4.10).</summary>
public sealed class QueueRowsTests : IDisposable
{
    private const string Endless = "SELECT sum(a.i % 7 + b.j % 5) AS x FROM range(1000000000) AS a(i), range(1000000000) AS b(j)";

    // Writes files for as long as it runs.
    private const string EndlessRows = "SELECT i % 7 AS x FROM range(100000000000) AS t(i)";

    private static readonly Dictionary<string, string> OneSlot = new() { ["RATE_LIMIT"] = "0", ["RUNNER_MAX_CONCURRENT"] = "1" };

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");

    private string DataDirectory => Path.Combine(_root.FullName, "data");

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("row 54")]
    public async Task A_cancel_before_the_start_means_that_it_never_starts(string row)
    {
        await using var rat = await RatProcess.ServeOnAsync(DataDirectory, OneSlot);
        var platform = await PlatformOfAsync(rat, row);
        await platform.PutPipelineAsync("endless", Endless);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var first = await platform.StartAsync("endless");
        await platform.ReachAsync(first, "Executing SQL via DuckDB");

        var waiting = await platform.StartAsync("p");
        Assert.Equal("pending", (string)(await platform.RunOfAsync(waiting))["status"]!);
        Assert.Equal("cancelled", (string)(await platform.CancelAsync(waiting)).Expect(200)["status"]!);
        var ended = await platform.EndAsync(waiting);
        Assert.Equal("cancelled", ended.Status);
        Assert.Contains("cancelled", Assert.Single(ended.Lines).Message, StringComparison.Ordinal);
        Assert.Equal(409, (await platform.CancelAsync(waiting)).Status);

        (await platform.CancelAsync(first)).Expect(200);
        // The slot is free: what was cancelled doesn't hold it, and doesn't start after all.
        (await platform.RunSqlAsync("q", "SELECT 1 AS x")).ExpectSuccess();
        var shown = await platform.RunOfAsync(waiting);
        Assert.Equal("cancelled", (string)shown["status"]!);
        Assert.Contains("cancelled", (string)shown["error"]!, StringComparison.Ordinal);
        Assert.Null(shown["started_at"]);
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("row 58")]
    public async Task At_capacity_a_run_waits_and_starts_when_a_slot_frees(string row)
    {
        await using var rat = await RatProcess.ServeOnAsync(DataDirectory, OneSlot);
        var platform = await PlatformOfAsync(rat, row);
        await platform.PutPipelineAsync("endless", Endless);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var first = await platform.StartAsync("endless");
        await platform.ReachAsync(first, "Executing SQL via DuckDB");
        var second = await platform.StartAsync("p");
        for (var i = 0; i < 10; i++)
        {
            var shown = await platform.RunOfAsync(second);
            Assert.Equal("pending", (string)shown["status"]!);
            Assert.Null(shown["started_at"]);
            await Task.Delay(100);
        }

        Assert.Equal("running", (string)(await platform.RunOfAsync(first))["status"]!);
        (await platform.CancelAsync(first)).Expect(200);
        (await platform.EndAsync(second)).ExpectSuccess();
        Assert.Equal("cancelled", (string)(await platform.RunOfAsync(first))["status"]!);
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 59", Endless)]
    [InlineData("row 59", EndlessRows)]
    public async Task A_killed_process_leaves_the_table_and_its_run_failed(string row, string statement)
    {
        TestPlatform platform;
        string killed, waiting, before;
        await using (var rat = await RatProcess.ServeOnAsync(DataDirectory, OneSlot))
        {
            platform = await PlatformOfAsync(rat, row);
            (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
            before = (await platform.TableAsync("p")).Expect(200).Text;
            await platform.PutPipelineAsync("p", statement);
            await platform.PutPipelineAsync("q", "SELECT 'waited' AS x");
            killed = await platform.StartAsync("p");
            await platform.ReachAsync(killed, "Executing SQL via DuckDB");
            waiting = await platform.StartAsync("q");
            await Task.Delay(500);
            rat.Signal("KILL");
            await rat.WaitForExitAsync();
        }

        await using var next = await RatProcess.ServeOnAsync(DataDirectory, OneSlot);
        platform = new TestPlatform(new ContractClient(next.Client), platform.Namespace);
        var shown = await platform.RunOfAsync(killed);
        Assert.Equal("failed", (string)shown["status"]!);
        Assert.Contains("restarted", (string)shown["error"]!, StringComparison.Ordinal);
        Lake.AssertNothingLocal(next, shown.Text);
        Assert.Contains("restarted", (await platform.EndAsync(killed)).ExpectFailure(), StringComparison.Ordinal);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));

        // What waited goes on; what was staged is gone once the start has swept; the table can be written.
        (await platform.EndAsync(waiting)).ExpectSuccess();
        await UntilAsync(() => Lake.DataFiles(next, platform.Namespace).Count == 2);
        (await platform.RunSqlAsync("p", "SELECT 'new' AS x")).ExpectSuccess();
        Assert.Equal("\"new\"", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    private static async Task<TestPlatform> PlatformOfAsync(RatProcess rat, string row)
    {
        var client = new ContractClient(rat.Client);
        var name = row.Replace(' ', '_');
        (await client.PostAsync("/api/v1/namespaces", new { name })).Expect(201);
        return new TestPlatform(client, name);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++)
            await Task.Delay(50);
        Assert.True(condition());
    }
}
