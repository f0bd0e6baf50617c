using System.Globalization;
using System.Text.Json.Nodes;

namespace Rat.Bench;

/// <summary>How fast what is due and what follows an event begins (issue 5, "Must show" 2).</summary>
internal static class AutomationFigures
{
    private const int Schedules = 1000;
    private const int Events = 100;

    public static async Task PrintAsync(string binary)
    {
        var cache = Directory.CreateTempSubdirectory("rat-bench-cache-").FullName;
        using var server = await RatServer.StartAsync(binary, cache);
        await PrintEventsAsync(server);
        await PrintSchedulesAsync(server);
    }

    // One event at a time, on a server that does nothing else.
    private static async Task PrintEventsAsync(RatServer server)
    {
        await server.CreatePipelineAsync("bronze", "event", "SELECT 1 AS id");
        await server.CreatePipelineAsync("silver", "follower", "SELECT 1 AS id");
        await server.SendAsync(HttpMethod.Post, "/api/v1/pipelines/default/silver/follower/triggers", new JsonObject
        {
            ["type"] = "pipeline_success",
            ["config"] = new JsonObject { ["namespace"] = "default", ["layer"] = "bronze", ["pipeline"] = "event" },
        });
        for (var number = 0; number < Events; number++)
        {
            await server.RunAsync("bronze", "event");
            await Task.Delay(50);
        }

        await Task.Delay(500);
        var (events, followers) = (await RunsAsync(server, "event"), await RunsAsync(server, "follower"));
        var delays = events.Zip(followers, (happened, follower) => (Time(follower, "started_at") - Time(happened, "finished_at")).TotalMilliseconds).ToList();
        Console.WriteLine($"event → run started           {Percentile(delays, 0.5):0.0} ms median, {Percentile(delays, 0.99):0.0} ms p99 ({delays.Count} events)");
    }

    private static async Task PrintSchedulesAsync(RatServer server)
    {
        for (var number = 0; number < Schedules; number++)
            await server.CreatePipelineAsync("gold", $"due{number}", "SELECT 1 AS id");
        // Far enough away that all of them are made by then.
        var now = DateTimeOffset.UtcNow.AddMinutes(1.5);
        var due = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero).AddMinutes(1);
        for (var number = 0; number < Schedules; number++)
        {
            await server.SendAsync(HttpMethod.Post, "/api/v1/schedules", new JsonObject
            {
                ["namespace"] = "default",
                ["layer"] = "gold",
                ["pipeline"] = $"due{number}",
                ["cron"] = $"{due.Minute} {due.Hour} * * *",
            });
        }

        await Task.Delay(due.AddSeconds(2) - DateTimeOffset.UtcNow);
        List<JsonNode> runs;
        do
        {
            await Task.Delay(1000);
            runs = await RunsAsync(server, layer: "gold");
        }
        while (runs.Count < Schedules || runs.Any(run => run["finished_at"] is null));

        var fired = runs.Select(run => (Time(run, "created_at") - due).TotalMilliseconds).ToList();
        var recorded = $"{Percentile(fired, 0.5):0} ms median, {Percentile(fired, 0.99):0} ms p99";
        var ended = (runs.Max(run => Time(run, "finished_at")) - due).TotalSeconds;
        Console.WriteLine($"1 000 schedules of one minute {recorded} after it; all {runs.Count(run => (string)run["status"]! == "success")} runs ended after {ended:0.0} s");
    }

    private static async Task<List<JsonNode>> RunsAsync(RatServer server, string? pipeline = null, string? layer = null)
    {
        var runs = new List<JsonNode>();
        while (true)
        {
            var path = $"/api/v1/runs?pipeline={pipeline}&layer={layer}&sort=created_at&order=asc&limit=200&offset={runs.Count}";
            var page = JsonNode.Parse(await server.Http.GetStringAsync(path))!["runs"]!.AsArray();
            runs.AddRange(page!);
            if (page.Count < 200)
                return runs;
        }
    }

    private static DateTimeOffset Time(JsonNode run, string field) => DateTimeOffset.Parse((string)run[field]!, CultureInfo.InvariantCulture);

    private static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)Math.Ceiling(values.Count * share) - 1);
}
