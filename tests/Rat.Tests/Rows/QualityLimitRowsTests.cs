using System.Diagnostics;
using Rat.Tests.Contract;
using Rat.Tests.Http;
using Rat.Tests.Kept;

namespace Rat.Tests.Rows;

/// <summary>The time limit of a quality test, and its process killed while one runs (engine.md 4.9, 5.4).</summary>
public sealed class QualityLimitRowsTests : IAsyncLifetime
{
    private const string Endless = "SELECT sum(a.i % 7 + b.j % 5) AS x FROM range(1000000000) AS a(i), range(1000000000) AS b(j)";

    private RatProcess _rat = null!;

    public async Task InitializeAsync() => _rat = await RatProcess.ServeAsync(
        new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["QUALITY_TEST_TIMEOUT_SECS"] = "1" });

    public async Task DisposeAsync() => await _rat.DisposeAsync();

    [Theory]
    [InlineData("row 110", "-- @severity: warn\n", "success", "warned")]
    [InlineData("row 110", "", "failed", "failed")]
    [InlineData("row 110", "-- {% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}\n", "failed", null)]
    public async Task An_endless_test_is_stopped_at_its_limit_and_the_others_go_on(string row, string head, string status, string? called)
    {
        var platform = new TestPlatform(new ContractClient(_rat.Client), "default");
        await platform.PutPipelineAsync("p", "SELECT 1 AS n");
        await platform.PutTestAsync("p", "a_endless", head + Endless);
        await platform.PutTestAsync("p", "b_fine", "SELECT 1 FROM {{ this }} WHERE n > 1");
        var watch = Stopwatch.StartNew();
        var run = await platform.RunAsync("p");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{row}: {watch.Elapsed}");
        Assert.Equal(status, run.Status);
        Assert.Contains(run.Messages, message => message.StartsWith("Quality test 'b_fine': pass (0 rows, ", StringComparison.Ordinal));
        if (called is null)
            return;

        Assert.Contains(run.Messages, message => message.StartsWith("Quality test 'a_endless': fail (0 rows, ", StringComparison.Ordinal));
        Assert.Contains(run.Messages, message => message.Contains("QUALITY_TEST_TIMEOUT_SECS", StringComparison.Ordinal));
        if (status == "success")
        {
            var answer = (await platform.Client.PostAsync("/api/v1/pipelines/default/bronze/p/tests/run")).Expect(200);
            Assert.Equal([called, "passed"], answer["results"]!.AsArray().Select(result => (string)result!["status"]!));
        }
    }

    [Theory]
    [InlineData("clause 4.9")]
    public async Task A_process_that_is_killed_during_a_test_has_committed_nothing(string row)
    {
        var root = Directory.CreateTempSubdirectory("rat-test-");
        try
        {
            var data = Path.Combine(root.FullName, "data");
            string before, id;
            await using (var killed = await RatProcess.ServeOnAsync(data))
            {
                var platform = new TestPlatform(new ContractClient(killed.Client), "default");
                (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
                before = (await platform.TableAsync("p")).Expect(200).Text;
                await platform.PutTestAsync("p", "endless", Endless);
                await platform.PutPipelineAsync("p", "SELECT 'new' AS x");
                id = await platform.StartAsync("p");
                await platform.ReachAsync(id, "Found 1 quality test");
                await Task.Delay(200);
                killed.Signal("KILL");
                await killed.WaitForExitAsync();
            }

            // A bucket's times are whole seconds: what was uploaded in the second of a start stays until the next one.
            if (TestStorage.IsS3)
                await Task.Delay(1100);
            await using var next = await RatProcess.ServeOnAsync(data);
            var after = new TestPlatform(new ContractClient(next.Client), "default");
            Assert.Contains("restarted", (await after.EndAsync(id)).ExpectFailure(), StringComparison.Ordinal);
            Assert.Equal(before, (await after.TableAsync("p")).Expect(200).Text);
            Assert.Equal("\"old\"", await after.CellAsync("SELECT x FROM bronze.p"));
            for (var i = 0; i < 200 && Lake.DataFiles(next, "default").Count > 1; i++)
                await Task.Delay(50);
            Assert.True(Lake.DataFiles(next, "default").Count == 1, row);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
