using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>What happens to a table after a run (engine.md §9): it is told in the run's log, and never touches the run.</summary>
public sealed class MaintenanceRowsTests : IAsyncLifetime
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(2);

    private RatProcess _rat = null!;
    private ContractClient _client = null!;

    public async Task InitializeAsync()
    {
        _rat = await RatProcess.ServeAsync(new Dictionary<string, string>
        {
            ["RATE_LIMIT"] = "0",
            ["ICEBERG_SNAPSHOT_MAX_AGE"] = $"{Age.TotalSeconds}s",
            // What is done to an object of a bucket is seen at once.
            ["RAT_CACHE_SIZE"] = "1",
        });
        _client = new ContractClient(_rat.Client);
    }

    public async Task DisposeAsync() => await _rat.DisposeAsync();

    [Theory]
    [InlineData("row 149")]
    public async Task Versions_older_than_the_age_expire_with_their_files(string row)
    {
        var platform = await NewPlatformAsync(row);
        for (var version = 1; version <= 3; version++)
            (await platform.RunSqlAsync("p", $"SELECT {version} AS id")).ExpectSuccess();
        Assert.Equal(3, Lake.DataFiles(_rat, platform.Namespace).Count);
        await Task.Delay(Age + TimeSpan.FromMilliseconds(200));

        var run = (await platform.RunSqlAsync("p", "SELECT 4 AS id")).ExpectSuccess();

        var lines = await MaintainedAsync(platform, run);
        Assert.Contains("Expired 3 snapshots", lines);
        Assert.Contains("Removed 3 files", lines);
        Assert.Single(Lake.DataFiles(_rat, platform.Namespace));
        Assert.Equal("4", await platform.CellAsync("SELECT id FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 150")]
    public async Task A_maintenance_that_fails_leaves_the_run_a_success(string row)
    {
        var platform = await NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS id", "merge_strategy: append_only");
        for (var count = 1; count <= 9; count++)
            (await platform.RunAsync("p")).ExpectSuccess();
        // Ten small files are put together, which this one keeps from happening.
        var broken = Lake.DataFiles(_rat, platform.Namespace)[4];
        _rat.Files.Write(broken, new byte[_rat.Files.Length(broken)]);

        var run = (await platform.RunAsync("p")).ExpectSuccess();

        await UntilAsync(() => Task.FromResult(_rat.Output.Any(line => line.Contains($"maintenance of {platform.Namespace}.bronze.p failed", StringComparison.Ordinal))));
        Assert.Equal("success", (string)(await platform.RunOfAsync(run.Id))["status"]!);
        Assert.DoesNotContain("ratd_maintenance_failures_total 0", await _rat.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        (await platform.RunSqlAsync("other", "SELECT 1 AS id")).ExpectSuccess();
    }

    [Theory]
    [InlineData("row 151")]
    public async Task A_run_without_rows_is_not_followed_by_maintenance(string row)
    {
        var platform = await NewPlatformAsync(row);
        var none = (await platform.RunSqlAsync("p", "SELECT 1 AS id WHERE false")).ExpectSuccess();
        var some = (await platform.RunSqlAsync("q", "SELECT 1 AS id")).ExpectSuccess();

        await MaintainedAsync(platform, some);

        Assert.DoesNotContain((await platform.EndAsync(none.Id)).Messages, message => message.Contains("aintenance", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("clause 9")]
    public async Task Small_files_are_put_together_and_keep_their_order(string clause)
    {
        var platform = await NewPlatformAsync(clause);
        var lines = new List<string>();
        for (var id = 1; id <= 12; id++)
        {
            var run = (await platform.RunSqlAsync("p", $"SELECT {id} AS id", "merge_strategy: append_only")).ExpectSuccess();
            lines.AddRange(await MaintainedAsync(platform, run));
        }

        Assert.Contains("Compacted 10 files into 1", lines);
        var rows = (await platform.QueryAsync("SELECT id FROM bronze.p")).Expect(200)["rows"]!.AsArray().Select(row => (int)row!["id"]!);
        Assert.Equal(Enumerable.Range(1, 12), rows);
        var location = (string)(await platform.TableAsync("p")).Expect(200)["metadata_location"]!;
        _rat.Files.CheckTable(location);
        Assert.Equal(12, (int)_rat.Files.ReadTable(location)["rowCount"]!);
    }

    [Theory]
    [InlineData("clause 9")]
    public async Task Without_compaction_small_files_stay_and_what_expires_still_goes(string clause)
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string>
        {
            ["RATE_LIMIT"] = "0",
            ["RAT_COMPACTION_ENABLED"] = "false",
            ["ICEBERG_MAX_SNAPSHOTS"] = "1",
        });
        var platform = await NewPlatformAsync(clause, new ContractClient(rat.Client));
        for (var id = 1; id <= 12; id++)
        {
            var run = (await platform.RunSqlAsync("p", $"SELECT {id} AS id", "merge_strategy: append_only")).ExpectSuccess();
            var lines = await MaintainedAsync(platform, run);
            Assert.DoesNotContain(lines, line => line.StartsWith("Compacted", StringComparison.Ordinal));
            Assert.True(id == 1 || lines.Contains("Expired 1 snapshots"), string.Join('\n', lines));
        }

        Assert.Equal(12, Lake.DataFiles(rat, platform.Namespace).Count);
    }

    private Task<TestPlatform> NewPlatformAsync(string row) => NewPlatformAsync(row, _client);

    private static async Task<TestPlatform> NewPlatformAsync(string row, ContractClient client)
    {
        var ns = row.Replace(' ', '_');
        (await client.PostAsync("/api/v1/namespaces", new { name = ns })).Expect(201);
        return new TestPlatform(client, ns);
    }

    // The lines come after the run has ended.
    private static async Task<IReadOnlyList<string>> MaintainedAsync(TestPlatform platform, EndedRun run)
    {
        IReadOnlyList<string> lines = [];
        await UntilAsync(async () => (lines = (await platform.EndAsync(run.Id)).Messages).Contains("Maintenance complete"));
        return lines;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var tries = 0; !await condition(); tries++)
        {
            Assert.True(tries < 200, "it did not happen");
            await Task.Delay(50);
        }
    }
}
