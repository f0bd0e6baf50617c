using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Pages of the lists that count without counting: whatever window is asked for, it is one of the whole list (behaviour §1).</summary>
public class PagingTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const int Count = 37;

    [Fact]
    public async Task Every_page_of_pipelines_is_a_window_of_the_whole()
    {
        var ns = await server.NewNamespaceAsync();
        for (var i = 0; i < Count; i++)
            (await server.Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = i % 3 == 0 ? "gold" : "bronze", name = $"p{i * 7 % Count}" })).Expect(201);
        await CheckAsync("pipelines", $"namespace={ns}", Count);
        await CheckAsync("pipelines", $"namespace={ns}&sort=name&order=asc", Count);
        await CheckAsync("pipelines", $"namespace={ns}&sort=layer", Count);
        await CheckAsync("pipelines", $"namespace={ns}&layer=gold", 13);
        await CheckAsync("pipelines", $"namespace={ns}&search=P1", 11);

        // A deleted one is counted no more, one of its name again.
        (await server.Client.DeleteAsync($"/api/v1/pipelines/{ns}/gold/p0")).Expect(204);
        await CheckAsync("pipelines", $"namespace={ns}", Count - 1);
        await CheckAsync("pipelines", $"namespace={ns}&layer=gold", 12);
        (await server.Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "gold", name = "p0" })).Expect(201);
        await CheckAsync("pipelines", $"namespace={ns}", Count);
    }

    [Fact]
    public async Task Pages_far_in_are_windows_of_the_whole_too()
    {
        const int many = 130;
        var ns = await server.NewNamespaceAsync();
        for (var i = 0; i < many; i++)
            (await server.Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "bronze", name = $"p{i * 7 % many}" })).Expect(201);
        await CheckAsync("pipelines", $"namespace={ns}", many);
        await CheckAsync("pipelines", $"namespace={ns}&sort=name&order=asc", many);
    }

    [Fact]
    public async Task Every_page_of_zones_and_of_their_files_is_a_window_of_the_whole()
    {
        var ns = await server.NewNamespaceAsync();
        for (var i = 0; i < Count; i++)
            (await server.Client.PostAsync("/api/v1/landing-zones", new { @namespace = ns, name = $"z{i * 7 % Count}" })).Expect(201);
        await CheckAsync("landing-zones", $"namespace={ns}", Count, "zones");
        for (var i = 0; i < Count; i++)
            (await server.Client.UploadAsync($"/api/v1/landing-zones/{ns}/z1/files", $"f{i * 7 % Count}.csv", "id\n1\n")).Expect(201);
        await CheckAsync($"landing-zones/{ns}/z1/files", "", Count, "files");
    }

    [Fact]
    public async Task Every_page_of_runs_is_a_window_of_the_whole()
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        await platform.PutPipelineAsync("good", "SELECT 1 AS x");
        await platform.PutPipelineAsync("bad", "SELECT nothing");
        var ids = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => platform.StartAsync(i % 4 == 0 ? "bad" : "good")));
        foreach (var id in ids)
            await platform.EndAsync(id);
        var ns = platform.Namespace;
        foreach (var sort in (string[])["created_at", "started_at", "finished_at", "status", "trigger", "duration_ms"])
        {
            await CheckAsync("runs", $"namespace={ns}&sort={sort}", Count);
            await CheckAsync("runs", $"namespace={ns}&sort={sort}&order=asc", Count);
        }

        await CheckAsync("runs", $"namespace={ns}&status=failed", 10);
        await CheckAsync("runs", $"namespace={ns}&status=pending", 0);
        await CheckAsync("runs", $"namespace={ns}&pipeline=good", Count - 10);
        await CheckAsync("runs", $"namespace={ns}&layer=bronze&pipeline=bad&status=failed", 10);
        await CheckAsync("runs", $"namespace={ns}&from=2020-01-01T00:00:00Z", Count);
        await CheckAsync("runs", $"namespace={ns}&to=2020-01-01T00:00:00Z", 0);
    }

    private async Task CheckAsync(string list, string query, int total, string? items = null)
    {
        var all = await PageAsync(200, 0);
        Assert.Equal(total, all.Count);
        Assert.Equal(total, all.Distinct().Count());
        foreach (var limit in (int[])[1, 5, 50])
        {
            for (var offset = 0; offset <= total + 1; offset += limit == 1 ? 9 : 3)
                Assert.Equal(all.Skip(offset).Take(limit), await PageAsync(limit, offset));
        }

        async Task<List<string>> PageAsync(int limit, int offset)
        {
            var page = (await server.Client.GetAsync($"/api/v1/{list}?{query}&limit={limit}&offset={offset}")).Expect(200);
            Assert.Equal(total, (int)page["total"]!);
            return [.. page[items ?? list]!.AsArray().Select((JsonNode? item) => (string)item!["id"]!)];
        }
    }
}
