using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary><c>config.yaml</c> and its merge with annotations (engine.md 3.3, 3.4), seen in the run's log, its error and its table.</summary>
public class ConfigRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 11", "just some text")]
    [InlineData("row 11", "\"merge_strategy: append_only\"")]
    [InlineData("clause 3.3", "")]
    [InlineData("clause 3.3", "# merge_strategy: append_only")]
    [InlineData("clause 3.3", "[merge_strategy, append_only]")]
    [InlineData("clause 3.3", "42")]
    [InlineData("clause 3.3", "merge_strategy:")]
    [InlineData("clause 3.3", "watermark_column: ~\nunique_key: null")]
    public async Task A_config_that_sets_nothing_gives_the_defaults(string row, string config)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS x", config)).ExpectSuccess();
        Assert.Empty(run.At("warn"));
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("1", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 12", "unique_key: [id, updated_at]", "unique_key", "id, updated_at")]
    [InlineData("row 12", "unique_key: id, updated_at", "unique_key", "id, updated_at")]
    [InlineData("row 12", "unique_key:\n  - id\n  - updated_at\n", "unique_key", "id, updated_at")]
    [InlineData("clause 3.2", "unique_key: [1, id]", "unique_key", "1, id")]
    [InlineData("clause 3.2", "unique_key: {id: 1}", "unique_key", "")]
    [InlineData("clause 3.2", "archive_landing_zones: yes", "archive_landing_zones", "true")]
    [InlineData("clause 3.2", "archive_landing_zones: 1", "archive_landing_zones", "false")]
    [InlineData("row 19", "description: no retries here", "retry_delay_seconds", "30")]
    [InlineData("row 19", "max_retries: 2", "retry_delay_seconds", "30")]
    [InlineData("clause 3.2", "retry_delay_seconds: 5", "retry_delay_seconds", "5")]
    [InlineData("clause 3.2", "description: d", "max_retries", "0")]
    public async Task A_setting_is_read_by_its_kind__seen_in_the_logged_configuration(string row, string config, string key, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS x", config)).ExpectSuccess();
        Assert.Equal("Loaded config from config.yaml", EffectiveConfig.OriginOf(run));
        Assert.Equal(expected, EffectiveConfig.Of(run)[key]);
    }

    [Theory]
    [InlineData("row 17", "partition_by: [{column: x}]", "x identity")]
    [InlineData("clause 3.2", "partition_by: [{column: x}, {column: y, transform: day}]", "x identity, y day")]
    public async Task A_partition_without_transform_is_identity__seen_in_the_logged_configuration(string row, string config, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", "SELECT 1 AS x, DATE '2024-01-02' AS y", config);
        Assert.Equal(expected, EffectiveConfig.Of(run)["partition_by"]);
        run.ExpectSuccess();
    }

    [Theory]
    [InlineData("row 13", "zebra: 1\nmerge_strategy: append_only\naardvark: [a, b]\n")]
    public async Task Unknown_keys_are_warned_of_in_order_and_the_rest_holds(string row, string config)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS x", config)).ExpectSuccess();
        Assert.Collection(run.At("warn"),
            first => Assert.Contains("aardvark", first, StringComparison.Ordinal),
            second => Assert.Contains("zebra", second, StringComparison.Ordinal));
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("2", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 3.3", "-- @zebra: 1\n-- @merge_strategy: append_only\n-- @aardvark: 2\nSELECT 1 AS x")]
    public async Task Unknown_annotations_are_warned_of_too(string row, string source)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", source)).ExpectSuccess();
        Assert.Equal(2, run.At("warn").Count);
        Assert.Contains(run.At("warn"), warning => warning.Contains("zebra", StringComparison.Ordinal));
        Assert.Contains(run.At("warn"), warning => warning.Contains("aardvark", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("row 14", "merge_strategy: upsert", "upsert|append_only, delete_insert, full_refresh, incremental, scd2, snapshot")]
    [InlineData("row 14", "merge_strategy: Append_Only", "Append_Only|append_only, delete_insert, full_refresh, incremental, scd2, snapshot")]
    [InlineData("row 15", "materialized: ephemeral", "ephemeral|table|view")]
    [InlineData("row 16", "partition_by: day", "partition_by|list")]
    [InlineData("row 16", "partition_by: [{column: x}, day]", "partition_by[1]")]
    [InlineData("row 16", "partition_by: [{column: x}, {column: y}, {transform: day}]", "partition_by[2]|column")]
    [InlineData("row 16", "partition_by: [{column: x, transform: 'bucket[16]'}]", "partition_by[0]|bucket[16]")]
    [InlineData("row 18", "max_retries: -1", "max_retries|-1")]
    [InlineData("row 18", "max_retries: abc", "max_retries|abc")]
    [InlineData("row 18", "max_retries: 1.5", "max_retries|1.5")]
    [InlineData("row 18", "retry_delay_seconds: -5", "retry_delay_seconds|-5")]
    [InlineData("row 18", "retry_delay_seconds: soon", "retry_delay_seconds|soon")]
    [InlineData("clause 3.3", "description: a\nmerge_strategy: [append_only", "config.yaml|line")]
    public async Task A_wrong_setting_fails_the_run_and_the_table_stays(string row, string config, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        await FailsAsync(platform, await platform.RunSqlAsync("p", "SELECT 'new' AS x", config), fragments);
    }

    [Theory]
    [InlineData("row 14", "-- @merge_strategy: upsert", "upsert|append_only, delete_insert, full_refresh, incremental, scd2, snapshot")]
    [InlineData("row 18", "-- @max_retries: -1", "max_retries|-1")]
    [InlineData("row 18", "-- @max_retries: abc", "max_retries|abc")]
    [InlineData("row 18", "-- @retry_delay_seconds: soon", "retry_delay_seconds|soon")]
    public async Task A_wrong_annotation_fails_the_run_and_the_table_stays(string row, string annotation, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        await FailsAsync(platform, await platform.RunSqlAsync("p", $"{annotation}\nSELECT 'new' AS x"), fragments);
    }

    [Theory]
    [InlineData("row 16", "day", "[day]", "[{transform: day}]", "[{column: x, transform: 'bucket[16]'}]")]
    public async Task The_errors_of_partition_by_tell_what_is_wrong(string row, params string[] values)
    {
        var platform = await server.NewPlatformAsync(row);
        var errors = new List<string>();
        foreach (var value in values)
            errors.Add((await platform.RunSqlAsync("p", "SELECT 1 AS x", $"partition_by: {value}")).ExpectFailure());
        Assert.Distinct(errors);
    }

    [Theory]
    [InlineData("row 20", "description: kept\nmerge_strategy: full_refresh", "-- @merge_strategy: incremental", "merge_strategy",
        "incremental|description=kept")]
    [InlineData("row 21", "unique_key: [id]", "-- @description: mine", "description", "full_refresh|description=mine|unique_key=id")]
    [InlineData("clause 3.4", "max_retries: 3\ndescription: yaml", "-- @description: mine\n-- @unique_key: a", "description, unique_key",
        "full_refresh|max_retries=3|description=mine|unique_key=a")]
    public async Task An_annotation_overrides_its_own_key_only__seen_in_the_logged_configuration(
        string row, string config, string annotations, string keys, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", $"{annotations}\nSELECT 1 AS id", config);
        Assert.Equal($"Merged config.yaml and source annotations ({keys})", EffectiveConfig.OriginOf(run));
        var settings = EffectiveConfig.Of(run);
        var parts = expected.Split('|');
        Assert.Equal(parts[0], settings["merge_strategy"]);
        Assert.All(parts[1..], part => Assert.Equal(part.Split('=')[1], settings[part.Split('=')[0]]));
    }

    [Theory]
    [InlineData("row 20", "description: kept\nmerge_strategy: full_refresh", "-- @merge_strategy: append_only\n", 2)]
    [InlineData("row 21", "merge_strategy: append_only", "-- @description: mine\n", 2)]
    [InlineData("clause 3.4", "merge_strategy: append_only", "", 2)]
    [InlineData("clause 3.4", "merge_strategy: append_only", "-- @merge_strategy: full_refresh\n", 1)]
    [InlineData("row 22", null, "", 1)]
    public async Task The_merged_strategy_is_the_one_that_writes(string row, string? config, string annotations, int rowsAfterTwoRuns)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", $"{annotations}SELECT 1 AS x", config)).ExpectSuccess();
        Assert.Equal(config is null && annotations.Length == 0, EffectiveConfig.OriginOf(run) is null);
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal($"{rowsAfterTwoRuns}", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    private async Task FailsAsync(TestPlatform platform, EndedRun run, string fragments)
    {
        var error = run.ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        server.AssertNothingLocal(error);
        Assert.DoesNotContain(run.Messages, message => message.StartsWith("Executing", StringComparison.Ordinal));
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));
        Assert.Single(server.DataFiles(platform.Namespace));
    }
}
