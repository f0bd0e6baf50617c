namespace Rat.Tests.Rows;

/// <summary>Annotations at the head of a source (engine.md 3.1). They are seen in the run's log and in what a second run does to the table:
/// append_only doubles its one row.</summary>
public class AnnotationRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 1", "-- @description: a\n-- @merge_strategy: append_only\nSELECT 1 AS x", "description, merge_strategy", 2)]
    [InlineData("row 2", "SELECT 1 AS x\n-- @merge_strategy: append_only", null, 1)]
    [InlineData("row 2", "-- @description: a\nSELECT 1 AS x\n-- @merge_strategy: append_only\n", "description", 1)]
    [InlineData("row 3", "# @description: a\n\n# @merge_strategy: append_only\n\nSELECT 1 AS x", "description, merge_strategy", 2)]
    [InlineData("row 4", "-- @description: a\n/* a block */\n-- @merge_strategy: append_only\nSELECT 1 AS x", "description", 1)]
    [InlineData("row 4", "/* @merge_strategy: append_only */\nSELECT 1 AS x", null, 1)]
    [InlineData("row 5", "-- @description: a\n-- of orders\n--\n\n-- @merge_strategy: append_only\nSELECT 1 AS x", "description, merge_strategy", 2)]
    [InlineData("row 6", "-- @Merge_Strategy: append_only\nSELECT 1 AS x", "merge_strategy", 2)]
    [InlineData("row 6", "-- @MERGE_STRATEGY: append_only\nSELECT 1 AS x", "merge_strategy", 2)]
    [InlineData("row 7", "SELECT 1 AS x", null, 1)]
    [InlineData("row 7", "-- a comment\n\nSELECT 1 AS x", null, 1)]
    [InlineData("row 8", "-- @merge_strategy: full_refresh\n-- @merge_strategy: append_only\nSELECT 1 AS x", "merge_strategy", 2)]
    [InlineData("row 8", "-- @merge_strategy: append_only\n-- @merge_strategy: full_refresh\nSELECT 1 AS x", "merge_strategy", 1)]
    [InlineData("clause 3.1", "   --@merge_strategy:append_only  \nSELECT 1 AS x", "merge_strategy", 2)]
    [InlineData("clause 3.1", "-- @merge_strategy: append_only\r\nSELECT 1 AS x\r\n", "merge_strategy", 2)]
    [InlineData("clause 3.1", "\uFEFF-- @merge_strategy: append_only\nSELECT 1 AS x", "merge_strategy", 2)]
    [InlineData("clause 3.1", "-- @merge_strategy :append_only\nSELECT 1 AS x", null, 1)]
    [InlineData("clause 3.1", "-- @merge_strategy:\n-- @description: a\nSELECT 1 AS x", "description", 1)]
    [InlineData("clause 3.1", "{# a note #}\n-- @merge_strategy: append_only\nSELECT 1 AS x", null, 1)]
    [InlineData("clause 3.1", "{% set n = 1 %}\n-- @merge_strategy: append_only\nSELECT {{ n }} AS x", null, 1)]
    public async Task A_header_is_read_up_to_its_first_other_line(string row, string source, string? keys, int rowsAfterTwoRuns)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", source)).ExpectSuccess();
        Assert.Equal(keys is null ? null : $"Loaded config from source annotations ({keys})", EffectiveConfig.OriginOf(run));
        Assert.Empty(run.At("warn"));
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal($"{rowsAfterTwoRuns}", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 4", "-- @description: a\n\"\"\"\nof orders\n\"\"\"\n-- @merge_strategy: append_only\nSELECT 1 AS x")]
    public async Task A_docstring_ends_the_header(string row, string source)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", source);
        // No SQL has docstrings, so the run fails after its configuration was loaded.
        server.AssertNothingLocal(run.ExpectFailure());
        Assert.Equal("Loaded config from source annotations (description)", EffectiveConfig.OriginOf(run));
    }

    [Theory]
    [InlineData("row 7", "")]
    [InlineData("row 7", "\n \n")]
    public async Task An_empty_source_has_no_annotations_and_makes_no_table(string row, string source)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = await platform.RunSqlAsync("p", source);
        Assert.NotEmpty(run.ExpectFailure());
        Assert.Null(EffectiveConfig.OriginOf(run));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("row 9", "-- @unique_key: id, updated_at", "unique_key", "id, updated_at")]
    [InlineData("row 9", "-- @unique_key:   id ,, updated_at ,", "unique_key", "id, updated_at")]
    [InlineData("row 9", "-- @unique_key: id", "unique_key", "id")]
    [InlineData("row 10", "-- @archive_landing_zones: TRUE", "archive_landing_zones", "true")]
    [InlineData("row 10", "-- @archive_landing_zones: true", "archive_landing_zones", "true")]
    [InlineData("row 10", "-- @archive_landing_zones: yes", "archive_landing_zones", "false")]
    [InlineData("row 10", "-- @archive_landing_zones: 1", "archive_landing_zones", "false")]
    public async Task A_value_is_read_by_its_kind__seen_in_the_logged_configuration(string row, string annotation, string key, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", $"{annotation}\nSELECT 1 AS x")).ExpectSuccess();
        Assert.Equal(expected, EffectiveConfig.Of(run)[key]);
    }

    [Theory]
    [InlineData("row 10", "TRUE", false)]
    [InlineData("row 10", "yes", true)]
    public async Task Only_true_consumes_the_files_of_a_landing_zone(string row, string value, bool readAgain)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("drop", "a.csv", "x\n7\n");
        var source = $"-- @archive_landing_zones: {value}\nSELECT * FROM read_csv_auto('{{{{ landing_zone('drop') }}}}')";
        (await platform.RunSqlAsync("p", source)).ExpectSuccess();
        var second = await platform.RunAsync("p");
        if (readAgain)
            second.ExpectSuccess();
        else
            server.AssertNothingLocal(second.ExpectFailure());
        Assert.Equal("7", await platform.CellAsync("SELECT x FROM bronze.p"));
    }
}
