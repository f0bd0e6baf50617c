namespace Rat.Tests.Contract.Conformance;

/// <summary>The part of the walk that goes through schedules, triggers, webhooks and retention, in a namespace of its own.</summary>
internal sealed class AutomationScenarios(Prober prober, ContractClient client)
{
    private const string Api = "/api/v1";
    private const string Pipeline = $"{Api}/pipelines/conf_auto/bronze/p";
    private const string NoPipeline = $"{Api}/pipelines/conf_auto/bronze/none";

    public async Task RunAsync()
    {
        (await client.PostAsync($"{Api}/namespaces", new { name = "conf_auto" })).Expect(201);
        await new TestPlatform(client, "conf_auto").PutPipelineAsync("p", "SELECT 1 AS id");
        await SchedulesAsync();
        await TriggersAsync();
        await WebhooksAsync();
        await RetentionAsync();
    }

    private async Task SchedulesAsync()
    {
        const string Schedules = $"{Api}/schedules";
        var made = await SendAsync(201, "POST", Schedules, new { @namespace = "conf_auto", layer = "bronze", pipeline = "p", cron = "0 5 * * *" });
        await SendAsync(400, "POST", Schedules, new { @namespace = "conf_auto", layer = "bronze", pipeline = "p", cron = "at noon" });
        await SendAsync(404, "POST", Schedules, new { @namespace = "conf_auto", layer = "bronze", pipeline = "none", cron = "0 5 * * *" });
        await SendAsync(200, "GET", Schedules);
        await SendAsync(400, "PUT", $"{Schedules}/{made.TextOf("id")}", new { cron = "at noon" });
        await LivesAsync($"{Schedules}/{made.TextOf("id")}", $"{Schedules}/{Guid.Empty}");
    }

    private async Task TriggersAsync()
    {
        const string Triggers = $"{Pipeline}/triggers";
        var made = await SendAsync(201, "POST", Triggers, new { type = "cron", config = new { cron_expr = "0 5 * * *" } });
        await SendAsync(400, "POST", Triggers, new { type = "timer" });
        await SendAsync(404, "POST", $"{NoPipeline}/triggers", new { type = "webhook" });
        await SendAsync(200, "GET", Triggers);
        await SendAsync(404, "GET", $"{NoPipeline}/triggers");
        await SendAsync(400, "PUT", $"{Triggers}/{made.TextOf("id")}", new { cooldown_seconds = -1 });
        await LivesAsync($"{Triggers}/{made.TextOf("id")}", $"{Triggers}/{Guid.Empty}");
    }

    private async Task WebhooksAsync()
    {
        var made = (await client.PostAsync($"{Pipeline}/triggers", new { type = "webhook", cooldown_seconds = 300 })).Expect(201);
        // Its token belongs to the request: sent again, it comes too early, is limited, or finds no database.
        var call = new ProbeRequest("POST", $"{Api}/webhooks", Body: null, File: null, []) { Headers = [("X-Webhook-Token", made.TextOf("webhook_token"))] };
        await prober.SendAsync(client, 201, call);
        await prober.SendAsync(client, 429, call);
        await prober.SendAsync(client, 404, call with { Headers = [("X-Webhook-Token", "nobody's")] });
        await prober.SendAsync(client, 400, call with { Headers = [] });
    }

    private async Task RetentionAsync()
    {
        const string Retention = $"{Api}/admin/retention";
        await SendAsync(200, "GET", $"{Retention}/config");
        await SendAsync(200, "PUT", $"{Retention}/config", new { runs_max_per_pipeline = 50 });
        await SendAsync(400, "PUT", $"{Retention}/config", new { runs_max_per_pipeline = 0 });
        await SendAsync(202, "POST", $"{Retention}/run");
        await SendAsync(200, "GET", $"{Retention}/status");
        await SendAsync(204, "PUT", $"{Pipeline}/retention", new { runs_max_per_pipeline = 5 });
        await SendAsync(400, "PUT", $"{Pipeline}/retention", new { runs_max_per_pipeline = 0 });
        await SendAsync(404, "PUT", $"{NoPipeline}/retention", new { });
        await SendAsync(200, "GET", $"{Pipeline}/retention");
        await SendAsync(404, "GET", $"{NoPipeline}/retention");
    }

    /// <summary>One that was made is read, changed and deleted; one that wasn't is asked for.</summary>
    private async Task LivesAsync(string path, string none)
    {
        await SendAsync(200, "GET", path);
        await SendAsync(404, "GET", none);
        await SendAsync(200, "PUT", path, new { enabled = false });
        await SendAsync(404, "PUT", none, new { enabled = false });
        await SendAsync(204, "DELETE", path);
        await SendAsync(404, "DELETE", none);
    }

    private Task<ContractResponse> SendAsync(int status, string method, string path, object? body = null) =>
        prober.SendAsync(client, status, method, path, body);
}
