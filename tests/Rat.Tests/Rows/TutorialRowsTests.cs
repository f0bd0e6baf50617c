using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>The tutorial's later parts: incremental loads, a gold table with its gate.</summary>
public class TutorialRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string Launches = "SELECT * FROM read_csv_auto('{{ landing_zone(\"launch-data\") }}')";
    private const string Incremental = "-- @merge_strategy: incremental\n-- @unique_key: launch_id\n-- @watermark_column: launch_date\n" + Launches;
    private const string Later = "\n{% if is_incremental() and watermark_value %}\nWHERE launch_date > '{{ watermark_value }}'\n{% endif %}";

    [Theory]
    [InlineData("row 156")]
    public async Task An_incremental_run_without_new_launches_reads_none_and_keeps_all(string row)
    {
        var platform = await LandedAsync(row);
        Assert.Equal(25, (await platform.RunSqlAsync("mission_log", Launches)).ExpectSuccess().Rows);
        var run = (await platform.RunSqlAsync("mission_log", Incremental + Later)).ExpectSuccess();
        Assert.Equal(0, run.Rows);
        Assert.Contains(run.At("info"), message => message.Contains("2024-12-05", StringComparison.Ordinal));
        Assert.Contains("WHERE launch_date > '2024-12-05'", run.CompiledSql, StringComparison.Ordinal);
        Assert.Equal("25", await platform.CellAsync("SELECT count(*)::INTEGER AS n FROM bronze.mission_log"));
    }

    [Theory]
    [InlineData("row 160", Later, 0)]
    [InlineData("row 160", "", 25)]
    public async Task The_same_file_once_more_changes_nothing(string row, string filter, int rows)
    {
        var platform = await LandedAsync(row);
        Assert.Equal(25, (await platform.RunSqlAsync("mission_log", Incremental + filter)).ExpectSuccess().Rows);
        var before = (await platform.RowsAsync("SELECT * FROM bronze.mission_log ORDER BY launch_id")).ToJsonString();
        await UploadAsync(platform, "launch-data", "space_launches.csv");
        Assert.Equal(rows, (await platform.RunAsync("mission_log")).ExpectSuccess().Rows);
        Assert.Equal(before, (await platform.RowsAsync("SELECT * FROM bronze.mission_log ORDER BY launch_id")).ToJsonString());
        Assert.Equal("[25,25]", await platform.CellAsync("SELECT [count(*), count(DISTINCT launch_id)]::INTEGER[] AS n FROM bronze.mission_log"));
    }

    [Theory]
    [InlineData("row 158")]
    public async Task Statistics_of_the_vehicles_pass_their_gate(string row)
    {
        var platform = await LandedAsync(row);
        await UploadAsync(platform, "vehicle-data", "launch_vehicles.csv");
        (await platform.RunSqlAsync("mission_log", Launches)).ExpectSuccess();
        (await platform.RunSqlAsync("rocket_registry", "SELECT * FROM read_csv_auto('{{ landing_zone(\"vehicle-data\") }}')")).ExpectSuccess();
        await platform.PutPipelineAsync("launch_vehicle_stats", """
            SELECT
                r.vehicle_name AS vehicle,
                count(m.launch_id) AS total_launches,
                round(100.0 * count(*) FILTER (WHERE m.outcome = 'success') / count(m.launch_id), 1) AS success_rate_pct,
                sum(m.payload_mass_kg) AS total_payload_kg
            FROM {{ ref('bronze.rocket_registry') }} AS r
            LEFT JOIN {{ ref('bronze.mission_log') }} AS m ON m.vehicle = r.vehicle_name
            GROUP BY ALL
            """, layer: "gold");
        await platform.PutTestAsync("launch_vehicle_stats", "rates_are_percentages",
            "-- @severity: error\nSELECT * FROM {{ this }} WHERE success_rate_pct NOT BETWEEN 0 AND 100", "gold");
        var run = (await platform.RunAsync("launch_vehicle_stats", "gold")).ExpectSuccess();
        Assert.Equal(11, run.Rows);
        Assert.Contains("Quality tests: 1 passed, 0 failed, 0 errored", run.Messages);
        Assert.Equal(
            """[{"vehicle":"Falcon 9","total_launches":11,"success_rate_pct":100,"total_payload_kg":92633},{"vehicle":"Starship","total_launches":3,"success_rate_pct":33.3,"total_payload_kg":0}]""",
            (await platform.RowsAsync("FROM gold.launch_vehicle_stats WHERE vehicle IN ('Falcon 9', 'Starship') ORDER BY vehicle")).ToJsonString());
    }

    private async Task<TestPlatform> LandedAsync(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await UploadAsync(platform, "launch-data", "space_launches.csv");
        return platform;
    }

    private static async Task UploadAsync(TestPlatform platform, string zone, string file) => await platform.UploadAsync(
        zone, file, await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "space-launches", "landing", zone, file)));
}
