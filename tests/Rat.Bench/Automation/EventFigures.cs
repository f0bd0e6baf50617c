using System.Globalization;
using System.Text.Json.Nodes;

namespace Rat.Bench.Automation;

/// <summary>
/// From an event to the run that it starts, one at a time on a server that does nothing else. A run is <c>running</c> once the transaction that
/// says so is on disk; the first line of its log is written right after that, so its time is the end that is measured here. In between lie two
/// commits, the event's and the start's, each with a sync of the disk.
/// </summary>
internal static class EventFigures
{
    private const int Events = 600;

    // Nothing that comes back at a beat of its own may always, or never, meet an event.
    private static readonly Random Pause = new(5);

    public static async Task PrintAsync(string binary, string cache)
    {
        using var server = await RatServer.StartAsync(binary, cache);
        await PrintUploadsAsync(server);
        await PrintSuccessesAsync(server);
    }

    private static async Task PrintUploadsAsync(RatServer server)
    {
        await server.SendAsync(HttpMethod.Post, "/api/v1/landing-zones", new JsonObject { ["namespace"] = "default", ["name"] = "drop" });
        await server.CreatePipelineAsync("bronze", "fed", "SELECT 1 AS id");
        await server.SendAsync(HttpMethod.Post, "/api/v1/pipelines/default/bronze/fed/triggers", new JsonObject
        {
            ["type"] = "landing_zone_upload",
            ["config"] = new JsonObject { ["namespace"] = "default", ["zone_name"] = "drop" },
        });
        var (inside, syncs) = (new List<double>(), new List<double>());
        for (var number = 0; number < Events; number++)
        {
            syncs.Add(Measure.FsyncOnce());
            await Task.Delay(Pause.Next(20, 60));
            using var form = new MultipartFormDataContent { { new ByteArrayContent("id\n1\n"u8.ToArray()), "file", "rows.csv" } };
            using var answer = await server.Http.PostAsync("/api/v1/landing-zones/default/drop/files", form);
            answer.EnsureSuccessStatusCode();
            var run = await NewestAsync(server, "fed");
            inside.Add(await DelayAsync(server, run, Time(run["created_at"]!)));
        }

        Console.WriteLine($"fsync of 4 kB in between      {AutomationFigures.Spread(syncs)}");
        Console.WriteLine($"upload → run running          {AutomationFigures.Spread(inside)} ({Events} events)");
    }

    private static async Task PrintSuccessesAsync(RatServer server)
    {
        await server.CreatePipelineAsync("bronze", "event", "SELECT 1 AS id");
        await server.CreatePipelineAsync("silver", "follower", "SELECT 1 AS id");
        await server.SendAsync(HttpMethod.Post, "/api/v1/pipelines/default/silver/follower/triggers", new JsonObject
        {
            ["type"] = "pipeline_success",
            ["config"] = new JsonObject { ["namespace"] = "default", ["layer"] = "bronze", ["pipeline"] = "event" },
        });
        var delays = new List<double>();
        for (var number = 0; number < Events; number++)
        {
            await Task.Delay(Pause.Next(20, 60));
            var happened = await server.StartRunAsync("bronze", "event");
            await server.FollowAsync(happened);
            var ended = await server.GetAsync($"/api/v1/runs/{happened}");
            delays.Add(await DelayAsync(server, await NewestAsync(server, "follower"), Time(ended["finished_at"]!)));
        }

        Console.WriteLine($"success → next run running    {AutomationFigures.Spread(delays)} ({Events} events)");
    }

    private static async Task<JsonNode> NewestAsync(RatServer server, string pipeline) =>
        (await server.GetAsync($"/api/v1/runs?pipeline={pipeline}&sort=created_at&limit=1"))["runs"]![0]!;

    private static async Task<double> DelayAsync(RatServer server, JsonNode run, DateTimeOffset happened)
    {
        await server.FollowAsync((string)run["id"]!);
        var first = (await server.GetAsync($"/api/v1/runs/{run["id"]}/logs"))["logs"]![0]!;
        return (Time(first["timestamp"]!) - happened).TotalMilliseconds;
    }

    public static DateTimeOffset Time(JsonNode time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);
}
