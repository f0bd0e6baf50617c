namespace Rat.Tests.Rows;

/// <summary>What full_refresh and append_only leave in the table (engine.md 4.3, 4.6, 4.7).</summary>
public class WriteRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 65", "SELECT unnest([1, 2, 3]) AS id", "SELECT unnest([3, 4]) AS id", """[{"id":3},{"id":4}]""")]
    [InlineData("row 65", "SELECT 1 AS id", "SELECT unnest([1, 1]) AS id", """[{"id":1},{"id":1}]""")]
    public async Task Full_refresh_keeps_the_new_rows_only(string row, string first, string second, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", second, "merge_strategy: full_refresh")).ExpectSuccess();
        Assert.Equal(2, run.Rows);
        await platform.ExpectTableAsync("p", "id INTEGER", expected);
    }

    [Theory]
    [InlineData("row 66", "SELECT 1 AS a", "SELECT 2 AS a, 'x' AS b", "a INTEGER, b VARCHAR", """[{"a":2,"b":"x"}]""")]
    [InlineData("row 66", "SELECT 1 AS a, 'x' AS b", "SELECT 'y' AS b", "b VARCHAR", """[{"b":"y"}]""")]
    [InlineData("row 66", "SELECT 1 AS a", "SELECT 'x' AS a", "a VARCHAR", """[{"a":"x"}]""")]
    [InlineData("row 66", "SELECT 1 AS a", "SELECT 5000000000 AS a", "a BIGINT", """[{"a":5000000000}]""")]
    [InlineData("row 66", "SELECT 5000000000 AS a", "SELECT 1::INTEGER AS a", "a INTEGER", """[{"a":1}]""")]
    [InlineData("row 66", "SELECT [1] AS a", "SELECT {'k': DATE '2024-01-02'} AS a", "a STRUCT(k DATE)", """[{"a":{"k":"2024-01-02"}}]""")]
    [InlineData("clause 8.5", "SELECT 1 AS a", "SELECT {'select': 1, 'B c': 2} AS a", "a STRUCT(\"select\" INTEGER, \"B c\" INTEGER)",
        """[{"a":{"select":1,"B c":2}}]""")]
    [InlineData("row 66", "SELECT 1 AS a, 2 AS b", "SELECT 3 AS b, 4 AS a", "b INTEGER, a INTEGER", """[{"b":3,"a":4}]""")]
    [InlineData("row 66", "SELECT 1 AS a", "SELECT 2 AS \"order\", 3 AS \"a b\"", "order INTEGER, a b INTEGER", """[{"order":2,"a b":3}]""")]
    public async Task Full_refresh_takes_the_new_columns(string row, string first, string second, string columns, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first)).ExpectSuccess();
        Assert.Equal(1, (await platform.RunSqlAsync("p", second)).ExpectSuccess().Rows);
        await platform.ExpectTableAsync("p", columns, expected);
    }

    [Theory]
    [InlineData("row 74", "-- @merge_strategy: append_only\n", null)]
    [InlineData("row 74", "", "merge_strategy: append_only\nunique_key: [id]")]
    public async Task Append_only_adds_and_reports_what_it_added(string row, string annotation, string? config)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", $"{annotation}SELECT unnest([1, 2]) AS id", config)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", $"{annotation}SELECT unnest([2, 3]) AS id", config)).ExpectSuccess();
        Assert.Equal(2, run.Rows);
        Assert.Equal(2, (long)(await platform.RunOfAsync(run.Id))["rows_written"]!);
        await platform.ExpectTableAsync("p", "id INTEGER", """[{"id":1},{"id":2},{"id":2},{"id":3}]""");
    }
}
