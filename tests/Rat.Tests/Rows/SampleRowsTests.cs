using Rat.Tests.Kept;
namespace Rat.Tests.Rows;

/// <summary>The space launches of the tutorial, from CSV files to the gold table.</summary>
public class SampleRowsTests(SampleProject sample) : IClassFixture<SampleProject>
{
    private const string RawLaunches = """
        SELECT * FROM (VALUES
            (1, 'Starlink 4-36', DATE '2022-10-20', 'success'),
            (2, 'Crew-5', DATE '2022-10-05', 'success'),
            (3, 'Luna-25', DATE '2023-08-10', 'failure'),
            (4, 'Starship IFT-2', DATE '2023-11-18', 'partial_failure'),
            (5, 'Psyche', DATE '2023-10-13', 'success')
        ) AS launches(launch_id, mission, launch_date, outcome)
        """;

    [Theory]
    [InlineData("row 152", "SELECT outcome, count(*) AS n FROM bronze.raw_launches GROUP BY outcome ORDER BY n DESC, outcome",
        """[{"outcome":"success","n":3},{"outcome":"failure","n":1},{"outcome":"partial_failure","n":1}]""")]
    [InlineData("row 152", "SELECT count(*) AS n FROM bronze.raw_launches", """[{"n":5}]""")]
    [InlineData("row 153", "SELECT count(*) AS n, max(launch_date) AS last FROM bronze.mission_log", """[{"n":25,"last":"2024-12-05"}]""")]
    [InlineData("row 153", "SELECT country, count(*) AS n FROM bronze.mission_log GROUP BY country ORDER BY n DESC, country",
        """[{"country":"USA","n":17},{"country":"France","n":3},{"country":"India","n":3},{"country":"Japan","n":1},{"country":"Russia","n":1}]""")]
    [InlineData("row 154", "SELECT count(*) AS n, count(*) FILTER (WHERE active) AS active, max(height_m) AS tallest FROM bronze.rocket_registry",
        """[{"n":11,"active":10,"tallest":121}]""")]
    [InlineData("row 155", "SELECT count(*) AS n, count(manufacturer) AS matched FROM silver.enriched_launches", """[{"n":25,"matched":25}]""")]
    [InlineData("row 155", "SELECT vehicle, manufacturer, vehicle_height_m FROM silver.enriched_launches WHERE launch_id = 'L024'",
        """[{"vehicle":"Ariane 6","manufacturer":"ArianeGroup","vehicle_height_m":56}]""")]
    [InlineData("row 159", "SELECT country, launch_year, total_launches, total_payload_kg FROM gold.launch_summary ORDER BY ALL", """
        [{"country":"France","launch_year":2023,"total_launches":2,"total_payload_kg":7950},
        {"country":"France","launch_year":2024,"total_launches":1,"total_payload_kg":11500},
        {"country":"India","launch_year":2023,"total_launches":2,"total_payload_kg":8600},
        {"country":"India","launch_year":2024,"total_launches":1,"total_payload_kg":550},
        {"country":"Japan","launch_year":2023,"total_launches":1,"total_payload_kg":700},
        {"country":"Russia","launch_year":2023,"total_launches":1,"total_payload_kg":1750},
        {"country":"USA","launch_year":2023,"total_launches":9,"total_payload_kg":69223},
        {"country":"USA","launch_year":2024,"total_launches":8,"total_payload_kg":38483}]
        """)]
    public async Task The_tables_say_what_the_files_say(string row, string sql, string expected)
    {
        if (row == "row 152")
            Assert.Equal(5, (await sample.Platform.RunSqlAsync("raw_launches", RawLaunches)).ExpectSuccess().Rows);
        var rows = (await sample.Platform.RowsAsync(sql)).ToJsonString();
        Assert.Equal(expected.Replace("\n", "", StringComparison.Ordinal), rows);
    }

    [Theory]
    [InlineData("row 153", "bronze", "mission_log", "launch_date", "DATE")]
    [InlineData("row 154", "bronze", "rocket_registry", "active", "BOOLEAN")]
    [InlineData("row 154", "bronze", "rocket_registry", "height_m", "DOUBLE")]
    public async Task A_column_of_a_CSV_file_has_its_type(string row, string layer, string table, string column, string type)
    {
        var columns = (await sample.Platform.TableAsync(table, layer)).Expect(200)["columns"]!.AsArray();
        Assert.Equal(type, (string)columns.Single(entry => (string)entry!["name"]! == column)!["type"]!);
        Assert.NotEmpty(row);
    }

    [Theory]
    [InlineData("row 153", "mission_log", 25)]
    [InlineData("row 154", "rocket_registry", 11)]
    [InlineData("row 155", "enriched_launches", 25)]
    [InlineData("row 159", "launch_summary", 8)]
    public void Each_run_succeeds_and_reports_its_rows(string row, string pipeline, int rows)
    {
        Assert.Equal(rows, sample.Runs[pipeline].ExpectSuccess().Rows);
        Assert.Empty(sample.Runs[pipeline].At("warn"));
        Assert.NotEmpty(row);
    }

    [Theory]
    [InlineData("row 157")]
    public async Task Two_tests_through_a_self_ref_pass(string row)
    {
        await sample.Platform.PutTestAsync("mission_log", "launch_ids_present", """
            -- @severity: error
            -- @description: Every launch has an id
            SELECT * FROM {{ ref('bronze.mission_log') }} WHERE launch_id IS NULL
            """);
        await sample.Platform.PutTestAsync("mission_log", "launch_ids_unique", """
            -- @severity: error
            SELECT launch_id, count(*) AS n FROM {{ ref('bronze.mission_log') }} GROUP BY launch_id HAVING count(*) > 1
            """);
        var run = (await sample.Platform.RunAsync("mission_log")).ExpectSuccess();
        Assert.Equal(25, run.Rows);
        Assert.Equal(2, run.At("info").Count(message => message.Contains(": pass (0 rows, ", StringComparison.Ordinal)));
        Assert.Contains("Quality tests: 2 passed, 0 failed, 0 errored", run.Messages);
        Assert.NotEmpty(row);
    }

    [Theory]
    [InlineData("clause 2")]
    public async Task A_moved_data_directory_gives_the_same_rows_and_goes_on(string row)
    {
        var before = await EverythingAsync();
        await sample.MoveAsync();
        Assert.Equal(before, await EverythingAsync());
        (await sample.Platform.RunAsync("mission_log")).ExpectSuccess();
        Assert.Equal(before, await EverythingAsync());
        var address = (string)(await sample.Platform.TableAsync("mission_log")).Expect(200)["metadata_location"]!;
        var files = KeptFiles.Of(sample.DataDirectory);
        Assert.NotEmpty(files.Read(files.NameOf(address)));
        Assert.True(files.AddressOf(files.NameOf(address)) == address, $"{row}: {address}");
    }

    private async Task<string> EverythingAsync()
    {
        string[] tables = ["bronze.mission_log", "bronze.rocket_registry", "silver.enriched_launches", "gold.launch_summary"];
        var rows = await Task.WhenAll(tables.Select(table => sample.Platform.RowsAsync($"SELECT * FROM {table} ORDER BY ALL")));
        return string.Join('\n', rows.Select(table => table.ToJsonString()));
    }
}
