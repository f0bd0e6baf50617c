using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.Lists;

/// <summary>A page that is kept is never older than a write that was answered: each list, after each write that shows in it.</summary>
public class KeptPagesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Fact]
    public async Task Namespaces_show_each_write()
    {
        var name = ContractServer.NewName("fresh");
        await ChangesAsync("/api/v1/namespaces?limit=200", () => Client.PostAsync("/api/v1/namespaces", new { name }), 201);
        var listed = await ChangesAsync("/api/v1/namespaces?limit=200", () => Client.PutAsync($"/api/v1/namespaces/{name}", new { description = "told" }), 204);
        Assert.Contains("\"told\"", listed.Text, StringComparison.Ordinal);
        listed = await ChangesAsync("/api/v1/namespaces?limit=200", () => Client.DeleteAsync($"/api/v1/namespaces/{name}"), 204);
        Assert.DoesNotContain($"\"{name}\"", listed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelines_show_each_write_and_their_last_run()
    {
        var platform = await NewPlatformAsync();
        var (list, pipeline) = ($"/api/v1/pipelines?namespace={platform.Namespace}", $"/api/v1/pipelines/{platform.Namespace}/bronze/p");
        await ChangesAsync(list, () => Client.PostAsync("/api/v1/pipelines", new { @namespace = platform.Namespace, layer = "bronze", name = "p" }), 201);
        await ChangesAsync(list, () => Client.PutAsync(pipeline, new { description = "told" }), 200);
        await ChangesAsync(list, () => Client.PutAsync($"/api/v1/files/{platform.Namespace}/pipelines/bronze/p/pipeline.sql", new { content = "SELECT 1 AS x" }), 200);
        var listed = await ChangesAsync(list, () => Client.PostAsync($"{pipeline}/publish", new { message = "first" }), 200);
        Assert.NotNull(Only(listed, "pipelines")["published_at"]);

        await WarmAsync(list);
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        var last = Only((await Client.GetAsync(list)).Expect(200), "pipelines")["last_run"]!;
        Assert.Equal((run.Id, "success"), ((string)last["run_id"]!, (string)last["status"]!));
        listed = await ChangesAsync(list, () => Client.DeleteAsync(pipeline), 204);
        Assert.Equal(0, (int)listed["total"]!);
    }

    [Fact]
    public async Task Runs_show_each_state()
    {
        var platform = await NewPlatformAsync();
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var list = $"/api/v1/runs?namespace={platform.Namespace}";
        var started = await ChangesAsync(list, () => Client.PostAsync("/api/v1/runs", new { @namespace = platform.Namespace, layer = "bronze", pipeline = "p" }), 202);
        var id = (string)Only(started, "runs")["id"]!;
        await WarmAsync(list);
        await platform.EndAsync(id);
        Assert.Equal("success", (string)Only((await Client.GetAsync(list)).Expect(200), "runs")["status"]!);
    }

    [Fact]
    public async Task Schedules_show_each_write_and_leave_with_their_pipeline()
    {
        var platform = await NewPlatformAsync();
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        const string list = "/api/v1/schedules?limit=200";
        var body = new { @namespace = platform.Namespace, layer = "bronze", pipeline = "p", cron = "0 3 * * *" };
        var before = (int)(await Client.GetAsync(list)).Expect(200)["total"]!;
        var listed = await ChangesAsync(list, () => Client.PostAsync("/api/v1/schedules", body), 201);
        Assert.Equal(before + 1, (int)listed["total"]!);
        var id = (string)listed["schedules"]![0]!["id"]!;
        await ChangesAsync(list, () => Client.PutAsync($"/api/v1/schedules/{id}", new { cron = "0 4 * * *", enabled = false }), 200);
        listed = await ChangesAsync(list, () => Client.DeleteAsync($"/api/v1/schedules/{id}"), 204);
        Assert.Equal(before, (int)listed["total"]!);

        await ChangesAsync(list, () => Client.PostAsync("/api/v1/schedules", body), 201);
        listed = await ChangesAsync(list, () => Client.DeleteAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p"), 204);
        Assert.Equal((before, before), ((int)listed["total"]!, listed["schedules"]!.AsArray().Count));
    }

    [Fact]
    public async Task Triggers_show_each_write_and_the_address_that_was_asked()
    {
        var platform = await NewPlatformAsync();
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var list = $"/api/v1/pipelines/{platform.Namespace}/bronze/p/triggers";
        var listed = await ChangesAsync(list, () => Client.PostAsync(list, new { type = "webhook" }), 201);
        var id = (string)Only(listed, "triggers")["id"]!;
        await ChangesAsync(list, () => Client.PutAsync($"{list}/{id}", new { cooldown_seconds = 7 }), 200);
        var port = server.Process.Client.BaseAddress!.Port;
        var elsewhere = (await Client.GetAsync(list, ("Host", $"localhost:{port}"))).Expect(200);
        Assert.Equal($"http://localhost:{port}/api/v1/webhooks", (string)Only(elsewhere, "triggers")["webhook_url"]!);
        Assert.NotEqual(elsewhere.Text, (await Client.GetAsync(list)).Expect(200).Text);
        await ChangesAsync(list, () => Client.DeleteAsync($"{list}/{id}"), 204);
        (await Client.DeleteAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p")).Expect(204);
        (await Client.GetAsync(list)).ExpectError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Versions_and_tests_show_each_write()
    {
        var platform = await NewPlatformAsync();
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var pipeline = $"/api/v1/pipelines/{platform.Namespace}/bronze/p";
        var listed = await ChangesAsync($"{pipeline}/tests", () => Client.PostAsync($"{pipeline}/tests", new { name = "t", sql = "SELECT 1 WHERE false" }), 201);
        Assert.False((bool)Only(listed, "tests")["published"]!);
        await WarmAsync($"{pipeline}/tests");
        await ChangesAsync($"{pipeline}/versions", () => Client.PostAsync($"{pipeline}/publish", new { message = "first" }), 200);
        Assert.True((bool)Only((await Client.GetAsync($"{pipeline}/tests")).Expect(200), "tests")["published"]!);
        listed = await ChangesAsync($"{pipeline}/tests", () => Client.PutAsync(
            $"/api/v1/files/{platform.Namespace}/pipelines/bronze/p/tests/quality/t.sql", new { content = "SELECT 2 WHERE false" }), 200);
        Assert.Equal("SELECT 2 WHERE false", (string)Only(listed, "tests")["sql"]!);
        await ChangesAsync($"{pipeline}/tests", () => Client.DeleteAsync($"{pipeline}/tests/t"), 204);
        await ChangesAsync($"{pipeline}/versions", () => Client.PostAsync($"{pipeline}/rollback", new { version = 1 }), 200);
    }

    [Fact]
    public async Task Zones_and_what_lies_in_them_show_each_write()
    {
        var ns = (await NewPlatformAsync()).Namespace;
        var (list, zone) = ($"/api/v1/landing-zones?namespace={ns}", $"/api/v1/landing-zones/{ns}/z");
        (await Client.GetAsync($"{zone}/files")).ExpectError(404, "NOT_FOUND");
        await ChangesAsync(list, () => Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = "z" }), 201);
        await ChangesAsync(list, () => Client.PutAsync(zone, new { description = "told" }), 200);
        await WarmAsync(list);
        var files = await ChangesAsync($"{zone}/files", () => Client.UploadAsync($"{zone}/files", "a.csv", "id\n1\n"), 201);
        var listed = Only((await Client.GetAsync(list)).Expect(200), "zones");
        Assert.Equal((1, 5), ((int)listed["file_count"]!, (int)listed["total_bytes"]!));
        await ChangesAsync($"{zone}/samples", () => Client.UploadAsync($"{zone}/samples", "s.csv", "id\n1\n"), 201);
        await ChangesAsync($"{zone}/samples", () => Client.DeleteAsync($"{zone}/samples/s.csv"), 204);
        await WarmAsync(list);
        await ChangesAsync($"{zone}/files", () => Client.DeleteAsync($"{zone}/files/{(string)Only(files, "files")["id"]!}"), 204);
        listed = Only((await Client.GetAsync(list)).Expect(200), "zones");
        Assert.Equal((0, 0), ((int)listed["file_count"]!, (int)listed["total_bytes"]!));
        await WarmAsync($"{zone}/samples");
        await ChangesAsync(list, () => Client.DeleteAsync(zone), 204);
        (await Client.GetAsync($"{zone}/files")).ExpectError(404, "NOT_FOUND");
        (await Client.GetAsync($"{zone}/samples")).ExpectError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task Files_and_tables_show_each_write()
    {
        var platform = await NewPlatformAsync();
        var (files, tables) = ($"/api/v1/files?prefix={platform.Namespace}/", $"/api/v1/tables?namespace={platform.Namespace}");
        var file = $"/api/v1/files/{platform.Namespace}/notes.md";
        await ChangesAsync(files, () => Client.PutAsync(file, new { content = "one" }), 200);
        await ChangesAsync(files, () => Client.PutAsync(file, new { content = "three" }), 200);
        await ChangesAsync(files, () => Client.DeleteAsync(file), 204);
        await WarmAsync(tables);
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        Assert.Equal(1, (int)Only((await Client.GetAsync(tables)).Expect(200), "tables")["row_count"]!);
        await ChangesAsync(tables, () => Client.PutAsync($"/api/v1/tables/{platform.Namespace}/bronze/p/metadata", new { description = "told" }), 200);
    }

    [Fact]
    public async Task The_audit_log_shows_each_request_that_was_answered()
    {
        for (var time = 0; time < 20; time++)
        {
            var name = ContractServer.NewName("audited");
            var listed = await ChangesAsync("/api/v1/audit", () => Client.PutAsync($"/api/v1/namespaces/{name}", new { description = "nobody" }), 404);
            Assert.Equal($"/api/v1/namespaces/{name}", (string)listed["entries"]![0]!["resource"]!);
        }
    }

    private async Task<TestPlatform> NewPlatformAsync() => new(Client, await server.NewNamespaceAsync());

    // Then it is kept.
    private async Task WarmAsync(string list) => (await Client.GetAsync(list)).Expect(200);

    private async Task<ContractResponse> ChangesAsync(string list, Func<Task<ContractResponse>> write, int status)
    {
        var before = (await Client.GetAsync(list)).Text;
        (await write()).Expect(status);
        var after = (await Client.GetAsync(list)).Expect(200);
        Assert.NotEqual(before, after.Text);
        return after;
    }

    private static JsonNode Only(ContractResponse list, string items) => Assert.Single(list[items]!.AsArray())!;
}
