using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Publishing a draft, versions, going back to one (behaviour §3, "Draft / published").</summary>
public class PublishingTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_draft_is_published_changed_published_and_rolled_back()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        Assert.Equal("""{"versions":[],"total":0}""", (await Client.GetAsync($"{pipeline}/versions")).Expect(200).Text);
        await PutAsync(ns, "pipeline.sql", "SELECT 1 AS x");
        await PutAsync(ns, "docs/notes.md", "notes");
        Assert.True((bool)(await Client.GetAsync(pipeline))["draft_dirty"]!);

        var first = (await Client.PostAsync($"{pipeline}/publish", new { message = "first" })).Expect(200);
        Assert.Equal("""["published",1,"first"]""", Fields(first.Json, "status", "version", "message"));
        Assert.Equal([$"{ns}/pipelines/silver/orders/config.yaml", $"{ns}/pipelines/silver/orders/docs/notes.md", $"{ns}/pipelines/silver/orders/pipeline.sql"],
            first["versions"]!.AsObject().Select(file => file.Key).Order(StringComparer.Ordinal));
        var shown = (await Client.GetAsync(pipeline)).Expect(200);
        Assert.False((bool)shown["draft_dirty"]!);
        Assert.NotNull(shown["published_at"]);
        Assert.Equal(first["versions"]!.ToJsonString(), shown["published_versions"]!.ToJsonString());

        // Always a version, even without changes; the same files then.
        var second = (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        Assert.Equal("""["published",2,""]""", Fields(second.Json, "status", "version", "message"));
        Assert.Equal(first["versions"]!.ToJsonString(), second["versions"]!.ToJsonString());

        await PutAsync(ns, "pipeline.sql", "SELECT 2 AS x");
        (await Client.DeleteAsync($"/api/v1/files/{ns}/pipelines/silver/orders/docs/notes.md")).Expect(204);
        var third = (await Client.PostAsync($"{pipeline}/publish", "not JSON")).Expect(200);
        Assert.Equal("""["published",3,""]""", Fields(third.Json, "status", "version", "message"));
        Assert.Equal(2, third["versions"]!.AsObject().Count);

        await PutAsync(ns, "pipeline.sql", "SELECT 3 AS x");
        var back = (await Client.PostAsync($"{pipeline}/rollback", new { version = 1 })).Expect(200);
        Assert.Equal("""["rolled_back",1,4,"Rollback to v1"]""", Fields(back.Json, "status", "from_version", "new_version", "message"));
        Assert.Equal("mine", (await Client.PostAsync($"{pipeline}/rollback", new { version = 3, message = "mine" })).Expect(200).TextOf("message"));
        shown = (await Client.GetAsync(pipeline)).Expect(200);
        Assert.False((bool)shown["draft_dirty"]!);
        Assert.Equal(third["versions"]!.ToJsonString(), shown["published_versions"]!.ToJsonString());
        Assert.Equal("SELECT 3 AS x", (await Client.GetAsync($"/api/v1/files/{ns}/pipelines/silver/orders/pipeline.sql")).TextOf("content"));

        var versions = (await Client.GetAsync($"{pipeline}/versions")).Expect(200);
        Assert.Equal(5, (int)versions["total"]!);
        Assert.Equal("5 mine; 4 Rollback to v1; 3 ; 2 ; 1 first", string.Join("; ",
            versions["versions"]!.AsArray().Select(version => $"{version!["version_number"]} {version["message"]}")));
        Assert.All(versions["versions"]!.AsArray(), version => Assert.Equal((string)shown["id"]!, (string)version!["pipeline_id"]!));
        var one = (await Client.GetAsync($"{pipeline}/versions/4")).Expect(200);
        Assert.Equal(versions["versions"]![1]!.ToJsonString(), one.Json.ToJsonString());
        Assert.Equal(first["versions"]!.ToJsonString(), one["published_versions"]!.ToJsonString());
    }

    [Fact]
    public async Task Runs_follow_a_rollback()
    {
        var platform = new TestPlatform(Client, await server.NewNamespaceAsync());
        foreach (var text in (string[])["one", "two"])
        {
            await platform.PutPipelineAsync("p", $"SELECT '{text}' AS x");
            (await platform.PublishAsync("p")).Expect(200);
        }

        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("\"two\"", await platform.CellAsync("SELECT x FROM bronze.p"));
        (await Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/rollback", new { version = 1 })).Expect(200);
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("\"one\"", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Fact]
    public async Task What_is_invalid_is_not_published_and_nothing_changes()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        await PutAsync(ns, "pipeline.sql", "SELECT {{ 1 +");
        var before = (await Client.GetAsync(pipeline)).Text;
        var refused = await Client.PostAsync($"{pipeline}/publish");
        Assert.Equal("template validation failed", refused.ExpectError(422));
        Assert.False((bool)refused["validation"]!["valid"]!);
        Assert.Equal(before, (await Client.GetAsync(pipeline)).Text);
        Assert.Equal(1, (int)(await Client.GetAsync($"{pipeline}/versions"))["total"]!);
    }

    [Fact]
    public async Task The_newest_50_versions_are_kept_with_what_they_pin()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        for (var number = 1; number <= 53; number++)
        {
            await PutAsync(ns, "pipeline.sql", $"SELECT {number} AS x");
            Assert.Equal(number, (int)(await Client.PostAsync($"{pipeline}/publish")).Expect(200)["version"]!);
        }

        var versions = (await Client.GetAsync($"{pipeline}/versions")).Expect(200)["versions"]!.AsArray();
        Assert.Equal(Enumerable.Range(4, 50).Reverse(), versions.Select(version => (int)version!["version_number"]!));
        Assert.Equal("version not found", (await Client.GetAsync($"{pipeline}/versions/3")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("version not found", (await Client.PostAsync($"{pipeline}/rollback", new { version = 3 })).ExpectError(404, "NOT_FOUND"));

        // The oldest that is left still runs; its number is gone with the next version, its files are not.
        (await Client.PostAsync($"{pipeline}/rollback", new { version = 4 })).Expect(200);
        (await Client.GetAsync($"{pipeline}/versions/4")).ExpectError(404, "NOT_FOUND");
        var platform = new TestPlatform(Client, ns);
        (await platform.RunAsync("orders", "silver")).ExpectSuccess();
        Assert.Equal("4", await platform.CellAsync("SELECT x FROM silver.orders"));
        Assert.Equal(54, (int)(await Client.GetAsync($"{pipeline}/versions"))["versions"]![0]!["version_number"]!);
    }

    [Fact]
    public async Task Publications_at_once_each_get_a_number_of_their_own()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            await PutAsync(ns, "pipeline.sql", $"SELECT {i} AS x");
            return (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        }));
        Assert.Equal(Enumerable.Range(1, 8), answers.Select(answer => (int)answer["version"]!).Order());
        var newest = answers.MaxBy(answer => (int)answer["version"]!)!;
        var shown = (await Client.GetAsync(pipeline)).Expect(200);
        Assert.Equal(newest["versions"]!.ToJsonString(), shown["published_versions"]!.ToJsonString());
        // Nothing is written after the last of them, or else the draft is dirty.
        (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        Assert.False((bool)(await Client.GetAsync(pipeline))["draft_dirty"]!);
    }

    [Theory]
    [InlineData("POST", "/publish", "{}")]
    [InlineData("GET", "/versions", null)]
    [InlineData("GET", "/versions/1", null)]
    [InlineData("POST", "/rollback", """{"version": 1}""")]
    public async Task Without_a_pipeline_nothing_is_published(string method, string rest, string? body)
    {
        var ns = await server.NewNamespaceAsync();
        using var content = body is null ? null : new StringContent(body);
        Assert.Equal("pipeline not found", (await Client.SendAsync(method, $"/api/v1/pipelines/{ns}/gold/nothing{rest}", content)).ExpectError(404, "NOT_FOUND"));
        (await Client.SendAsync(method, $"/api/v1/pipelines/{ns}/iron/nothing{rest}")).ExpectError(400);
    }

    [Theory]
    [InlineData("0", 400)]
    [InlineData("-1", 400)]
    [InlineData("one", 400)]
    [InlineData("1.5", 400)]
    [InlineData("%31%20", 400)]
    [InlineData("2", 404)]
    [InlineData("99999999999999999999999", 404)]
    public async Task A_version_is_a_positive_number(string number, int status)
    {
        var (_, pipeline) = await NewPipelineAsync();
        (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        var message = (await Client.GetAsync($"{pipeline}/versions/{number}")).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT");
        Assert.Equal(status == 404 ? "version not found" : "invalid version number", message);
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("""{"version": 0}""", 400)]
    [InlineData("""{"version": -1}""", 400)]
    [InlineData("""{"version": "1"}""", 400)]
    [InlineData("""{"version": 1.5}""", 400)]
    [InlineData("""{"version": 1e300}""", 400)]
    [InlineData("""{"version": 1, "message": 5}""", 400)]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"version": 2}""", 404)]
    [InlineData("""{"version": 9000000000000000000}""", 404)]
    public async Task A_rollback_to_no_version_changes_nothing(string body, int status)
    {
        var (_, pipeline) = await NewPipelineAsync();
        (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        var before = (await Client.GetAsync(pipeline)).Text;
        (await Client.PostAsync($"{pipeline}/rollback", body)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT");
        Assert.Equal(before, (await Client.GetAsync(pipeline)).Text);
        Assert.Equal(1, (int)(await Client.GetAsync($"{pipeline}/versions"))["total"]!);
    }

    [Fact]
    public async Task Bodies_over_the_limit_are_refused()
    {
        var (_, pipeline) = await NewPipelineAsync();
        var large = new { message = new string('x', 1 << 20), version = 1 };
        (await Client.PostAsync($"{pipeline}/publish", large)).ExpectError(413);
        (await Client.PostAsync($"{pipeline}/rollback", large)).ExpectError(413);
        foreach (var odd in (string[])["[]", "null", "7", """{"message": 5}""", """{"message": null}""", "{"])
            Assert.Equal("", (await Client.PostAsync($"{pipeline}/publish", odd)).Expect(200).TextOf("message"));
    }

    [Fact]
    public async Task A_new_pipeline_of_an_old_name_starts_without_versions()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        (await Client.PostAsync($"{pipeline}/publish")).Expect(200);
        (await Client.DeleteAsync(pipeline)).Expect(204);
        (await Client.GetAsync($"{pipeline}/versions")).ExpectError(404, "NOT_FOUND");
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "silver", name = "orders" })).Expect(201);
        Assert.Equal(0, (int)(await Client.GetAsync($"{pipeline}/versions")).Expect(200)["total"]!);
        Assert.Equal(1, (int)(await Client.PostAsync($"{pipeline}/publish")).Expect(200)["version"]!);
    }

    private Task<ContractResponse> PutAsync(string ns, string file, string content) =>
        Client.PutAsync($"/api/v1/files/{ns}/pipelines/silver/orders/{file}", new { content });

    private async Task<(string Namespace, string Path)> NewPipelineAsync()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "silver", name = "orders" })).Expect(201);
        return (ns, $"/api/v1/pipelines/{ns}/silver/orders");
    }

    private static string Fields(JsonNode node, params string[] names) =>
        new JsonArray([.. names.Select(name => node[name]?.DeepClone())]).ToJsonString();
}
