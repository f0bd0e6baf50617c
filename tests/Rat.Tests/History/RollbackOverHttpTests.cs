using Rat.Tests.Contract;
using Rat.Tests.Rows;

namespace Rat.Tests.History;

/// <summary>The list of a table's snapshots, and the way back to one of them (docs/api-extensions.md).</summary>
public class RollbackOverHttpTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const long SafeInteger = 1L << 53;

    [Fact]
    public async Task Snapshots_are_listed_newest_first_with_what_they_did()
    {
        var platform = await server.NewPlatformAsync("snapshots");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var append = (await platform.RunSqlAsync("p", "SELECT 2 AS x", "merge_strategy: append_only")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 3 AS x, 4 AS y")).ExpectSuccess();
        var answer = (await SnapshotsAsync(platform)).Expect(200);
        Assert.Equal(3, (int)answer["total"]!);
        var snapshots = answer["snapshots"]!.AsArray();
        Assert.Equal(["overwrite", "append", "append"], snapshots.Select(snapshot => (string)snapshot!["operation"]!));
        Assert.Equal([1, 2, 1], snapshots.Select(snapshot => (int)snapshot!["row_count"]!));
        Assert.Equal([3, 2, 1], snapshots.Select(snapshot => (int)snapshot!["sequence_number"]!));
        Assert.Equal([true, false, false], snapshots.Select(snapshot => (bool)snapshot!["is_current"]!));
        Assert.All(snapshots, snapshot => Assert.InRange((long)snapshot!["snapshot_id"]!, 1, SafeInteger - 1));
        Assert.All(snapshots, snapshot => Assert.True((long)snapshot!["size_bytes"]! > 0));
        Assert.Equal([(long?)snapshots[1]!["snapshot_id"], (long?)snapshots[2]!["snapshot_id"], null], snapshots.Select(snapshot => (long?)snapshot!["parent_snapshot_id"]));
        Assert.True(DateTimeOffset.Parse((string)snapshots[0]!["committed_at"]!, null) > DateTimeOffset.Parse((string)snapshots[1]!["committed_at"]!, null));
        Assert.Contains(append.Id, snapshots[1]!["summary"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rollback_is_a_new_snapshot_and_loses_nothing()
    {
        var platform = await server.NewPlatformAsync("rollback");
        (await platform.RunSqlAsync("p", "SELECT unnest([1, 2]) AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 'wrong' AS x, 0 AS y")).ExpectSuccess();
        var before = (await SnapshotsAsync(platform)).Expect(200)["snapshots"]!.AsArray();
        var first = (long)before[1]!["snapshot_id"]!;

        var back = (await RollbackAsync(platform, $$"""{"snapshot_id": {{first}}}""")).Expect(200);
        Assert.True((bool)back["is_current"]!);
        Assert.Equal(2, (int)back["row_count"]!);
        Assert.Equal(3, (int)back["sequence_number"]!);
        Assert.Equal("[1,2]", await platform.CellAsync("SELECT list(x ORDER BY x) AS x FROM bronze.p"));
        Assert.Equal("x INTEGER", await ColumnsAsync(platform));
        Assert.Equal(2, (int)(await platform.TableAsync("p")).Expect(200)["row_count"]!);
        var after = (await SnapshotsAsync(platform)).Expect(200)["snapshots"]!.AsArray();
        Assert.Equal([(long)back["snapshot_id"]!, (long)before[0]!["snapshot_id"]!, first], after.Select(snapshot => (long)snapshot!["snapshot_id"]!));
        Assert.Equal("\"wrong\"", await platform.CellAsync($"SELECT x FROM bronze.p AT (VERSION => {(long)before[0]!["snapshot_id"]!})"));

        // Runs go on from there, and the way back has a way back.
        (await platform.RunSqlAsync("p", "SELECT 3 AS x", "merge_strategy: append_only")).ExpectSuccess();
        Assert.Equal("[1,2,3]", await platform.CellAsync("SELECT list(x ORDER BY x) AS x FROM bronze.p"));
        (await RollbackAsync(platform, $$"""{"snapshot_id": {{(long)before[0]!["snapshot_id"]!}}}""")).Expect(200);
        Assert.Equal("x VARCHAR, y INTEGER", await ColumnsAsync(platform));
        Assert.Equal(5, (int)(await SnapshotsAsync(platform)).Expect(200)["total"]!);
    }

    [Theory]
    [InlineData("{\"snapshot_id\": 7}", 400, "has no snapshot 7; there are ")]
    [InlineData("{\"snapshot_id\": -1}", 400, "has no snapshot -1")]
    [InlineData("{\"snapshot_id\": 1.5}", 400, "")]
    [InlineData("{\"snapshot_id\": \"x\"}", 400, "")]
    [InlineData("{\"snapshot_id\": 99999999999999999999}", 400, "")]
    [InlineData("{\"snapshot_id\": null}", 400, "snapshot_id is required")]
    [InlineData("{}", 400, "snapshot_id is required")]
    [InlineData("[]", 400, "")]
    [InlineData("", 400, "")]
    public async Task A_rollback_to_what_is_not_there_changes_nothing(string body, int status, string message)
    {
        var platform = await server.NewPlatformAsync("refused");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        Assert.Contains(message, (await RollbackAsync(platform, body)).ExpectError(status), StringComparison.Ordinal);
        Assert.Equal(1, (int)(await SnapshotsAsync(platform)).Expect(200)["total"]!);
    }

    [Theory]
    [InlineData("bronze/nothing", 404)]
    [InlineData("brass/p", 400)]
    [InlineData("bronze/P", 400)]
    public async Task Only_tables_have_a_history(string table, int status)
    {
        var platform = await server.NewPlatformAsync("missing");
        var path = $"/api/v1/tables/{platform.Namespace}/{table}";
        var code = status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT";
        (await platform.Client.GetAsync(path + "/snapshots")).ExpectError(status, code);
        (await platform.Client.PostAsync(path + "/rollback", new { snapshot_id = 1 })).ExpectError(status, code);
    }

    [Fact]
    public async Task A_rollback_waits_for_the_run_that_writes_the_table()
    {
        var platform = await server.NewPlatformAsync("waits");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        var first = (long)(await SnapshotsAsync(platform)).Expect(200)["snapshots"]![0]!["snapshot_id"]!;
        await platform.PutPipelineAsync("p", "SELECT 2 AS x FROM (SELECT sum(i % 7) AS work FROM range(150000000) AS t(i)) WHERE work > 0");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Executing SQL via DuckDB");
        var back = (await RollbackAsync(platform, $$"""{"snapshot_id": {{first}}}""")).Expect(200);
        Assert.Equal("success", (string)(await platform.RunOfAsync(id))["status"]!);
        Assert.Equal(3, (int)back["sequence_number"]!);
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    private static Task<ContractResponse> SnapshotsAsync(TestPlatform platform) =>
        platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/p/snapshots");

    private static Task<ContractResponse> RollbackAsync(TestPlatform platform, string body) =>
        platform.Client.PostAsync($"/api/v1/tables/{platform.Namespace}/bronze/p/rollback", body);

    private static async Task<string> ColumnsAsync(TestPlatform platform) => string.Join(", ",
        (await platform.TableAsync("p")).Expect(200)["columns"]!.AsArray().Select(column => $"{column!["name"]} {column["type"]}"));
}
