using System.Text.Json.Nodes;
using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>The audit log (behaviour §1, "Audit").</summary>
public class AuditTests
{
    private const string Path = "/api/v1/audit";

    [Fact]
    public async Task What_may_change_something_is_recorded_whatever_becomes_of_it()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var client = new ContractClient(rat.Client);
        Assert.Equal(0, (int)(await client.GetAsync(Path)).Expect(200)["total"]!);

        (await client.PostAsync("/api/v1/namespaces", new { name = "audited" })).Expect(201);
        (await client.PostAsync("/api/v1/namespaces", "no JSON")).Expect(400);
        (await client.PutAsync("/api/v1/namespaces/audited?x=secret", new { description = "hidden text" })).Expect(204);
        (await client.DeleteAsync("/api/v1/pipelines/audited/bronze/nothing")).Expect(404);
        (await client.DeleteAsync("/api/v1/namespaces/UPPER")).Expect(400);
        (await client.PostAsync("/api/v1/query", new { sql = "SELECT 1" })).Expect(200);
        (await client.PostAsync("/api/v1/sharing", "{")).Expect(501);
        var unknown = client.WithoutValidation;
        (await unknown.PutAsync("/api/v1/nowhere")).Expect(404);
        // None of these is one.
        (await client.GetAsync("/api/v1/namespaces")).Expect(200);
        (await unknown.PostAsync("/health")).Expect(405);
        (await unknown.SendAsync("PATCH", "/api/v1/namespaces")).Expect(405);
        (await unknown.SendAsync("OPTIONS", "/api/v1/namespaces")).Expect(405);
        (await unknown.PostAsync("/api/v1/namespaces", new { name = "x" }, ("Origin", "https://elsewhere.example"))).Expect(403);

        var log = (await client.GetAsync(Path)).Expect(200);
        string[] expected =
        [
            "put /api/v1/nowhere", "post /api/v1/sharing", "post /api/v1/query", "delete /api/v1/namespaces/UPPER",
            "delete /api/v1/pipelines/audited/bronze/nothing", "put /api/v1/namespaces/audited", "post /api/v1/namespaces",
            "post /api/v1/namespaces",
        ];
        Assert.Equal(expected, Entries(log).Select(entry => $"{entry["action"]} {entry["resource"]}"));
        Assert.Equal(expected.Length, (int)log["total"]!);
        Assert.All(Entries(log), entry => Assert.Equal(("anonymous", "", "127.0.0.1"),
            ((string)entry["user_id"]!, (string)entry["detail"]!, (string)entry["ip"]!)));
        Assert.Equal(expected.Length, Entries(log).Select(entry => (string)entry["id"]!).Distinct().Count());
        Assert.DoesNotContain("secret", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_windows_of_the_whole_log_also_after_a_restart()
    {
        var data = Directory.CreateTempSubdirectory("rat-audit-");
        try
        {
            var environment = new Dictionary<string, string> { ["RATE_LIMIT"] = "0" };
            await using (var rat = await RatProcess.ServeOnAsync(data.FullName, environment))
            {
                var client = new ContractClient(rat.Client);
                // At once, so that entries of several requests share a transaction.
                await Task.WhenAll(Enumerable.Range(0, 120).Select(i => client.PutAsync($"/api/v1/namespaces/n{i}", new { description = "" })));
                await CheckAsync(client);
                rat.Signal("TERM");
                await rat.WaitForExitAsync();
            }

            await using var again = await RatProcess.ServeOnAsync(data.FullName, environment);
            await CheckAsync(new ContractClient(again.Client));
        }
        finally
        {
            data.Delete(recursive: true);
        }

        static async Task CheckAsync(ContractClient client)
        {
            var seen = new List<string>();
            foreach (var (offset, count) in ((int, int)[])[(0, 50), (50, 50), (100, 20), (120, 0), (5000, 0)])
            {
                var page = (await client.GetAsync($"{Path}?limit=50&offset={offset}")).Expect(200);
                Assert.Equal(120, (int)page["total"]!);
                Assert.Equal(count, Entries(page).Count);
                seen.AddRange(Entries(page).Select(entry => (string)entry["resource"]!));
            }

            Assert.Equal(Enumerable.Range(0, 120).Select(i => $"/api/v1/namespaces/n{i}").Order(), seen.Order());
        }
    }

    [Fact]
    public async Task Who_is_not_let_in_is_not_recorded_and_the_key_neither()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["RAT_API_KEY"] = "s3cr3t-key" });
        var client = new ContractClient(rat.Client);
        (await client.PostAsync("/api/v1/namespaces", new { name = "a" })).Expect(401);
        (await client.PostAsync("/api/v1/namespaces", new { name = "a" }, ("X-Api-Key", "s3cr3t-key"))).Expect(201);
        (await client.GetAsync(Path)).Expect(401);
        var log = (await client.GetAsync(Path, ("Authorization", "Bearer s3cr3t-key"))).Expect(200);
        Assert.Single(Entries(log));
        Assert.DoesNotContain("s3cr3t", log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_of_any_length_is_recorded_in_full()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var client = new ContractClient(rat.Client);
        var path = "/api/v1/files/default/" + string.Join('/', Enumerable.Repeat("folder", 300)) + "/%C3%A9.txt";
        (await client.DeleteAsync(path)).Expect(400);
        Assert.Equal(Uri.UnescapeDataString(path), (string)Entries((await client.GetAsync(Path)).Expect(200))[0]["resource"]!);
    }

    private static List<JsonNode> Entries(ContractResponse log) => [.. log["entries"]!.AsArray().Select(entry => entry!)];
}
