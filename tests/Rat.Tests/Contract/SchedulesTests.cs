using System.Globalization;
using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Schedules over HTTP (behaviour §10). What they do at their times is tried under a clock of the test's, beside one that is real here.</summary>
public class SchedulesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/schedules";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_schedule_lives_from_creation_to_deletion()
    {
        var ns = await NewPipelineAsync();
        var created = (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", cron = "0 5 * * *" })).Expect(201);
        var id = created.TextOf("id");
        Assert.Equal((ns, "bronze", "p", "0 5 * * *", true), (created.TextOf("namespace"), created.TextOf("layer"), created.TextOf("pipeline"),
            created.TextOf("cron"), (bool)created["enabled"]!));
        Assert.Null(created["last_run_at"]);
        Assert.Null(created["last_run_id"]);
        var next = Time(created, "next_run_at");
        Assert.True(next > DateTimeOffset.UtcNow && next.TimeOfDay == TimeSpan.FromHours(5), $"{next:O}");
        Assert.Equal(created.Json.ToJsonString(), (await Client.GetAsync($"{Path}/{id}")).Expect(200).Json.ToJsonString());

        var off = (await Client.PutAsync($"{Path}/{id}", new { enabled = false })).Expect(200);
        Assert.Equal((false, "0 5 * * *"), ((bool)off["enabled"]!, off.TextOf("cron")));
        var changed = (await Client.PutAsync($"{Path}/{id}", new { cron = "TZ=Asia/Tokyo 30 6 1 JAN ?", enabled = true })).Expect(200);
        Assert.Equal((new TimeSpan(21, 30, 0), 12), (Time(changed, "next_run_at").TimeOfDay, Time(changed, "next_run_at").Month));
        Assert.True(Time(changed, "updated_at") > Time(created, "updated_at"));
        (await Client.PutAsync($"{Path}/{id}", "{}")).Expect(200);
        Assert.Null((await Client.PutAsync($"{Path}/{id}", new { cron = "0 0 30 2 *" })).Expect(200)["next_run_at"]);

        (await Client.DeleteAsync($"{Path}/{id}")).Expect(204);
        foreach (var answer in new[] { await Client.GetAsync($"{Path}/{id}"), await Client.DeleteAsync($"{Path}/{id}"), await Client.PutAsync($"{Path}/{id}", "{}") })
            Assert.Equal("schedule not found", answer.ExpectError(404, "NOT_FOUND"));
        Assert.Equal("schedule not found", (await Client.GetAsync($"{Path}/no-uuid")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("schedule not found", (await Client.PutAsync($"{Path}/{id.Replace("-", "", StringComparison.Ordinal)}", "{}")).ExpectError(404, "NOT_FOUND"));
    }

    [Theory]
    [InlineData("{}", "namespace is required")]
    [InlineData("""{"namespace":"NS"}""", "layer is required")]
    [InlineData("""{"namespace":"NS","layer":"x"}""", "pipeline is required")]
    [InlineData("""{"namespace":"NS","layer":"x","pipeline":"P"}""", "cron is required")]
    [InlineData("""{"namespace":"NS","layer":"x","pipeline":"P","cron":"x"}""", "namespace ")]
    [InlineData("""{"namespace":"ns","layer":"x","pipeline":"P","cron":"x"}""", "layer ")]
    [InlineData("""{"namespace":"ns","layer":"gold","pipeline":"P","cron":"x"}""", "pipeline ")]
    [InlineData("""{"namespace":"ns","layer":"gold","pipeline":"p","cron":"x"}""", "cron ")]
    [InlineData("""{"namespace":"ns","layer":"gold","pipeline":"p","cron":"@daily"}""", "cron ")]
    [InlineData("""{"namespace":"ns","layer":"gold","pipeline":"p","cron":5}""", "invalid request body: cron ")]
    [InlineData("""{"namespace":"ns","layer":"gold","pipeline":"p","cron":"* * * * *","enabled":"yes"}""", "invalid request body: enabled ")]
    [InlineData("", "invalid request body: it is empty")]
    public async Task What_is_wrong_is_a_400(string body, string begin) =>
        Assert.StartsWith(begin, (await Client.PostAsync(Path, body)).ExpectError(400, "INVALID_ARGUMENT"), StringComparison.Ordinal);

    [Fact]
    public async Task A_schedule_belongs_to_a_live_pipeline()
    {
        var ns = await NewPipelineAsync();
        var body = new { @namespace = ns, layer = "bronze", pipeline = "p", cron = "0 5 * * *" };
        Assert.Equal("pipeline not found", (await Client.PostAsync(Path, body with { pipeline = "q" })).ExpectError(404, "NOT_FOUND"));
        var id = (await Client.PostAsync(Path, body)).Expect(201).TextOf("id");
        Assert.StartsWith("cron", (await Client.PutAsync($"{Path}/{id}", new { cron = "61 * * * *" })).ExpectError(400), StringComparison.Ordinal);
        (await Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        (await Client.GetAsync($"{Path}/{id}")).ExpectError(404, "NOT_FOUND");
        (await Client.DeleteAsync($"{Path}/{id}")).ExpectError(404, "NOT_FOUND");
        (await Client.PostAsync(Path, body)).ExpectError(404, "NOT_FOUND");
        Assert.DoesNotContain(id, (await Client.GetAsync($"{Path}?limit=200")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_are_pages_newest_first()
    {
        var ns = await NewPipelineAsync();
        var ids = new List<string>();
        for (var number = 0; number < 3; number++)
            ids.Insert(0, (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", cron = $"{number} 5 * * *" })).Expect(201).TextOf("id"));
        var all = (await Client.GetAsync($"{Path}?limit=200")).Expect(200);
        Assert.Equal(ids, all["schedules"]!.AsArray().Select(schedule => (string)schedule!["id"]!).Where(ids.Contains));
        var total = (int)all["total"]!;
        Assert.True(total >= 3);
        var page = (await Client.GetAsync($"{Path}?limit=1&offset=1")).Expect(200);
        Assert.Equal(total, (int)page["total"]!);
        Assert.Equal((string)all["schedules"]![1]!["id"]!, (string)Assert.Single(page["schedules"]!.AsArray())!["id"]!);
    }

    [Fact]
    public async Task At_its_time_it_has_fired_within_a_second()
    {
        var ns = await NewPipelineAsync("SELECT 1 AS x");
        var created = (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", pipeline = "p", cron = "* * * * *" })).Expect(201);
        var due = Time(created, "next_run_at");
        Assert.InRange((due - DateTimeOffset.UtcNow).TotalSeconds, -1, 60);
        JsonNode? run = null;
        for (var patience = due.AddSeconds(20); run is null && DateTimeOffset.UtcNow < patience; await Task.Delay(100))
            run = (await Client.GetAsync($"/api/v1/runs?namespace={ns}")).Expect(200)["runs"]!.AsArray().FirstOrDefault();
        Assert.NotNull(run);
        Assert.InRange((DateTimeOffset.Parse((string)run["created_at"]!, CultureInfo.InvariantCulture) - due).TotalMilliseconds, 0, 1000);
        Assert.Equal("schedule:* * * * *", (string)run["trigger"]!);
        (await new TestPlatform(Client, ns).EndAsync((string)run["id"]!)).ExpectSuccess();
        var after = (await Client.GetAsync($"{Path}/{created.TextOf("id")}")).Expect(200);
        Assert.Equal((string)run["id"]!, after.TextOf("last_run_id"));
        Assert.True(Time(after, "next_run_at") > Time(after, "last_run_at"));
        (await Client.DeleteAsync($"{Path}/{created.TextOf("id")}")).Expect(204);
    }

    private async Task<string> NewPipelineAsync(string sql = "SELECT 1 AS x")
    {
        var ns = await server.NewNamespaceAsync();
        await new TestPlatform(Client, ns).PutPipelineAsync("p", sql);
        return ns;
    }

    private static DateTimeOffset Time(ContractResponse response, string field) => DateTimeOffset.Parse(response.TextOf(field), CultureInfo.InvariantCulture);
}
