using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Triggers over HTTP (behaviour §8).</summary>
public class TriggersTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_trigger_lives_from_creation_to_deletion()
    {
        var ns = await NewPipelinesAsync("p", "q");
        var path = Path(ns, "p");
        var created = (await Client.PostAsync(path, new { type = "cron", config = new { cron_expr = "0 5 * * *", more = 1 }, cooldown_seconds = 60 })).Expect(201);
        var id = created.TextOf("id");
        Assert.Equal("""{"cron_expr":"0 5 * * *"}""", created["config"]!.ToJsonString());
        Assert.Equal(("cron", true, 60), (created.TextOf("type"), (bool)created["enabled"]!, (int)created["cooldown_seconds"]!));
        Assert.Null(created["last_triggered_at"]);
        Assert.Null(created["last_run_id"]);
        Assert.False(created.Json.AsObject().ContainsKey("webhook_url"));
        Assert.Equal(created.Json.ToJsonString(), (await Client.GetAsync($"{path}/{id}")).Expect(200).Json.ToJsonString());

        var changed = (await Client.PutAsync($"{path}/{id}", new { config = new { cron_expr = "1 5 * * *" }, enabled = false })).Expect(200);
        Assert.Equal(("""{"cron_expr":"1 5 * * *"}""", false, 60),
            (changed["config"]!.ToJsonString(), (bool)changed["enabled"]!, (int)changed["cooldown_seconds"]!));
        Assert.Equal(0, (int)(await Client.PutAsync($"{path}/{id}", new { cooldown_seconds = 0 })).Expect(200)["cooldown_seconds"]!);

        var second = (await Client.PostAsync(path, new { type = "webhook" })).Expect(201).TextOf("id");
        var list = (await Client.GetAsync(path)).Expect(200);
        Assert.Equal([second, id], list["triggers"]!.AsArray().Select(trigger => (string)trigger!["id"]!));
        Assert.Equal(2, (int)list["total"]!);
        Assert.Equal("""{"triggers":[],"total":0}""", (await Client.GetAsync(Path(ns, "q"))).Expect(200).Text);

        // It belongs to its pipeline.
        foreach (var wrong in new[] { $"{Path(ns, "q")}/{id}", $"{path}/no-uuid", $"{path}/{Guid.NewGuid()}" })
        {
            Assert.Equal("trigger not found", (await Client.GetAsync(wrong)).ExpectError(404, "NOT_FOUND"));
            Assert.Equal("trigger not found", (await Client.PutAsync(wrong, "{}")).ExpectError(404, "NOT_FOUND"));
            Assert.Equal("trigger not found", (await Client.DeleteAsync(wrong)).ExpectError(404, "NOT_FOUND"));
        }

        (await Client.DeleteAsync($"{path}/{id}")).Expect(204);
        (await Client.DeleteAsync($"{path}/{id}")).ExpectError(404, "NOT_FOUND");
        (await Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        Assert.Equal("pipeline not found", (await Client.GetAsync(path)).ExpectError(404, "NOT_FOUND"));
        (await Client.GetAsync($"{path}/{second}")).ExpectError(404, "NOT_FOUND");
        (await Client.PostAsync(path, new { type = "webhook" })).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("{}", 400, "type is required")]
    [InlineData("""{"type":"timer"}""", 400, "type must be one of")]
    [InlineData("""{"type":"cron","cooldown_seconds":-1}""", 400, "cooldown_seconds")]
    [InlineData("""{"type":"cron"}""", 400, "config is required")]
    [InlineData("""{"type":"cron","config":{}}""", 400, "config.cron_expr is required")]
    [InlineData("""{"type":"cron","config":[]}""", 400, "invalid request body: config")]
    [InlineData("""{"type":"cron","config":{"cron_expr":5}}""", 400, "invalid request body: config.cron_expr")]
    [InlineData("""{"type":"cron","config":{"cron_expr":"* * * * 7"}}""", 400, "cron: day-of-week")]
    [InlineData("""{"type":"landing_zone_upload","config":{"zone_name":"z"}}""", 400, "config.namespace is required")]
    [InlineData("""{"type":"landing_zone_upload","config":{"namespace":"NS"}}""", 400, "config.zone_name is required")]
    [InlineData("""{"type":"landing_zone_upload","config":{"namespace":"NS","zone_name":"none"}}""", 404, "landing zone not found")]
    [InlineData("""{"type":"file_pattern","config":{"namespace":"NS","zone_name":"z"}}""", 400, "config.pattern is required")]
    [InlineData("""{"type":"file_pattern","config":{"namespace":"NS","zone_name":"z","pattern":"[a"}}""", 400, "pattern \"[a\" is not valid")]
    [InlineData("""{"type":"file_pattern","config":{"namespace":"NS","zone_name":"none","pattern":"*"}}""", 404, "landing zone not found")]
    [InlineData("""{"type":"pipeline_success","config":{"namespace":"NS","layer":"bronze"}}""", 400, "config.pipeline is required")]
    [InlineData("""{"type":"pipeline_success","config":{"namespace":"NS","layer":"tin","pipeline":"p"}}""", 404, "upstream NS.tin.p: pipeline not found")]
    [InlineData("""{"type":"pipeline_success","config":{"namespace":"NS","layer":"bronze","pipeline":"p"}}""", 400, "the triggers would start each other in a circle: NS.bronze.p → NS.bronze.p")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"* * * * *"}}""", 400, "config.dependencies is required")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"* * * * *","dependencies":[]}}""", 400, "config.dependencies is required")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"* * * * *","dependencies":["a.b"]}}""", 400, "config.dependencies: \"a.b\"")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"* * * * *","dependencies":[null]}}""", 400, "config.dependencies: \"\"")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"* * * * *","dependencies":["NS.bronze.p","NS.gold.x"]}}""", 404, "dependency NS.gold.x: pipeline not found")]
    [InlineData("""{"type":"cron_dependency","config":{"cron_expr":"*","dependencies":["NS.bronze.p"]}}""", 400, "cron must have five fields")]
    public async Task What_is_wrong_is_refused_when_it_is_made_and_when_it_is_changed(string body, int status, string begin)
    {
        var ns = await NewPipelinesAsync("p");
        (await Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "z" })).Expect(201);
        body = body.Replace("NS", ns, StringComparison.Ordinal);
        begin = begin.Replace("NS", ns, StringComparison.Ordinal);
        Assert.StartsWith(begin, (await Client.PostAsync(Path(ns, "p"), body)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT"), StringComparison.Ordinal);
        Assert.Equal(0, (int)(await Client.GetAsync(Path(ns, "p"))).Expect(200)["total"]!);

        var sent = JsonNode.Parse(body)!.AsObject();
        if (sent["config"] is null || (string)sent["type"]! is not { } type)
            return;
        var fine = new JsonObject
        {
            ["namespace"] = ns,
            ["zone_name"] = "z",
            ["pattern"] = "*",
            ["layer"] = "bronze",
            ["pipeline"] = "up",
            ["cron_expr"] = "0 0 1 1 *",
            ["dependencies"] = new JsonArray($"{ns}.bronze.up"),
        };
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "bronze", name = "up" })).Expect(201);
        var made = (await Client.PostAsync(Path(ns, "p"), new JsonObject { ["type"] = type, ["config"] = fine }.ToJsonString())).Expect(201);
        var change = new JsonObject { ["config"] = sent["config"]!.DeepClone() }.ToJsonString();
        Assert.StartsWith(begin, (await Client.PutAsync($"{Path(ns, "p")}/{made.TextOf("id")}", change)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT"), StringComparison.Ordinal);
        Assert.Equal(made.Json.ToJsonString(), (await Client.GetAsync($"{Path(ns, "p")}/{made.TextOf("id")}")).Expect(200).Json.ToJsonString());
    }

    [Fact]
    public async Task A_longer_circle_is_refused_and_named_also_when_part_of_it_is_disabled()
    {
        var ns = await NewPipelinesAsync("a", "b", "c", "d");
        await OnSuccessAsync("b", "a");
        (await Client.PostAsync(Path(ns, "c"), new { type = "pipeline_success", config = Upstream("b"), enabled = false })).Expect(201);
        var refused = (await Client.PostAsync(Path(ns, "a"), new { type = "pipeline_success", config = Upstream("c") })).ExpectError(400, "INVALID_ARGUMENT");
        Assert.EndsWith($"circle: {ns}.bronze.c → {ns}.bronze.a → {ns}.bronze.b → {ns}.bronze.c", refused, StringComparison.Ordinal);

        // By a change, too; and a change of the trigger that is part of the circle breaks it.
        var other = await OnSuccessAsync("a", "d");
        (await Client.PutAsync($"{Path(ns, "a")}/{other}", new { config = Upstream("c") })).ExpectError(400, "INVALID_ARGUMENT");
        (await Client.PutAsync($"{Path(ns, "a")}/{other}", new { config = Upstream("d") })).Expect(200);
        var (firstOfB, _) = ((await Client.GetAsync(Path(ns, "b"))).Expect(200)["triggers"]![0]!["id"], 0);
        (await Client.DeleteAsync($"{Path(ns, "b")}/{firstOfB}")).Expect(204);
        (await Client.PutAsync($"{Path(ns, "a")}/{other}", new { config = Upstream("c") })).Expect(200);

        object Upstream(string pipeline) => new { @namespace = ns, layer = "bronze", pipeline };

        async Task<string> OnSuccessAsync(string pipeline, string upstream) =>
            (await Client.PostAsync(Path(ns, pipeline), new { type = "pipeline_success", config = Upstream(upstream) })).Expect(201).TextOf("id");
    }

    [Fact]
    public async Task An_upload_runs_through_bronze_silver_and_gold()
    {
        var ns = await server.NewNamespaceAsync();
        var platform = new TestPlatform(Client, ns);
        (await Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "orders" })).Expect(201);
        await platform.PutPipelineAsync("raw", "SELECT * FROM read_csv('{{ landing_zone('orders') }}')", "merge_strategy: append_only\narchive_landing_zones: true\n");
        await platform.PutPipelineAsync("clean", "SELECT id FROM {{ ref('bronze.raw') }}", layer: "silver");
        await platform.PutPipelineAsync("total", "SELECT count(*) AS n FROM {{ ref('silver.clean') }}", layer: "gold");
        await TriggerAsync("bronze/raw", "landing_zone_upload", new { @namespace = ns, zone_name = "orders" });
        await TriggerAsync("silver/clean", "pipeline_success", new { @namespace = ns, layer = "bronze", pipeline = "raw" });
        await TriggerAsync("gold/total", "pipeline_success", new { @namespace = ns, layer = "silver", pipeline = "clean" });

        await platform.UploadAsync("orders", "a.csv", "id\n1\n2\n");
        await AllEndedAsync(ns, 3);
        Assert.Equal("2", await platform.CellAsync("SELECT n FROM gold.total"));
        await platform.UploadAsync("orders", "b.csv", "id\n3\n");
        var runs = await AllEndedAsync(ns, 6);
        Assert.Equal("3", await platform.CellAsync("SELECT n FROM gold.total"));
        Assert.All(runs, run => Assert.Equal("success", (string)run["status"]!));
        Assert.Equal(
            [
                $"trigger:landing_zone_upload:{ns}/orders", $"trigger:pipeline_success:{ns}/bronze/raw", $"trigger:pipeline_success:{ns}/silver/clean",
                $"trigger:landing_zone_upload:{ns}/orders", $"trigger:pipeline_success:{ns}/bronze/raw", $"trigger:pipeline_success:{ns}/silver/clean",
            ],
            runs.Select(run => (string)run["trigger"]!));
        var trigger = (await Client.GetAsync($"/api/v1/pipelines/{ns}/gold/total/triggers")).Expect(200)["triggers"]![0]!;
        Assert.Equal((string)runs[5]["id"]!, (string)trigger["last_run_id"]!);
        Assert.NotNull(trigger["last_triggered_at"]);

        // Samples are no uploads.
        (await Client.UploadAsync($"/api/v1/landing-zones/{ns}/orders/samples", "s.csv", "id\n9\n")).Expect(201);
        Assert.Equal(6, (await RunsAsync(ns)).Count);

        async Task TriggerAsync(string pipeline, string type, object config) =>
            (await Client.PostAsync($"/api/v1/pipelines/{ns}/{pipeline}/triggers", new { type, config })).Expect(201);
    }

    [Fact]
    public async Task A_run_whose_upload_the_run_before_has_read_succeeds_without_rows()
    {
        var ns = await server.NewNamespaceAsync();
        var platform = new TestPlatform(Client, ns);
        await platform.UploadAsync("z", "a.csv", "id\n1\n");
        var held = await HoldAsync(platform, "p", Archiving);
        await TriggerAsync(ns, "p");
        await platform.UploadAsync("z", "b.csv", "id\n2\n");
        await platform.UploadAsync("z", "c.csv", "id\n3\n");
        (await platform.EndAsync(held)).ExpectSuccess();

        var runs = await AllEndedAsync(ns, 3);
        Assert.Equal(["success 1", "success 2", "success 0"], runs.Select(run => $"{run["status"]} {run["rows_written"]}"));
        Assert.Equal("[1,2,3]", await platform.CellAsync("SELECT list(id ORDER BY id)::INTEGER[] AS ids FROM bronze.p"));
        var last = await platform.EndAsync((string)runs[2]["id"]!);
        Assert.Contains(last.At("info"), message => message.StartsWith("Nothing left to read", StringComparison.Ordinal));
        Assert.Empty(last.At("error"));

        // Nobody has uploaded anything for a run that somebody asks for.
        Assert.StartsWith("landing files not found", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_whose_upload_is_gone_unread_fails()
    {
        var ns = await server.NewNamespaceAsync();
        var platform = new TestPlatform(Client, ns);
        await platform.UploadAsync("z", "a.csv", "id\n1\n");
        var held = await HoldAsync(platform, "p", config: "merge_strategy: append_only\n");
        await TriggerAsync(ns, "p");

        // Deleted; and what another pipeline has taken, this one hasn't read.
        await platform.PutPipelineAsync("thief", ReadZone, Archiving);
        var deleted = (await Client.UploadAsync($"/api/v1/landing-zones/{ns}/z/files", "b.csv", "id\n2\n")).Expect(201).TextOf("id");
        (await Client.DeleteAsync($"/api/v1/landing-zones/{ns}/z/files/{deleted}")).Expect(204);
        await platform.UploadAsync("z", "c.csv", "id\n3\n");
        Assert.Equal(2, (await platform.RunAsync("thief")).ExpectSuccess().Rows);
        (await platform.EndAsync(held)).ExpectSuccess();

        var triggered = (await AllEndedAsync(ns, 4)).Where(run => ((string)run["trigger"]!).StartsWith("trigger:", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, triggered.Count);
        Assert.All(triggered, run => Assert.StartsWith("landing files not found", (string?)run["error"], StringComparison.Ordinal));
    }

    private const string Archiving = "merge_strategy: append_only\narchive_landing_zones: true\n";
    private const string ReadZone = "SELECT id FROM read_csv('{{ landing_zone('z') }}', header = true)";

    // A run that has seen what is in the zone and keeps the table for some seconds; runs after it find a pipeline that is quick.
    private static async Task<string> HoldAsync(TestPlatform platform, string pipeline, string config)
    {
        const string Work = "(SELECT sum(i % 7) FROM range(600000000) AS t(i))";
        await platform.PutPipelineAsync(pipeline, $"{ReadZone} WHERE {Work} > 0", config);
        var held = await platform.StartAsync(pipeline);
        await platform.ReachAsync(held, "Executing SQL via DuckDB");
        await platform.PutPipelineAsync(pipeline, ReadZone, config);
        return held;
    }

    private async Task TriggerAsync(string ns, string pipeline) => (await Client.PostAsync(
        Path(ns, pipeline), new { type = "landing_zone_upload", config = new { @namespace = ns, zone_name = "z" } })).Expect(201);

    [Fact]
    public async Task Without_background_work_nothing_starts_by_itself()
    {
        await using var rat = await Http.RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["SCHEDULER_ENABLED"] = "false" });
        var client = new ContractClient(rat.Client);
        var platform = new TestPlatform(client, "default");
        await platform.PutPipelineAsync("a", "SELECT 1 AS x");
        await platform.PutPipelineAsync("b", "SELECT 1 AS x");
        (await client.PostAsync("/api/v1/landing-zones", new { @namespace = "default", name = "z" })).Expect(201);
        (await client.PostAsync(Path("default", "a"), new { type = "landing_zone_upload", config = new { @namespace = "default", zone_name = "z" } })).Expect(201);
        (await client.PostAsync(Path("default", "b"), new { type = "pipeline_success", config = new { @namespace = "default", layer = "bronze", pipeline = "a" } })).Expect(201);
        await platform.UploadAsync("z", "f.csv", "x\n1\n");
        (await platform.RunAsync("a")).ExpectSuccess();
        Assert.Equal(1, (int)(await client.GetAsync("/api/v1/runs")).Expect(200)["total"]!);
    }

    private async Task<List<JsonObject>> AllEndedAsync(string ns, int count)
    {
        for (var patience = DateTime.UtcNow.AddSeconds(60); ; await Task.Delay(50))
        {
            var runs = await RunsAsync(ns);
            if (runs.Count >= count && runs.All(run => (string)run["status"]! is "success" or "failed"))
                return runs;
            Assert.True(DateTime.UtcNow < patience, new JsonArray([.. runs.Select(run => run.DeepClone())]).ToJsonString());
        }
    }

    private async Task<List<JsonObject>> RunsAsync(string ns) =>
        [.. (await Client.GetAsync($"/api/v1/runs?namespace={ns}&order=asc")).Expect(200)["runs"]!.AsArray().Select(run => run!.AsObject())];

    private async Task<string> NewPipelinesAsync(params string[] names)
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var name in names)
            (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "bronze", name })).Expect(201);
        return ns;
    }

    private static string Path(string ns, string pipeline) => $"/api/v1/pipelines/{ns}/bronze/{pipeline}/triggers";
}
