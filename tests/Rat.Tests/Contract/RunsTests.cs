using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Runs that end by themselves: start, list, look at, logs as JSON and as events (behaviour §4).</summary>
public class RunsTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/runs";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_run_that_fails_leaves_its_error_and_its_log()
    {
        var ns = await NewPipelineAsync("SELECT * FROM nothing_there");
        var started = (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p" })).Expect(202);
        Assert.Contains(started.TextOf("status"), (string[])["pending", "running"]);
        var id = started.TextOf("run_id");
        var events = await FollowAsync(id);

        var run = (await Client.GetAsync($"{Path}/{id}")).Expect(200);
        Assert.Equal($"""["{id}","{ns}","bronze","p","failed","manual",null]""", Fields(run.Json, "id", "namespace", "layer", "pipeline", "status", "trigger", "logs_s3_path"));
        Assert.True(run["created_at"]!.GetValue<DateTimeOffset>() <= run["started_at"]!.GetValue<DateTimeOffset>());
        Assert.True(run["started_at"]!.GetValue<DateTimeOffset>() <= run["finished_at"]!.GetValue<DateTimeOffset>());
        Assert.True((long)run["duration_ms"]! >= 0);
        Assert.NotEmpty(run.TextOf("error"));

        var pipeline = (await Client.GetAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(200);
        Assert.Equal(run.TextOf("id"), (string)pipeline["last_run"]!["run_id"]!);
        Assert.Equal(run.TextOf("finished_at"), (string)pipeline["last_run"]!["finished_at"]!);
        Assert.Equal(run.TextOf("pipeline_id"), pipeline.TextOf("id"));

        // The stream told the same as the stored log and the run do, in the order that clients rely on.
        var logs = (await Client.GetAsync($"{Path}/{id}/logs")).Expect(200);
        Assert.Equal("failed", logs.TextOf("status"));
        var lines = events.Where(happened => happened.Name == "log").ToList();
        Assert.NotEmpty(lines);
        Assert.Equal(logs["logs"]!.AsArray().Select(line => line!.ToJsonString()), lines.Select(line => line.Json.ToJsonString()));
        Assert.Equal(["status", "error"], events.Skip(lines.Count).Select(happened => happened.Name));
        Assert.Equal("failed", (string)events[^2].Json["status"]!);
        Assert.Equal((long)run["duration_ms"]!, (long)events[^2].Json["duration_ms"]!);
        Assert.Equal(run.TextOf("error"), (string)events[^2].Json["error"]!);
        Assert.Equal(("RUN_FAILED", run.TextOf("error")), ((string)events[^1].Json["code"]!, (string)events[^1].Json["message"]!));

        // Who comes later is told everything at once, and the same.
        Assert.Equal(events, await FollowAsync(id));
    }

    [Theory]
    [InlineData("text/event-stream", true)]
    [InlineData("application/json, text/event-stream;q=0.5", true)]
    [InlineData("TEXT/EVENT-STREAM", true)]
    [InlineData("application/json", false)]
    [InlineData("*/*", false)]
    public async Task The_stream_is_for_those_who_accept_it(string accept, bool isStream)
    {
        var id = await RunToEndAsync(await NewPipelineAsync("SELECT * FROM nothing_there"));
        var answer = (await Client.GetAsync($"{Path}/{id}/logs", ("Accept", accept))).Expect(200);
        Assert.Equal(isStream ? "text/event-stream" : "application/json", answer.MediaType);
    }

    [Theory]
    [InlineData("{}", 400, "namespace is required")]
    [InlineData("""{"namespace": "default", "pipeline": "p"}""", 400, "layer is required")]
    [InlineData("""{"namespace": "default", "layer": "gold"}""", 400, "pipeline is required")]
    [InlineData("""{"namespace": "D", "layer": "gold", "pipeline": "p"}""", 400, "namespace must start")]
    [InlineData("""{"namespace": "default", "layer": "GOLD", "pipeline": "p"}""", 400, "layer must be")]
    [InlineData("""{"namespace": "default", "layer": "gold", "pipeline": "p.p"}""", 400, "pipeline must start")]
    [InlineData("""{"namespace": "default", "layer": "gold", "pipeline": ["p"]}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "default", "layer": "gold", "pipeline": "p", "trigger": 1}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "default", "layer": "gold", "pipeline": "p"}""", 404, "pipeline not found")]
    [InlineData("""{"namespace": "nobody", "layer": "gold", "pipeline": "p"}""", 404, "pipeline not found")]
    [InlineData("", 400, "invalid request body")]
    public async Task What_can_not_run_is_refused_and_leaves_no_run(string json, int status, string message)
    {
        Assert.StartsWith(message, (await Client.PostAsync(Path, json)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT"),
            StringComparison.Ordinal);
        Assert.Equal(0, (int)(await Client.GetAsync($"{Path}?namespace=default")).Expect(200)["total"]!);
    }

    [Fact]
    public async Task A_trigger_may_be_any_text_of_100_bytes()
    {
        var ns = await NewPipelineAsync("SELECT * FROM nothing_there");
        foreach (var (trigger, expected) in new[] { (new string('ü', 50), new string('ü', 50)), ("", "manual"), (null, "manual"),
            ("schedule:* * * * *", "schedule:* * * * *") })
        {
            var id = (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", trigger })).Expect(202).TextOf("run_id");
            Assert.Equal(expected, (await Client.GetAsync($"{Path}/{id}")).TextOf("trigger"));
        }

        (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", trigger = new string('x', 101) })).ExpectError(400);
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", trigger = new string('ü', 51) })).ExpectError(400);
        (await Client.PostAsync(Path, new
        {
            @namespace = ns,
            layer = "bronze",
            pipeline = "p",
            trigger = new string('x', 1 << 20)
        })).ExpectError(413);
        Assert.Equal(4, (int)(await Client.GetAsync($"{Path}?namespace={ns}"))["total"]!);
    }

    [Theory]
    [InlineData("7a4f0b1e-3f0a-4f0e-9a51-111111111111")]
    [InlineData("7a4f0b1e3f0a4f0e9a51111111111111")]
    [InlineData("%7B7a4f0b1e-3f0a-4f0e-9a51-111111111111%7D")]
    [InlineData("1")]
    [InlineData("latest")]
    [InlineData("%20")]
    public async Task An_unknown_or_malformed_id_is_not_found(string id)
    {
        Assert.Equal("run not found", (await Client.GetAsync($"{Path}/{id}")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("run not found", (await Client.PostAsync($"{Path}/{id}/cancel")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("run not found", (await Client.GetAsync($"{Path}/{id}/logs")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("run not found", (await Client.GetAsync($"{Path}/{id}/logs", ("Accept", "text/event-stream"))).ExpectError(404, "NOT_FOUND"));
    }

    [Fact]
    public async Task A_run_that_has_ended_can_not_be_cancelled()
    {
        var id = await RunToEndAsync(await NewPipelineAsync("SELECT * FROM nothing_there"));
        var before = (await Client.GetAsync($"{Path}/{id}")).Text;
        Assert.Equal("run is not cancellable (status: failed)", (await Client.PostAsync($"{Path}/{id}/cancel")).ExpectError(409, "ALREADY_EXISTS"));
        Assert.Equal(before, (await Client.GetAsync($"{Path}/{id}")).Text);
    }

    [Fact]
    public async Task A_cancel_that_was_acknowledged_is_final()
    {
        var ns = await NewPipelineAsync("SELECT * FROM nothing_there");
        await Parallel.ForAsync(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (_, _) =>
        {
            var id = (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p" })).Expect(202).TextOf("run_id");
            var cancelled = await Client.PostAsync($"{Path}/{id}/cancel");
            var status = cancelled.Status == 200 ? "cancelled" : "failed";
            if (cancelled.Status != 200)
                Assert.Equal("run is not cancellable (status: failed)", cancelled.ExpectError(409, "ALREADY_EXISTS"));
            var events = await FollowAsync(id);
            Assert.Equal(status, (string)events.Single(happened => happened.Name == "status").Json["status"]!);
            Assert.Equal(status == "failed" ? "error" : "status", events[^1].Name);
            Assert.Equal(status, (await Client.GetAsync($"{Path}/{id}")).TextOf("status"));
            Assert.Equal(status, (await Client.GetAsync($"{Path}/{id}/logs")).TextOf("status"));
        });
    }

    [Fact]
    public async Task Runs_outlive_their_pipeline()
    {
        var ns = await NewPipelineAsync("SELECT * FROM nothing_there");
        var id = await RunToEndAsync(ns);
        var logs = (await Client.GetAsync($"{Path}/{id}/logs")).Text;
        (await Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        Assert.Equal("p", (await Client.GetAsync($"{Path}/{id}")).Expect(200).TextOf("pipeline"));
        Assert.Equal(logs, (await Client.GetAsync($"{Path}/{id}/logs")).Text);
        Assert.Equal(1, (int)(await Client.GetAsync($"{Path}?namespace={ns}"))["total"]!);
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p" })).ExpectError(404, "NOT_FOUND");
        // A new pipeline of the name has none of them as its last run.
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "bronze", name = "p" })).Expect(201);
        Assert.Null((await Client.GetAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(200)["last_run"]);
    }

    [Fact]
    public async Task Filters_and_times()
    {
        var ns = await NewPipelineAsync("SELECT * FROM nothing_there");
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "gold", name = "q" })).Expect(201);
        var first = await RunToEndAsync(ns, trigger: "b");
        var second = await RunToEndAsync(ns, trigger: "a");
        var third = await RunToEndAsync(ns, "gold", "q");
        var middle = Uri.EscapeDataString((await Client.GetAsync($"{Path}/{second}")).TextOf("created_at"));
        var begun = Uri.EscapeDataString((await Client.GetAsync($"{Path}/{second}")).TextOf("started_at"));

        Assert.Equal([third, second, first], await IdsAsync(""));
        Assert.Equal([second, first], await IdsAsync("pipeline=p"));
        Assert.Equal([third], await IdsAsync("layer=gold"));
        Assert.Equal([third, second, first], await IdsAsync("status=failed&layer="));
        Assert.Equal([], await IdsAsync("status=success"));
        Assert.Equal([], await IdsAsync("status=nonsense"));
        Assert.Equal([], await IdsAsync("pipeline=P"));
        Assert.Equal([third, second], await IdsAsync($"from={middle}"));
        Assert.Equal([first], await IdsAsync($"to={middle}"));
        Assert.Equal([third], await IdsAsync($"started_after={begun}"));
        Assert.Equal([first], await IdsAsync($"started_before={begun}"));
        Assert.Equal([third, second, first], await IdsAsync("from=2020-01-01T00:00:00%2B02:00&to="));
        Assert.Equal([], await IdsAsync("from=2999-01-01T00:00:00.123456789Z"));

        Assert.Equal([first, second, third], await IdsAsync("order=asc"));
        Assert.Equal([third, second, first], await IdsAsync("sort=started_at"));
        Assert.Equal([first, second, third], await IdsAsync("sort=finished_at&order=asc"));
        Assert.Equal([second, first, third], await IdsAsync("sort=trigger&order=asc"));
        Assert.Equal([third, first, second], await IdsAsync("sort=-trigger"));
        Assert.Equal([third, second, first], await IdsAsync("sort=nonsense&order=asc"));
        Assert.Equal(3, (await IdsAsync("sort=duration_ms")).Count);
        Assert.Equal(3, (await IdsAsync("sort=status&order=asc")).Count);
        Assert.Equal([second], await IdsAsync("limit=1&offset=1", total: 3));
        Assert.Equal([third, second, first], await IdsAsync("limit=0&offset=-1"));

        async Task<List<string>> IdsAsync(string query, int? total = null)
        {
            var page = (await Client.GetAsync($"{Path}?namespace={ns}&{query}")).Expect(200);
            var ids = page["runs"]!.AsArray().Select(run => (string)run!["id"]!).ToList();
            Assert.Equal(total ?? ids.Count, (int)page["total"]!);
            return ids;
        }
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T08:00:00")]
    [InlineData("2026-01-31T08:00Z")]
    [InlineData("2026-02-30T08:00:00Z")]
    [InlineData("2026-01-31 08:00:00Z")]
    [InlineData("2026-01-31T08:00:00.Z")]
    [InlineData("2026-01-31T08:00:00+1")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("1769846400")]
    public async Task A_time_that_is_none_is_a_400(string time)
    {
        foreach (var filter in new[] { "from", "to", "started_after", "started_before" })
        {
            Assert.StartsWith(filter, (await Client.GetAsync($"{Path}?{filter}={Uri.EscapeDataString(time)}")).ExpectError(400),
                StringComparison.Ordinal);
        }
    }

    private async Task<string> NewPipelineAsync(string sql)
    {
        var ns = await server.NewNamespaceAsync();
        await new TestPlatform(Client, ns).PutPipelineAsync("p", sql);
        return ns;
    }

    private async Task<string> RunToEndAsync(string ns, string layer = "bronze", string pipeline = "p", string? trigger = null)
    {
        var id = (await Client.PostAsync(Path, new { @namespace = ns, layer, pipeline, trigger })).Expect(202).TextOf("run_id");
        await FollowAsync(id);
        return id;
    }

    private async Task<List<SseEvent>> FollowAsync(string id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var events = new List<SseEvent>();
        await foreach (var happened in Client.StreamAsync($"{Path}/{id}/logs", patience.Token))
            events.Add(happened);
        return events;
    }

    private static string Fields(JsonNode node,
        params string[] names) => new JsonArray([.. names.Select(name => node[name]?.DeepClone())]).ToJsonString();
}
