using System.Text.Json.Nodes;
using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>Retention settings and the clean-up over HTTP (behaviour §12).</summary>
public class RetentionTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Config = "/api/v1/admin/retention/config";
    private const string Status = "/api/v1/admin/retention/status";
    private const string Run = "/api/v1/admin/retention/run";

    private static readonly string[] Counters =
        ["runs_pruned", "logs_pruned", "quality_pruned", "pipelines_purged", "runs_failed", "branches_cleaned", "lz_files_cleaned", "audit_pruned"];

    private ContractClient Client => server.Client;

    [Fact]
    public async Task The_defaults_are_those_of_the_contract_and_a_change_merges()
    {
        await using var rat = await RatProcess.ServeAsync();
        var client = new ContractClient(rat.Client);
        const string defaults = """
            {"config":{"runs_max_per_pipeline":100,"runs_max_age_days":90,"logs_max_age_days":30,"quality_results_max_per_test":100,"soft_delete_purge_days":30,"stuck_run_timeout_minutes":120,"audit_log_max_age_days":365,"nessie_orphan_branch_max_age_hours":6,"reaper_interval_minutes":60,"iceberg_snapshot_max_age_days":7,"iceberg_orphan_file_max_age_days":3}}
            """;
        Assert.Equal(defaults, (await client.GetAsync(Config)).Expect(200).Text);
        Assert.Equal(defaults, (await client.PutAsync(Config, new { unknown = 1 })).Expect(200).Text);
        var changed = (await client.PutAsync(Config, new { runs_max_age_days = 0, logs_max_age_days = 5 })).Expect(200);
        Assert.Equal((0, 5, 100), ((int)changed["config"]!["runs_max_age_days"]!, (int)changed["config"]!["logs_max_age_days"]!,
            (int)changed["config"]!["runs_max_per_pipeline"]!));
        (await client.PutAsync(Config, """{"logs_max_age_days": null, "RUNS_MAX_PER_PIPELINE": 7}""")).Expect(200);
        var last = (await client.GetAsync(Config)).Expect(200)["config"]!;
        Assert.Equal((0, 5, 7), ((int)last["runs_max_age_days"]!, (int)last["logs_max_age_days"]!, (int)last["runs_max_per_pipeline"]!));
    }

    [Theory]
    [InlineData("""{"runs_max_per_pipeline":0}""", "runs_max_per_pipeline must be at least 1")]
    [InlineData("""{"reaper_interval_minutes":0}""", "reaper_interval_minutes must be at least 1")]
    [InlineData("""{"stuck_run_timeout_minutes":0}""", "stuck_run_timeout_minutes must be at least 1")]
    [InlineData("""{"iceberg_snapshot_max_age_days":-1}""", "iceberg_snapshot_max_age_days must be at least 0")]
    [InlineData("""{"audit_log_max_age_days":-1}""", "audit_log_max_age_days must be at least 0")]
    [InlineData("""{"runs_max_age_days":1.5}""", "invalid request body: runs_max_age_days")]
    [InlineData("""{"runs_max_age_days":"1"}""", "invalid request body: runs_max_age_days")]
    [InlineData("""{"runs_max_age_days":99999999999}""", "invalid request body: runs_max_age_days")]
    [InlineData("[]", "invalid request body")]
    [InlineData("", "invalid request body")]
    public async Task What_is_wrong_is_a_400(string body, string begin)
    {
        var ns = await NewPipelineAsync();
        Assert.StartsWith(begin, (await Client.PutAsync(Config, body)).ExpectError(400, "INVALID_ARGUMENT"), StringComparison.Ordinal);
        Assert.StartsWith(begin, (await Client.PutAsync(Path(ns), body)).ExpectError(400, "INVALID_ARGUMENT"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overrides_of_a_pipeline_are_replaced_as_a_whole()
    {
        var ns = await NewPipelineAsync();
        var none = (await Client.GetAsync(Path(ns))).Expect(200);
        Assert.Null(none["overrides"]);
        Assert.Equal(none["system"]!.ToJsonString(), none["effective"]!.ToJsonString());

        (await Client.PutAsync(Path(ns), new { runs_max_per_pipeline = 3, iceberg_snapshot_max_age_days = 0 })).Expect(204);
        var some = (await Client.GetAsync(Path(ns))).Expect(200);
        Assert.Equal("""{"runs_max_per_pipeline":3,"iceberg_snapshot_max_age_days":0}""", some["overrides"]!.ToJsonString());
        Assert.Equal((3, 0, 90), ((int)some["effective"]!["runs_max_per_pipeline"]!, (int)some["effective"]!["iceberg_snapshot_max_age_days"]!,
            (int)some["effective"]!["runs_max_age_days"]!));
        Assert.Equal(100, (int)some["system"]!["runs_max_per_pipeline"]!);
        Assert.Equal("""{"runs_max_per_pipeline":3,"iceberg_snapshot_max_age_days":0}""",
            (await Client.GetAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(200)["retention_config"]!.ToJsonString());

        (await Client.PutAsync(Path(ns), new { logs_max_age_days = 1 })).Expect(204);
        Assert.Equal("""{"logs_max_age_days":1}""", (await Client.GetAsync(Path(ns))).Expect(200)["overrides"]!.ToJsonString());
        foreach (var nothing in new[] { "{}", "null", """{"unknown":1}""", """{"logs_max_age_days":null}""" })
        {
            (await Client.PutAsync(Path(ns), new { logs_max_age_days = 1 })).Expect(204);
            (await Client.PutAsync(Path(ns), nothing)).Expect(204);
            Assert.Null((await Client.GetAsync(Path(ns))).Expect(200)["overrides"]);
        }

        (await Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        Assert.Equal("pipeline not found", (await Client.GetAsync(Path(ns))).ExpectError(404, "NOT_FOUND"));
        (await Client.PutAsync(Path(ns), "{}")).ExpectError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task A_clean_up_keeps_what_the_settings_say_and_counts_the_rest()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var client = new ContractClient(rat.Client);
        var before = (await client.GetAsync(Status)).Expect(200);
        Assert.Null(before["last_run_at"]);
        Assert.All(Counters, counter => Assert.Equal(0, (int)before[counter]!));

        var platform = new TestPlatform(client, "default");
        await platform.PutPipelineAsync("kept", "SELECT 1 AS x");
        await platform.PutPipelineAsync("few", "SELECT 1 AS x");
        (await client.PutAsync("/api/v1/pipelines/default/bronze/few/retention", new { runs_max_per_pipeline = 1 })).Expect(204);
        var token = (await client.PostAsync("/api/v1/pipelines/default/bronze/few/triggers", new { type = "webhook" })).Expect(201).TextOf("webhook_token");
        var first = (await client.PostAsync("/api/v1/webhooks", null, ("X-Webhook-Token", token))).Expect(201).TextOf("run_id");
        await platform.EndAsync(first);
        for (var run = 0; run < 3; run++)
        {
            await platform.RunAsync("kept");
            await platform.RunAsync("few");
        }

        var cleaned = (await client.PostAsync(Run)).Expect(202);
        Assert.Equal(3, (int)cleaned["runs_pruned"]!);
        Assert.NotNull(cleaned["last_run_at"]);
        Assert.Equal(cleaned.Text, (await client.GetAsync(Status)).Expect(200).Text);
        Assert.Equal(3, await TotalAsync("kept"));
        Assert.Equal(1, await TotalAsync("few"));
        // The trigger no longer names the run that is gone, but remembers when it fired.
        var trigger = (await client.GetAsync("/api/v1/pipelines/default/bronze/few/triggers")).Expect(200)["triggers"]![0]!;
        Assert.Null(trigger["last_run_id"]);
        Assert.NotNull(trigger["last_triggered_at"]);

        Assert.Equal(0, (int)(await client.PostAsync(Run)).Expect(202)["runs_pruned"]!);
        // A deleted pipeline's table stays until it is erased, and goes then.
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.kept"));
        (await client.DeleteAsync("/api/v1/pipelines/default/bronze/kept")).Expect(204);
        Assert.Equal(0, (int)(await client.PostAsync(Run)).Expect(202)["pipelines_purged"]!);
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.kept"));
        (await client.PutAsync(Config, new { soft_delete_purge_days = 0 })).Expect(200);
        await PurgeAsync(client, pipelines: 1);
        (await platform.QueryAsync("SELECT x FROM bronze.kept")).ExpectError(400);
        (await platform.TableAsync("kept")).ExpectError(404, "NOT_FOUND");
        Assert.Equal(0, await TotalAsync("kept"));
        Assert.Equal(["few"], rat.Files.TableFolders("default/bronze").Select(folder => folder[..^9]));

        async Task<int> TotalAsync(string pipeline) => (int)(await client.GetAsync($"/api/v1/runs?pipeline={pipeline}")).Expect(200)["total"]!;
    }

    [Fact]
    public async Task A_new_pipeline_of_the_name_keeps_the_table_that_it_has_taken_over_and_no_other()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var client = new ContractClient(rat.Client);
        var platform = new TestPlatform(client, "default");
        foreach (var name in new[] { "taken", "waiting" })
        {
            (await platform.RunSqlAsync(name, "SELECT 1 AS x")).ExpectSuccess();
            (await client.DeleteAsync($"/api/v1/pipelines/default/bronze/{name}")).Expect(204);
            await platform.PutPipelineAsync(name, "SELECT 2 AS x");
        }

        (await platform.RunAsync("taken")).ExpectSuccess();
        (await client.PutAsync(Config, new { soft_delete_purge_days = 0 })).Expect(200);
        await PurgeAsync(client, pipelines: 2);
        Assert.Equal("2", await platform.CellAsync("SELECT x FROM bronze.taken"));
        (await platform.TableAsync("waiting")).ExpectError(404, "NOT_FOUND");
        // Their files are the new pipelines' own.
        (await platform.RunAsync("waiting")).ExpectSuccess();
        Assert.Equal("2", await platform.CellAsync("SELECT x FROM bronze.waiting"));
    }

    // One whose table is under maintenance just then is left for the next time.
    private static async Task PurgeAsync(ContractClient client, int pipelines)
    {
        var purged = 0;
        for (var calls = 0; purged < pipelines && calls < 50; calls++)
            purged += (int)(await client.PostAsync(Run)).Expect(202)["pipelines_purged"]!;
        Assert.Equal(pipelines, purged);
    }

    [Fact]
    public async Task Snapshots_expire_by_the_settings_of_the_system_and_of_the_pipeline()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var client = new ContractClient(rat.Client);
        var platform = new TestPlatform(client, "default");
        foreach (var name in new[] { "now", "later" })
            await platform.PutPipelineAsync(name, "SELECT 1 AS x");
        (await client.PutAsync(Config, new { iceberg_snapshot_max_age_days = 0 })).Expect(200);
        (await client.PutAsync("/api/v1/pipelines/default/bronze/later/retention", new { iceberg_snapshot_max_age_days = 2_000_000_000 })).Expect(204);
        for (var run = 0; run < 3; run++)
        {
            (await platform.RunAsync("now")).ExpectSuccess();
            (await platform.RunAsync("later")).ExpectSuccess();
        }

        Assert.Equal((1, 3), (Snapshots("now"), Snapshots("later")));
        // No setting is too large for a point in time.
        var largest = (await client.GetAsync(Config)).Expect(200)["config"]!.AsObject();
        foreach (var name in largest.Select(setting => setting.Key).ToList())
            largest[name] = int.MaxValue;
        (await client.PutAsync(Config, largest.ToJsonString())).Expect(200);
        Assert.All(Counters, counter => Assert.Equal(0, (int)client.PostAsync(Run).Result.Expect(202)[counter]!));

        int Snapshots(string table)
        {
            var newest = rat.Files.Lake("default/bronze").Last(name => name.Contains($"/{table}-", StringComparison.Ordinal)
                && name.Contains("/metadata/0", StringComparison.Ordinal) && name.EndsWith(".metadata.json", StringComparison.Ordinal));
            return JsonNode.Parse(rat.Files.Read(newest))!["snapshots"]!.AsArray().Count;
        }
    }

    [Fact]
    public async Task Without_background_work_there_is_no_clean_up()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["SCHEDULER_ENABLED"] = "false" });
        var client = new ContractClient(rat.Client);
        (await client.PostAsync(Run)).ExpectError(503, "UNAVAILABLE");
        (await client.GetAsync(Status)).Expect(200);
    }

    private async Task<string> NewPipelineAsync()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "bronze", name = "p" })).Expect(201);
        return ns;
    }

    private static string Path(string ns) => $"/api/v1/pipelines/{ns}/bronze/p/retention";
}
