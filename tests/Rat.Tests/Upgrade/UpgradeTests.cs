using System.Formats.Tar;
using System.IO.Compression;
using Rat.Tests.Contract;
using Rat.Tests.Http;
using Rat.Tests.Kept;

namespace Rat.Tests.Upgrade;

/// <summary>
/// Data directories of earlier states open and go on. <c>schema-3.tar.gz</c> was written by the published file of commit 7bb3e5a (migrations up to
/// 0003), filled by <c>schema-3.sh</c> and stopped with SIGTERM.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string Namespace = "shop";
    private const string Reason = "the data directories were written before there was storage in a bucket";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");
    private RatProcess _rat = null!;

    private TestPlatform Platform => new(new ContractClient(_rat.Client), Namespace);

    public async Task InitializeAsync()
    {
        var data = _root.CreateSubdirectory("data").FullName;
        await using (var archive = new GZipStream(File.OpenRead(Path.Combine(Repository.Root, "tests", "Rat.Tests", "Upgrade", "schema-3.tar.gz")), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(archive, data, overwriteFiles: false);
        _rat = await RatProcess.ServeOnAsync(data, new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
    }

    public async Task DisposeAsync()
    {
        await _rat.DisposeAsync();
        _root.Delete(recursive: true);
    }

    [DiskFact(Reason)]
    public async Task Tables_and_their_history_are_what_they_were()
    {
        Assert.Equal(
            """[{"id":1,"state":"paid","amount":"10.00"},{"id":2,"state":"open","amount":"20.50"},{"id":3,"state":"paid","amount":"5.25"},{"id":4,"state":"open","amount":null}]""",
            (await Platform.RowsAsync("SELECT id, state, amount::VARCHAR AS amount FROM bronze.orders ORDER BY id")).ToJsonString());
        Assert.Equal("[3,2]", await Platform.CellAsync("SELECT list(n ORDER BY n DESC) AS n FROM (SELECT count(*)::INTEGER AS n FROM bronze.events GROUP BY day)"));
        Assert.Equal("[1,2]", await Platform.CellAsync("SELECT detail.tags FROM bronze.events WHERE id = 1"));
        var tables = (await Platform.Client.GetAsync($"/api/v1/tables?namespace={Namespace}")).Expect(200)["tables"]!.AsArray();
        Assert.Equal(
            ["events 5", "inbox 2", "orders 4", "delete_insert 3", "incremental 3", "scd2 3", "snapshot 3"],
            tables.Select(table => $"{table!["name"]} {table["row_count"]}"));

        var snapshots = (await Platform.Client.GetAsync($"/api/v1/tables/{Namespace}/bronze/orders/snapshots")).Expect(200)["snapshots"]!.AsArray();
        Assert.Equal(2, snapshots.Count);
        Assert.Equal("\"open\"", await Platform.CellAsync($"SELECT state FROM bronze.orders AT (VERSION => {(long)snapshots[1]!["snapshot_id"]!}) WHERE id = 1"));
    }

    [DiskFact(Reason)]
    public async Task Runs_are_listed_with_their_logs()
    {
        var runs = (await Platform.Client.GetAsync($"/api/v1/runs?namespace={Namespace}&limit=100&sort=created_at&order=asc")).Expect(200)["runs"]!.AsArray();
        Assert.Equal(
            ["orders success 3", "orders success 4", "events success 3", "events success 2", "incremental success 3", "delete_insert success 3",
                "scd2 success 3", "snapshot success 3", "inbox success 2", "broken failed "],
            runs.Select(run => $"{run!["pipeline"]} {run["status"]} {run["rows_written"]}"));
        var log = (await Platform.Client.GetAsync($"/api/v1/runs/{runs[0]!["id"]}/logs")).Expect(200)["logs"]!.AsArray();
        Assert.Contains(log, line => (string)line!["message"]! == "Pipeline completed successfully");
        Assert.Contains("no_such_column", (string)runs[^1]!["error"]!, StringComparison.Ordinal);
    }

    [DiskFact(Reason)]
    public async Task What_a_run_had_consumed_is_archived_and_the_rest_is_read()
    {
        var run = (await Platform.Client.GetAsync($"/api/v1/runs?namespace={Namespace}&pipeline=inbox")).Expect(200)["runs"]![0]!;
        var archive = $"{Namespace}/landing/inbox/_processed/{run["id"]}/";
        for (var i = 0; i < 100 && (await FilesAsync(archive)).Count == 0; i++)
            await Task.Delay(50);
        Assert.EndsWith("first.csv", Assert.Single(await FilesAsync(archive)), StringComparison.Ordinal);

        var next = (await Platform.RunAsync("inbox")).ExpectSuccess();
        Assert.Equal(1, next.Rows);
        Assert.Equal("[1,2,3]", await Platform.CellAsync("SELECT list(id ORDER BY id)::INTEGER[] AS ids FROM bronze.inbox"));
        Assert.EndsWith("second.csv", Assert.Single(await FilesAsync($"{Namespace}/landing/inbox/_processed/{next.Id}/")), StringComparison.Ordinal);
    }

    // The tables of the silver layer have the ids 1, 2, 3, all of 2026-01-01; their batch is 3 and 4.
    [DiskTheory(Reason)]
    [InlineData("bronze", "orders", "", "", "[3,4]", "[3,4]")]
    [InlineData("bronze", "orders", "merge_strategy: append_only", "", "[1,2,3,3,4,4]", "[1,2,3,3,3,4,4,4]")]
    [InlineData("silver", "incremental", "merge_strategy: incremental\nunique_key: id", "", "[1,2,3,4]", "[1,2,3,4]")]
    [InlineData("silver", "delete_insert", "merge_strategy: delete_insert\nunique_key: id", "", "[1,2,3,4]", "[1,2,3,4]")]
    [InlineData("silver", "snapshot", "merge_strategy: snapshot\npartition_column: day", "", "[3,4]", "[3,4]")]
    [InlineData("silver", "scd2", "merge_strategy: scd2\nunique_key: id", " WHERE valid_to IS NULL", "[1,2,3,4]", "[1,2,3,4]")]
    public async Task A_strategy_goes_on_with_a_table(string layer, string name, string config, string where, string ids, string idsAfter)
    {
        var ask = $"SELECT list(id ORDER BY id)::INTEGER[] AS ids FROM {layer}.{name}{where}";
        await Platform.PutPipelineAsync(name, "SELECT id, 'new' AS state, DATE '2026-01-01' AS day, true AS extra FROM (VALUES (3), (4)) AS t(id)", config, layer);
        (await Platform.RunAsync(name, layer)).ExpectSuccess();
        Assert.Equal(ids, await Platform.CellAsync(ask));
        // And with what it has made of it.
        (await Platform.RunAsync(name, layer)).ExpectSuccess();
        Assert.Equal(idsAfter, await Platform.CellAsync(ask));
    }

    private async Task<IReadOnlyList<string>> FilesAsync(string prefix)
    {
        var answer = (await Platform.Client.GetAsync($"/api/v1/files?prefix={prefix}")).Expect(200);
        return [.. answer["files"]!.AsArray().Select(file => (string)file!["path"]!)];
    }
}
