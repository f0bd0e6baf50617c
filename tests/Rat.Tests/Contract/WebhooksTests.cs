using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>Webhooks (behaviour §8, "Webhook call").</summary>
public class WebhooksTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/webhooks";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_token_is_told_once_and_starts_a_run()
    {
        var (ns, path) = await NewPipelineAsync();
        var created = (await Client.PostAsync(path, new { type = "webhook", config = new { token_hash = "mine" } })).Expect(201);
        var (token, hash) = (created.TextOf("webhook_token"), created["config"]!["token_hash"]!.GetValue<string>());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))), hash);
        Assert.EndsWith("/api/v1/webhooks", created.TextOf("webhook_url"), StringComparison.Ordinal);
        Assert.StartsWith("http://127.0.0.1:", created.TextOf("webhook_url"), StringComparison.Ordinal);
        var shown = (await Client.GetAsync($"{path}/{created.TextOf("id")}")).Expect(200);
        Assert.False(shown.Json.AsObject().ContainsKey("webhook_token"));
        Assert.Equal(created.TextOf("webhook_url"), shown.TextOf("webhook_url"));

        var fired = (await Client.PostAsync(Path, "not even JSON", ("X-Webhook-Token", $" {token} "))).Expect(201);
        var platform = new TestPlatform(Client, ns);
        (await platform.EndAsync(fired.TextOf("run_id"))).ExpectSuccess();
        var run = await platform.RunOfAsync(fired.TextOf("run_id"));
        Assert.Equal($"trigger:webhook:{hash[..8]}", run.TextOf("trigger"));
        (await Client.PostAsync(Path, null, ("Authorization", $"Bearer {token}"))).Expect(201);
        // The first header wins.
        (await Client.PostAsync(Path, null, ("X-Webhook-Token", "wrong"), ("Authorization", $"Bearer {token}"))).ExpectError(404, "NOT_FOUND");
        Assert.DoesNotContain(server.Process.Output, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(Path, (await Client.GetAsync("/api/v1/audit?limit=200")).Expect(200).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_is_none_or_of_no_use_starts_nothing()
    {
        var (ns, path) = await NewPipelineAsync();
        var created = (await Client.PostAsync(path, new { type = "webhook" })).Expect(201);
        var token = created.TextOf("webhook_token");
        (await Client.PostAsync(Path)).ExpectError(400, "INVALID_ARGUMENT");
        (await Client.PostAsync(Path, null, ("X-Webhook-Token", "  "))).ExpectError(400, "INVALID_ARGUMENT");
        (await Client.PostAsync(Path, null, ("Authorization", $"Basic {token}"))).ExpectError(400, "INVALID_ARGUMENT");
        foreach (var wrong in new[] { created["config"]!["token_hash"]!.GetValue<string>(), token.ToUpperInvariant(), token[..^1], "ü" })
            Assert.Equal("not found", (await Client.PostAsync(Path, null, ("X-Webhook-Token", wrong))).ExpectError(404, "NOT_FOUND"));

        var trigger = $"{path}/{created.TextOf("id")}";
        Assert.Contains("can't be changed", (await Client.PutAsync(trigger, new { config = new { token_hash = new string('0', 64) } })).ExpectError(400),
            StringComparison.Ordinal);
        (await Client.PutAsync(trigger, new { enabled = false })).Expect(200);
        (await Client.PostAsync(Path, null, ("X-Webhook-Token", token))).ExpectError(404, "NOT_FOUND");
        (await Client.PutAsync(trigger, new { enabled = true })).Expect(200);
        (await Client.DeleteAsync($"/api/v1/pipelines/{ns}/bronze/p")).Expect(204);
        (await Client.PostAsync(Path, null, ("X-Webhook-Token", token))).ExpectError(404, "NOT_FOUND");
        Assert.Equal(0, (int)(await Client.GetAsync($"/api/v1/runs?namespace={ns}")).Expect(200)["total"]!);
    }

    [Fact]
    public async Task A_cooldown_is_a_429_that_says_how_long()
    {
        var (_, path) = await NewPipelineAsync();
        var token = (await Client.PostAsync(path, new { type = "webhook", cooldown_seconds = 300 })).Expect(201).TextOf("webhook_token");
        (await Client.PostAsync(Path, null, ("X-Webhook-Token", token))).Expect(201);
        var early = await Client.PostAsync(Path, null, ("X-Webhook-Token", token));
        early.ExpectError(429, "RATE_LIMITED");
        Assert.InRange(int.Parse(early.Header("Retry-After")!, CultureInfo.InvariantCulture), 280, 300);
    }

    [Fact]
    public async Task It_needs_no_key_but_the_trigger_does()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["RAT_API_KEY"] = "secret" });
        var client = new ContractClient(rat.Client);
        (string, string) key = ("X-Api-Key", "secret");
        (await client.PostAsync("/api/v1/pipelines", new { @namespace = "default", layer = "bronze", name = "p" }, key)).Expect(201);
        const string triggers = "/api/v1/pipelines/default/bronze/p/triggers";
        (await client.PostAsync(triggers, new { type = "webhook" })).ExpectError(401, "UNAUTHENTICATED");
        var token = (await client.PostAsync(triggers, new { type = "webhook" }, key)).Expect(201).TextOf("webhook_token");
        (await client.PostAsync(Path, null, ("X-Webhook-Token", token))).Expect(201);
    }

    private async Task<(string Namespace, string Triggers)> NewPipelineAsync()
    {
        var ns = await server.NewNamespaceAsync();
        await new TestPlatform(Client, ns).PutPipelineAsync("p", "SELECT 1 AS x");
        return (ns, $"/api/v1/pipelines/{ns}/bronze/p/triggers");
    }
}
