using Rat.Tests.Contract;
using Rat.Tests.Rows;

namespace Rat.Tests.History;

/// <summary>Tables as they were: in queries, pipelines and previews.</summary>
public class PastTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Fact]
    public async Task A_query_reads_a_snapshot_and_two_of_one_table_at_once()
    {
        var platform = await HistoryAsync("past 1");
        var (first, second, third) = await SnapshotsAsync(platform);
        Assert.Equal("[1]", await ListAsync(platform, $"bronze.p AT (VERSION => {first})"));
        Assert.Equal("[1,2]", await ListAsync(platform, $"bronze.p AT (VERSION => '{second}')"));
        Assert.Equal("[1,2,3]", await ListAsync(platform, $"bronze.p AT (VERSION => {third})"));
        Assert.Equal("[1,2,3]", await ListAsync(platform, "bronze.p"));
        Assert.Equal("[2]", await platform.CellAsync(
            $"SELECT list(x)::INTEGER[] AS x FROM (SELECT x FROM bronze.p b AT (VERSION => {second}) EXCEPT SELECT x FROM {platform.Namespace}.bronze.p AT (VERSION => {first}))"));
        Assert.Equal("6", await platform.CellAsync(
            $"WITH old AS (FROM p AT (VERSION => {second})) SELECT count(*)::INTEGER AS n FROM old, p WHERE old.x <= p.x OR p.x < 3 AND old.x = 2 AND p.x > 0"));
        // Each with the columns that it had.
        Assert.Equal("""[{"x":1}]""", (await platform.RowsAsync($"FROM bronze.p AT (VERSION => {first})")).ToJsonString());
        Assert.Equal("""[{"x":3,"y":"new"}]""", (await platform.RowsAsync("FROM bronze.p WHERE x = 3")).ToJsonString());
    }

    [Fact]
    public async Task A_time_is_that_of_the_snapshot_that_was_current_then()
    {
        var platform = await HistoryAsync("past 2");
        var times = (await ListSnapshotsAsync(platform)).Select(snapshot => (string)snapshot!["committed_at"]!).Reverse().ToList();
        for (var i = 0; i < times.Count; i++)
        {
            var expected = i switch { 0 => "[1]", 1 => "[1,2]", _ => "[1,2,3]" };
            Assert.Equal(expected, await ListAsync(platform, $"bronze.p AT (TIMESTAMP => '{times[i]}')"));
            Assert.Equal(expected, await ListAsync(platform, $"bronze.p AT (TIMESTAMP => TIMESTAMPTZ '{times[i]}')"));
        }

        Assert.Equal("[1,2,3]", await ListAsync(platform, "bronze.p AT (TIMESTAMP => '9999-12-31')"));
        var before = (await platform.QueryAsync("FROM bronze.p AT (TIMESTAMP => DATE '2020-01-01')")).ExpectError(400);
        Assert.Contains($"table {platform.Namespace}.bronze.p has no snapshot as old as 2020-01-01T00:00:00.000000Z; there are ", before, StringComparison.Ordinal);
        Assert.All(times, time => Assert.Contains(time.TrimEnd('Z'), before, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bronze.p AT (VERSION => 7)", "has no snapshot 7; there are ")]
    [InlineData("bronze.p AT (VERSION => 99999999999999999999999)", "AT takes a literal")]
    [InlineData("bronze.p AT (TIMESTAMP => now())", "AT takes a literal")]
    [InlineData("bronze.p AT (TIMESTAMP => 'last week')", "is not a time")]
    [InlineData("bronze.nothing AT (VERSION => 1)", "does not exist")]
    [InlineData("bronze.\"p@7\"", "")]
    public async Task A_past_that_there_is_not_says_what_there_is(string table, string message)
    {
        var platform = await HistoryAsync("past 3");
        var (first, _, third) = await SnapshotsAsync(platform);
        var error = (await platform.QueryAsync($"FROM {table}")).ExpectError(400);
        Assert.Contains(message, error, StringComparison.Ordinal);
        if (!message.EndsWith("there are ", StringComparison.Ordinal))
            return;
        Assert.Contains(first, error, StringComparison.Ordinal);
        Assert.Contains(third, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_reads_a_past_and_keeps_reading_it()
    {
        var platform = await HistoryAsync("past 4");
        var (first, second, _) = await SnapshotsAsync(platform);
        var time = (string)(await ListSnapshotsAsync(platform))[1]!["committed_at"]!;
        (await platform.RunSqlAsync("by_id", $"SELECT x FROM {{{{ ref('bronze.p', at={first}) }}}}")).ExpectSuccess();
        (await platform.RunSqlAsync("by_text", $"SELECT x FROM {{{{ ref('bronze.p', at='{first}') }}}}")).ExpectSuccess();
        (await platform.RunSqlAsync("by_time", $"SELECT x FROM {{{{ ref('{platform.Namespace}.bronze.p', at='{time}') }}}} AS p")).ExpectSuccess();
        (await platform.RunSqlAsync("by_clause", $"SELECT p.x FROM bronze.p AT (VERSION => {second})")).ExpectSuccess();
        (await platform.RunSqlAsync("both", $"SELECT x FROM {{{{ ref('bronze.p') }}}} EXCEPT SELECT x FROM {{{{ ref('bronze.p', at={second}) }}}}")).ExpectSuccess();
        // Its own past is no circle.
        (await platform.RunSqlAsync("p", $"SELECT x, 'again' AS y FROM {{{{ ref('bronze.p', at={first}) }}}}")).ExpectSuccess();

        Assert.Equal("[1]", await ListAsync(platform, "bronze.by_id"));
        Assert.Equal("[1]", await ListAsync(platform, "bronze.by_text"));
        Assert.Equal("[1,2]", await ListAsync(platform, "bronze.by_time"));
        Assert.Equal("[1,2]", await ListAsync(platform, "bronze.by_clause"));
        Assert.Equal("[3]", await ListAsync(platform, "bronze.both"));
        Assert.Equal("[1]", await ListAsync(platform, "bronze.p"));
        Assert.Equal(1, (await platform.RunAsync("by_id")).ExpectSuccess().Rows);
    }

    [Theory]
    [InlineData("at='2020-01-01'", "RefResolutionError: ref('bronze.p', at='2020-01-01'): table NS.bronze.p has no snapshot as old as 2020-01-01T00:00:00.000000Z; there are ")]
    [InlineData("at=12", "RefResolutionError: ref('bronze.p', at='12'): table NS.bronze.p has no snapshot 12; there are ")]
    [InlineData("at='soon'", "'soon' is not a time")]
    [InlineData("at=1.5", "ref() argument at must be str")]
    [InlineData("at=true", "ref() argument at must be str")]
    [InlineData("at=nothing", "'nothing' is undefined")]
    [InlineData("when=1", "unexpected keyword argument 'when'")]
    [InlineData("12", "takes at most 1")]
    public async Task A_wrong_past_fails_the_run_and_the_preview_and_names_it(string argument, string message)
    {
        var platform = await HistoryAsync("past 5");
        var expected = message.Replace("NS", platform.Namespace, StringComparison.Ordinal);
        var sql = $"SELECT x FROM {{{{ ref('bronze.p', {argument}) }}}}";
        Assert.Contains(expected, (await platform.RunSqlAsync("q", sql)).ExpectFailure(), StringComparison.Ordinal);
        var preview = (await platform.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/q/preview", new { limit = 10 })).Expect(200);
        Assert.Contains(expected, (string)preview["error"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_preview_reads_a_past()
    {
        var platform = await HistoryAsync("past 6");
        var (first, second, _) = await SnapshotsAsync(platform);
        await platform.PutPipelineAsync("q", $"SELECT a.x FROM {{{{ ref('bronze.p', at={second}) }}}} AS a LEFT JOIN bronze.p b AT (VERSION => {first}) USING (x) WHERE b.x IS NULL");
        var preview = (await platform.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/q/preview", new { limit = 10 })).Expect(200);
        Assert.Null(preview["error"]);
        Assert.Equal("""[{"x":2}]""", preview["rows"]!.ToJsonString());
    }

    // Three snapshots: x = 1; 1, 2; 1, 2, 3 with a new column.
    private async Task<TestPlatform> HistoryAsync(string name)
    {
        var platform = await server.NewPlatformAsync(name);
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 2 AS x", "merge_strategy: append_only")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT x, CASE WHEN x = 3 THEN 'new' END AS y FROM (VALUES (1), (2), (3)) AS t(x)")).ExpectSuccess();
        return platform;
    }

    private static async Task<(string First, string Second, string Third)> SnapshotsAsync(TestPlatform platform)
    {
        var ids = (await ListSnapshotsAsync(platform)).Select(snapshot => $"{(long)snapshot!["snapshot_id"]!}").Reverse().ToList();
        Assert.Equal(3, ids.Count);
        return (ids[0], ids[1], ids[2]);
    }

    private static async Task<System.Text.Json.Nodes.JsonArray> ListSnapshotsAsync(TestPlatform platform) =>
        (await platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/p/snapshots")).Expect(200)["snapshots"]!.AsArray();

    private static Task<string> ListAsync(TestPlatform platform, string table) =>
        platform.CellAsync($"SELECT list(x ORDER BY x)::INTEGER[] AS x FROM {table}");
}
