using System.Text.Json.Nodes;
using Rat.Tests.Contract;
using Rat.Tests.Http;
using Rat.Tests.Kept;

namespace Rat.Tests.Rows;

/// <summary>Landing files that a run has read for good (engine.md 4.8).</summary>
public class ArchiveRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string Append = "merge_strategy: append_only\narchive_landing_zones: true\n";
    private const string ReadZone = "SELECT x FROM read_csv('{{ landing_zone('z') }}', header = true)";
    private const string Work = "(SELECT sum(i % 7) AS work FROM range(150000000) AS t(i))";

    [Theory]
    [InlineData("row 92", ReadZone, Append)]
    [InlineData("row 92", "-- @archive_landing_zones: true\n" + ReadZone, null)]
    [InlineData("row 92", "{% set zone = 'z' %}SELECT x FROM read_csv('{{ landing_zone(zone) }}/*.csv', header = true)", Append)]
    public async Task Files_that_were_read_move_into_the_folder_of_their_run(string row, string sql, string? config)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        await platform.UploadAsync("z", "b.csv", "x\n2\n");
        var uploaded = await FileNamesAsync(platform);
        var run = (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();

        Assert.Contains($"Archived 2 files from landing zone '{platform.Namespace}/z'", run.At("info"));
        Assert.Equal("Duration", run.Messages[^1].Split(':')[0]);
        Assert.Empty(await FileNamesAsync(platform));
        Assert.Equal(uploaded.Select(name => $"{platform.Namespace}/landing/z/_processed/{run.Id}/{name}"), await ArchiveAsync(platform));
        Assert.Equal("x\n1\n", await ContentAsync(platform, (await ArchiveAsync(platform))[0]));
        Assert.Equal(0, (int)(await ZoneAsync(platform))["file_count"]!);
        // What is in the archive can still be looked at by its name.
        Assert.Equal("3", await platform.CellAsync($"SELECT sum(x)::INTEGER AS n FROM read_csv('s3://rat/{platform.Namespace}/landing/z/_processed/**', header = true)"));
        // Maintenance may have added lines of its own meanwhile.
        Assert.Equal(run.Messages, (await StoredLinesAsync(platform, run.Id)).Take(run.Messages.Count));
        Assert.Equal(2, server.Process.Files.Objects($"{platform.Namespace}/landing/z/").Count);
    }

    [Theory]
    [InlineData("row 92", "SELECT x FROM read_csv('{{ landing_zone('z') }}', header = true) WHERE false", "Archived 1 file from landing zone 'NS/z'")]
    [InlineData("row 92", "SELECT 1 AS x -- {{ landing_zone('z') }}", "No files to archive in landing zone 'NS/z'")]
    public async Task A_run_without_rows_archives_what_it_read_and_nothing_else(string row, string sql, string line)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        var run = (await platform.RunSqlAsync("p", sql, Append)).ExpectSuccess();
        Assert.Contains(line.Replace("NS", platform.Namespace, StringComparison.Ordinal), run.At("info"));
        Assert.Equal(line.StartsWith("Archived", StringComparison.Ordinal) ? 1 : 0, (await ArchiveAsync(platform)).Count);
    }

    [Theory]
    [InlineData("clause 4.8", "SELECT x FROM read_csv('{{ landing_zone('z') }}/*.csv', header = true)", "b.json")]
    [InlineData("clause 4.8", "SELECT x FROM read_csv('s3://rat/NS/landing/z/*.csv', header = true)", "a.csv", "b.json")]
    public async Task Files_that_the_run_did_not_read_through_its_zone_stay(string row, string sql, params string[] kept)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        await platform.UploadAsync("z", "b.json", "[]");
        (await platform.RunSqlAsync("p", sql.Replace("NS", platform.Namespace, StringComparison.Ordinal), Append)).ExpectSuccess();
        Assert.Equal(kept, (await FileNamesAsync(platform)).Select(name => name[16..]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("row 93", "SELECT CAST(x AS DATE) AS x FROM read_csv('{{ landing_zone('z') }}', header = true)")]
    [InlineData("row 93", "SELECT no_such_column FROM read_csv('{{ landing_zone('z') }}', header = true)")]
    public async Task A_failed_run_leaves_the_files_for_the_next(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\nword\n");
        (await platform.RunSqlAsync("p", sql, Append)).ExpectFailure();
        Assert.Single(await FileNamesAsync(platform));
        Assert.Empty(await ArchiveAsync(platform));
        (await platform.RunSqlAsync("p", ReadZone, Append)).ExpectSuccess();
        Assert.Equal("\"word\"", await platform.CellAsync("SELECT x FROM bronze.p"));
        Assert.Single(await ArchiveAsync(platform));
    }

    [Theory]
    [InlineData("row 94")]
    public async Task A_file_that_comes_while_the_run_executes_stays(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "early.csv", "x\n1\n");
        await platform.PutPipelineAsync("p", $"{ReadZone}, {Work} WHERE work > 0", Append);
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Executing SQL via DuckDB");
        await platform.UploadAsync("z", "late.csv", "x\n2\n");
        Assert.Equal(1, (await platform.EndAsync(id)).ExpectSuccess().Rows);
        Assert.EndsWith("late.csv", Assert.Single(await FileNamesAsync(platform)), StringComparison.Ordinal);
        Assert.EndsWith("early.csv", Assert.Single(await ArchiveAsync(platform)), StringComparison.Ordinal);

        Assert.Equal(1, (await platform.RunSqlAsync("p", ReadZone, Append)).ExpectSuccess().Rows);
        Assert.Equal("[1,2]", await platform.CellAsync("SELECT list(x ORDER BY x)::INTEGER[] AS x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 95")]
    public async Task What_was_archived_is_not_read_again(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        (await platform.RunSqlAsync("p", ReadZone, Append)).ExpectSuccess();
        Assert.Contains("not found", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
        await platform.UploadAsync("z", "a.csv", "x\n2\n");
        Assert.Equal(1, (await platform.RunAsync("p")).ExpectSuccess().Rows);
        Assert.Equal("[1,2]", await platform.CellAsync("SELECT list(x ORDER BY x)::INTEGER[] AS x FROM bronze.p"));
        Assert.Equal(2, (await ArchiveAsync(platform)).Count);
    }

    [Theory]
    [InlineData("row 96", ReadZone)]
    [InlineData("row 96", "SELECT x FROM read_csv(['{{ landing_zone('z') }}', 's3://rat/NS/landing/z/_samples/s.csv'], header = true) WHERE x < 100")]
    public async Task Samples_stay_where_they_are(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        (await platform.Client.UploadAsync($"/api/v1/landing-zones/{platform.Namespace}/z/samples", "s.csv", "x\n100\n")).Expect(201);
        (await platform.RunSqlAsync("p", sql.Replace("NS", platform.Namespace, StringComparison.Ordinal), Append)).ExpectSuccess();
        Assert.Equal("1", await platform.CellAsync("SELECT x::INTEGER AS x FROM bronze.p"));
        var samples = (await platform.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z/samples")).Expect(200);
        Assert.Equal(1, (int)samples["total"]!);
        Assert.EndsWith("a.csv", Assert.Single(await ArchiveAsync(platform)), StringComparison.Ordinal);
    }

    [DiskTheory("objects of a bucket are archived by their rows alone: nothing is moved that could fail")]
    [InlineData("row 97")]
    public async Task A_move_that_fails_is_a_warning_and_is_made_up_for(string row)
    {
        var ns = row.Replace(' ', '_');
        var root = Directory.CreateTempSubdirectory("rat-test-");
        var data = Path.Combine(root.FullName, "data");
        var environment = new Dictionary<string, string> { ["RATE_LIMIT"] = "0" };
        try
        {
            TestPlatform platform;
            string runId;
            await using (var rat = await RatProcess.ServeOnAsync(data, environment))
            {
                platform = new TestPlatform(new ContractClient(rat.Client), ns);
                (await platform.Client.PostAsync("/api/v1/namespaces", new { name = ns })).Expect(201);
                await platform.UploadAsync("z", "a.csv", "x\n1\n");
                // The archive's folder can't be made: a file has its name.
                await File.WriteAllTextAsync(Path.Combine(LandingFolder(rat, platform), "_processed"), "in the way");
                var run = (await platform.RunSqlAsync("p", ReadZone, Append)).ExpectSuccess();
                runId = run.Id;
                var warning = Assert.Single(run.At("warn"));
                Assert.StartsWith($"Failed to archive 1 of 1 files from landing zone '{ns}/z'", warning, StringComparison.Ordinal);
                Lake.AssertNothingLocal(rat, warning);
                Assert.Equal("success", (string)(await platform.RunOfAsync(runId))["status"]!);
                // Maintenance may have added lines of its own meanwhile.
                Assert.Equal(run.Messages, (await StoredLinesAsync(platform, runId)).Take(run.Messages.Count));
                // It is still in the list, and still never read again.
                Assert.Single(await FileNamesAsync(platform));
                Assert.Contains("not found", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
                Assert.Equal("1", await platform.CellAsync("SELECT count(*)::INTEGER AS n FROM bronze.p"));
                rat.Signal("KILL");
                await rat.WaitForExitAsync();
                File.Delete(Path.Combine(LandingFolder(rat, platform), "_processed"));
            }

            await using var next = await RatProcess.ServeOnAsync(data, environment);
            platform = new TestPlatform(new ContractClient(next.Client), ns);
            for (var i = 0; i < 100 && (await FileNamesAsync(platform)).Count > 0; i++)
                await Task.Delay(50);
            Assert.Empty(await FileNamesAsync(platform));
            Assert.Equal("x\n1\n", await ContentAsync(platform, Assert.Single(await ArchiveAsync(platform))));
            Assert.Equal($"Archived 1 file from landing zone '{ns}/z'", (await StoredLinesAsync(platform, runId))[^1]);
            Assert.Contains("not found", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("clause 4.8")]
    public async Task A_landing_file_that_was_written_as_a_plain_file_is_consumed_like_an_upload(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutFileAsync("landing/z/day/a.csv", "x\n1\n");
        var run = (await platform.RunSqlAsync("p", ReadZone, Append)).ExpectSuccess();
        Assert.Equal([$"{platform.Namespace}/landing/z/_processed/{run.Id}/day/a.csv"], await ArchiveAsync(platform));
        Assert.Contains("not found", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
        // The same key with other content is another file.
        await platform.PutFileAsync("landing/z/day/a.csv", "x\n2\n");
        Assert.Equal(1, (await platform.RunAsync("p")).ExpectSuccess().Rows);
    }

    private static string LandingFolder(RatProcess rat, TestPlatform platform) =>
        Path.Combine(rat.DataDirectory, "objects", platform.Namespace, "landing", "z");

    private static async Task<JsonNode> ZoneAsync(TestPlatform platform) =>
        (await platform.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z")).Expect(200).Json;

    // Oldest first.
    private static async Task<IReadOnlyList<string>> FileNamesAsync(TestPlatform platform)
    {
        var answer = (await platform.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z/files")).Expect(200);
        return [.. answer["files"]!.AsArray().Select(file => (string)file!["filename"]!).Reverse()];
    }

    private static async Task<IReadOnlyList<string>> ArchiveAsync(TestPlatform platform)
    {
        var answer = (await platform.Client.GetAsync($"/api/v1/files?prefix={platform.Namespace}/landing/z/_processed/")).Expect(200);
        return [.. answer["files"]!.AsArray().Select(file => (string)file!["path"]!)];
    }

    private static async Task<string> ContentAsync(TestPlatform platform, string path) =>
        (string)(await platform.Client.GetAsync($"/api/v1/files/{path}")).Expect(200)["content"]!;

    private static async Task<IReadOnlyList<string>> StoredLinesAsync(TestPlatform platform, string runId)
    {
        var answer = (await platform.Client.GetAsync($"/api/v1/runs/{runId}/logs")).Expect(200);
        return [.. answer["logs"]!.AsArray().Select(line => (string)line!["message"]!)];
    }
}
