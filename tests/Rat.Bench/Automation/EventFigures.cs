using System.Globalization;
using System.Text.Json.Nodes;

namespace Rat.Bench.Automation;

/// <summary>
/// From an event to the run that it starts, one at a time on a server that does nothing else, and that nobody asks anything meanwhile. The event's
/// time is taken before its own commit. A run is <c>running</c> once the transaction that says so is on disk; the first line of its log is written
/// right after that, and its time is the end. So two commits lie in between, the event's and the start's, each with a sync of the disk.
/// </summary>
internal static class EventFigures
{
    private const int Events = 600;
    private const int PageSize = 200;

    // Nothing that comes back at a beat of its own may always, or never, meet an event.
    private static readonly Random Pause = new(5);

    public static async Task PrintAsync(string binary, string cache)
    {
        using var server = await RatServer.StartAsync(binary, cache);
        await PrintUploadsAsync(server);
        await PrintSuccessesAsync(server);
    }

    public static DateTimeOffset Time(JsonNode time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);

    private static async Task PrintUploadsAsync(RatServer server)
    {
        await server.SendAsync(HttpMethod.Post, "/api/v1/landing-zones", new JsonObject { ["namespace"] = "default", ["name"] = "drop" });
        await server.CreatePipelineAsync("bronze", "fed", "SELECT 1 AS id");
        await server.SendAsync(HttpMethod.Post, "/api/v1/pipelines/default/bronze/fed/triggers", new JsonObject
        {
            ["type"] = "landing_zone_upload",
            ["config"] = new JsonObject { ["namespace"] = "default", ["zone_name"] = "drop" },
        });
        var syncs = new List<double>();
        for (var number = 0; number < Events; number++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent("id\n1\n"u8.ToArray()), "file", "rows.csv" } };
            using var answer = await server.Http.PostAsync("/api/v1/landing-zones/default/drop/files", form);
            answer.EnsureSuccessStatusCode();
            await Task.Delay(Pause.Next(60, 120));
            syncs.Add(Measure.FsyncOnce());
        }

        // The run is made in the transaction of the upload.
        var runs = await RunsAsync(server, "fed");
        Console.WriteLine($"fsync of 4 kB in between      {AutomationFigures.Spread(syncs)}");
        await PrintAsync(server, "upload → run running  ", runs, runs.Select(run => Time(run["created_at"]!)));
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
        for (var number = 0; number < Events; number++)
        {
            await server.StartRunAsync("bronze", "event");
            await Task.Delay(Pause.Next(80, 140));
        }

        var events = await RunsAsync(server, "event");
        await PrintAsync(server, "success → next running", await RunsAsync(server, "follower"), events.Select(run => Time(run["finished_at"]!)));
    }

    private static async Task PrintAsync(RatServer server, string what, IReadOnlyList<JsonNode> runs, IEnumerable<DateTimeOffset> happened)
    {
        var delays = new List<double>();
        foreach (var (run, time) in runs.Zip(happened))
        {
            var first = (await server.GetAsync($"/api/v1/runs/{run["id"]}/logs"))["logs"]![0]!;
            delays.Add((Time(first["timestamp"]!) - time).TotalMilliseconds);
        }

        Console.WriteLine($"{what}        {AutomationFigures.Spread(delays)} ({delays.Count} events)");
    }

    // In the order that they were made in, once all of them have ended.
    private static async Task<IReadOnlyList<JsonNode>> RunsAsync(RatServer server, string pipeline)
    {
        while ((int)(await server.GetAsync($"/api/v1/runs?pipeline={pipeline}&status=success&limit=1"))["total"]! < Events)
            await Task.Delay(100);
        var runs = new List<JsonNode>();
        while (runs.Count < Events)
            runs.AddRange((await server.GetAsync($"/api/v1/runs?pipeline={pipeline}&sort=created_at&order=asc&limit={PageSize}&offset={runs.Count}"))["runs"]!.AsArray()!);
        return runs;
    }
}
