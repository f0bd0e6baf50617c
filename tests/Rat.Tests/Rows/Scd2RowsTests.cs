using System.Globalization;

namespace Rat.Tests.Rows;

/// <summary>Versions of rows (engine.md 4.6.5).</summary>
public class Scd2RowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string Config = "merge_strategy: scd2\nunique_key: [id]";
    private const string Two = "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) AS t(id, v)";

    [Theory]
    [InlineData("row 78")]
    public async Task The_first_run_opens_a_version_of_every_row_at_its_start(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var run = (await platform.RunSqlAsync("p", "SELECT 1 AS id, 'a' AS v, '{{ run_started_at }}' AS started", Config)).ExpectSuccess();
        Assert.Equal(1, run.Rows);
        var cells = Assert.Single(await platform.RowsAsync("SELECT * FROM bronze.p"))!.AsObject();
        Assert.Equal(["id", "v", "started", "valid_from", "valid_to"], cells.Select(cell => cell.Key));
        Assert.Null(cells["valid_to"]);
        Assert.Equal(Time((string)cells["started"]!), Time((string)cells["valid_from"]!));
        Assert.Equal("\"TIMESTAMP WITH TIME ZONE, TIMESTAMP WITH TIME ZONE\"",
            await platform.CellAsync("SELECT typeof(valid_from) || ', ' || typeof(valid_to) FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 79", Two, "SELECT * FROM (VALUES (1, 'a'), (2, 'B')) AS t(id, v)", "1 a open;2 B open;2 b closed")]
    [InlineData("row 82", "SELECT 1 AS id, NULL::VARCHAR AS v", "SELECT 1 AS id, 'x' AS v", "1  closed;1 x open")]
    [InlineData("row 82", "SELECT 1 AS id, 'x' AS v", "SELECT 1 AS id, NULL::VARCHAR AS v", "1  open;1 x closed")]
    [InlineData("row 83", Two, "SELECT 1 AS id, 'A' AS v", "1 A open;1 a closed;2 b open")]
    [InlineData("clause 4.6.5", Two, "SELECT 3 AS id, 'c' AS v", "1 a open;2 b open;3 c open")]
    // The last row of a key counts, on the first run too.
    [InlineData("clause 4.6.5", "SELECT unnest([1, 1]) AS id, unnest(['z', 'a']) AS v", "SELECT unnest([1, 1]) AS id, unnest(['b', 'c']) AS v", "1 a closed;1 c open")]
    [InlineData("clause 4.6.5", "SELECT NULL::INTEGER AS id, 'a' AS v", "SELECT NULL::INTEGER AS id, 'b' AS v", " a closed; b open")]
    public async Task A_changed_row_closes_its_version_and_opens_one_at_the_same_instant(string row, string first, string second, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first, Config)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", second, Config)).ExpectSuccess();
        await ExpectAsync(platform, expected);
        Assert.Equal(expected.Split(';').Length, run.Rows);
        // Every version that is closed ends where another of its key begins.
        Assert.Equal("0", await platform.CellAsync("""
            SELECT count(*) FROM bronze.p a WHERE valid_to IS NOT NULL AND
                (SELECT count(*) FROM bronze.p b WHERE b.id IS NOT DISTINCT FROM a.id AND b.valid_from = a.valid_to AND b.valid_from > a.valid_from) <> 1
            """));

        // Again the same.
        var before = await platform.StateAsync("p");
        Assert.Equal(expected.Split(';').Length, (await platform.RunSqlAsync("p", second, Config)).ExpectSuccess().Rows);
        Assert.Equal(before, await platform.StateAsync("p"));
    }

    [Theory]
    [InlineData("row 80")]
    public async Task Equal_data_writes_nothing_and_counts_the_table(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", Two, Config)).ExpectSuccess();
        var before = await platform.StateAsync("p");
        var files = server.DataFiles(platform.Namespace);
        var run = (await platform.RunSqlAsync("p", Two, Config)).ExpectSuccess();
        Assert.Equal(2, run.Rows);
        Assert.Equal(before, await platform.StateAsync("p"));
        Assert.Equal(files, server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("row 81", "merge_strategy: scd2\nunique_key: [id]\nscd_valid_from: 'from date'\nscd_valid_to: to", "")]
    [InlineData("row 81", null, "-- @merge_strategy: scd2\n-- @unique_key: id\n-- @scd_valid_from: from date\n-- @scd_valid_to: to\n")]
    public async Task The_columns_can_have_other_names(string row, string? config, string annotations)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", $"{annotations}SELECT 1 AS id, 'a' AS v", config)).ExpectSuccess();
        (await platform.RunSqlAsync("p", $"{annotations}SELECT 1 AS id, 'b' AS v", config)).ExpectSuccess();
        Assert.Equal("[{\"v\":\"a\"},{\"v\":\"b\"}]", (await platform.RowsAsync("SELECT v FROM bronze.p ORDER BY \"from date\"")).ToJsonString());
        Assert.Equal("\"b\"", await platform.CellAsync("SELECT v FROM bronze.p WHERE \"to\" IS NULL"));
        Assert.Equal(4, (await platform.TableAsync("p")).Expect(200)["columns"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("clause 4.6.5", Config, "SELECT 1 AS id, now() AS valid_from", "scd_valid_from|\"valid_from\"")]
    [InlineData("clause 4.6.5", Config, "SELECT 1 AS id, 2 AS \"VALID_TO\"", "scd_valid_to|\"valid_to\"")]
    [InlineData("clause 4.6.5", "merge_strategy: scd2\nunique_key: [id]\nscd_valid_from: x\nscd_valid_to: X", "SELECT 1 AS id", "scd_valid_from|scd_valid_to")]
    public async Task A_result_with_one_of_its_columns_fails_on_every_run(string row, string config, string second, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        var first = (await platform.RunSqlAsync("p", second, config)).ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, first, StringComparison.Ordinal));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
        (await platform.RunSqlAsync("p", "SELECT 1 AS id", Config)).ExpectSuccess();
        var before = await platform.StateAsync("p");
        Assert.Equal(first, (await platform.RunSqlAsync("p", second, config)).ExpectFailure());
        Assert.Equal(before, await platform.StateAsync("p"));
    }

    [Theory]
    // A column of the result alone is a change where it isn't NULL.
    [InlineData("clause 4.6.5", Two, "SELECT * FROM (VALUES (1, 'a', 7), (2, 'b', NULL)) AS t(id, v, w)", "1 a closed;1 a open;2 b open")]
    // One of the table alone is not compared, and NULL in new versions.
    [InlineData("clause 4.6.5", "SELECT * FROM (VALUES (1, 'a', 7), (2, 'b', 8)) AS t(id, v, w)", "SELECT * FROM (VALUES (1, 'a'), (2, 'B')) AS t(id, v)",
        "1 a open;2 B open;2 b closed")]
    // Compared by the common type.
    [InlineData("clause 4.6.5", "SELECT 1 AS id, 'a' AS v, 5 AS w", "SELECT 1 AS id, 'a' AS v, 5::BIGINT AS w", "1 a open")]
    public async Task Columns_that_one_side_lacks(string row, string first, string second, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first, Config)).ExpectSuccess();
        (await platform.RunSqlAsync("p", second, Config)).ExpectSuccess();
        await ExpectAsync(platform, expected);
        Assert.Equal("0", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE v = 'B' AND w IS NOT NULL"));
        var before = await platform.StateAsync("p");
        (await platform.RunSqlAsync("p", second, Config)).ExpectSuccess();
        Assert.Equal(before, await platform.StateAsync("p"));
    }

    [Theory]
    [InlineData("clause 4.6.5")]
    public async Task A_table_of_another_strategy_becomes_one_of_open_versions(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", Two)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", "SELECT 2 AS id, 'B' AS v", Config)).ExpectSuccess();
        await ExpectAsync(platform, "1 a open;2 B open;2 b closed");
        Assert.Contains("Column \"valid_to\" TIMESTAMP WITH TIME ZONE is added: NULL in the rows before", run.At("info"));
    }

    private static async Task ExpectAsync(Contract.TestPlatform platform, string expected)
    {
        var rows = await platform.RowsAsync("SELECT concat(id, ' ', v, CASE WHEN valid_to IS NULL THEN ' open' ELSE ' closed' END) AS t FROM bronze.p");
        Assert.Equal(expected, string.Join(';', rows.Select(cells => (string)cells!["t"]!).Order(StringComparer.Ordinal)));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
