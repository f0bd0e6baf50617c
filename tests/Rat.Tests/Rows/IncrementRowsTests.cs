namespace Rat.Tests.Rows;

/// <summary>Templates that ask for new rows only (engine.md 2.5, 2.7).</summary>
public class IncrementRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string Config = "merge_strategy: incremental\nunique_key: [id]\nwatermark_column: seen";

    private const string Source = """
        SELECT id, seen FROM {{ ref('bronze.events') }}
        {% if is_incremental() %}
        WHERE seen > '{{ watermark_value }}'
        {% endif %}
        """;

    [Theory]
    [InlineData("row 40")]
    public async Task The_first_run_has_no_filter_and_loads_everything(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("events", "SELECT unnest([1, 2]) AS id, DATE '2024-01-01' + id AS seen")).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", Source, Config)).ExpectSuccess();
        Assert.DoesNotContain("WHERE", run.CompiledSql, StringComparison.Ordinal);
        Assert.DoesNotContain("None", run.CompiledSql, StringComparison.Ordinal);
        Assert.Equal(2, run.Rows);
        Assert.Equal(
            ["Reading watermark for column 'seen'", "No watermark found (first run or empty table)", "Compiling template"],
            run.At("info").SkipWhile(line => !line.StartsWith("Reading", StringComparison.Ordinal)).Take(3));
    }

    [Theory]
    [InlineData("row 41")]
    public async Task The_next_run_asks_for_what_is_later_than_the_greatest_value(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("events", "SELECT unnest([1, 2]) AS id, DATE '2024-01-01' + id AS seen")).ExpectSuccess();
        (await platform.RunSqlAsync("p", Source, Config)).ExpectSuccess();
        (await platform.RunSqlAsync("events", "SELECT unnest([1, 2, 5]) AS id, DATE '2024-01-01' + id AS seen")).ExpectSuccess();
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Contains("WHERE seen > '2024-01-03'", run.CompiledSql, StringComparison.Ordinal);
        Assert.Contains("Watermark: 2024-01-03", run.At("info"));
        Assert.Contains("Query returned 1 rows", run.At("info"));
        Assert.Equal(3, run.Rows);
        // Nothing new: nothing written, and the rows stay.
        var idle = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal(0, idle.Rows);
        Assert.Equal("3", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 42", "DATE '2024-01-02'", "2024-01-02")]
    [InlineData("row 42", "TIMESTAMP '2024-01-02 03:04:05'", "2024-01-02 03:04:05")]
    [InlineData("row 42", "TIMESTAMP '2024-01-02 03:04:05.123'", "2024-01-02 03:04:05.123")]
    [InlineData("row 42", "TIMESTAMPTZ '2024-01-02 03:04:05+02'", "2024-01-02 01:04:05+00")]
    [InlineData("row 42", "5000000000", "5000000000")]
    [InlineData("row 42", "2.00::DECIMAL(10,2)", "2.00")]
    [InlineData("row 42", "1e20::DOUBLE", "1e+20")]
    [InlineData("row 42", "'NaN'::DOUBLE", "nan")]
    [InlineData("row 42", "'it''s text'", "it's text")]
    [InlineData("row 42", "NULL::DATE", null)]
    public async Task The_watermark_is_DuckDBs_text_of_the_value(string row, string value, string? expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", $"SELECT 1 AS id, {value} AS seen", Config)).ExpectSuccess();
        const string Shown = "SELECT 2 AS id, $${% if watermark_value is none %}none{% else %}{{ watermark_value }}{% endif %}$$ AS shown";
        foreach (var strategy in (string[])["incremental", "delete_insert"])
        {
            (await platform.RunSqlAsync("p", Shown, Config.Replace("incremental", strategy, StringComparison.Ordinal))).ExpectSuccess();
            Assert.Equal(expected ?? "none", (string)(await platform.RowsAsync("SELECT shown FROM bronze.p WHERE id = 2"))[0]!["shown"]!);
        }

        // Other strategies have none.
        (await platform.RunSqlAsync("p", Shown, "merge_strategy: append_only\nwatermark_column: seen")).ExpectSuccess();
        Assert.Equal("2", await platform.CellAsync($"SELECT count(*) FROM bronze.p WHERE id = 2 AND shown IN ('none', $${expected ?? "none"}$$)"));
    }

    [Theory]
    [InlineData("clause 2.7")]
    public async Task A_watermark_column_that_the_table_lacks_fails_the_run(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id")).ExpectSuccess();
        var error = (await platform.RunSqlAsync("p", "SELECT 1 AS id", Config)).ExpectFailure();
        Assert.Contains("watermark_column", error, StringComparison.Ordinal);
        Assert.Contains("\"seen\"", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clause 2.5", "SELECT 1 AS id", true)]
    [InlineData("clause 2.5", "SELECT 1 AS id WHERE false", false)]
    public async Task A_run_is_incremental_once_the_table_has_a_row(string row, string first, bool expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", "SELECT {{ 2 if is_incremental() else 3 }} AS id", "merge_strategy: incremental\nunique_key: id")).ExpectSuccess();
        Assert.Equal(expected ? "SELECT 2 AS id" : "SELECT 3 AS id", run.CompiledSql);
    }

    [Theory]
    [InlineData("clause 2.5")]
    public async Task A_preview_filters_as_the_next_run_will(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("events", "SELECT unnest([1, 2]) AS id, DATE '2024-01-01' + id AS seen")).ExpectSuccess();
        (await platform.RunSqlAsync("p", Source, Config)).ExpectSuccess();
        (await platform.RunSqlAsync("events", "SELECT unnest([1, 2, 5]) AS id, DATE '2024-01-01' + id AS seen")).ExpectSuccess();
        var preview = (await platform.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/preview", new { })).Expect(200);
        Assert.Equal("[{\"id\":5,\"seen\":\"2024-01-06\"}]", preview["rows"]!.ToJsonString());
    }
}
