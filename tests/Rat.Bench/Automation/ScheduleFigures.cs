using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Bench.Automation;

/// <summary>
/// 1 000 schedules that are due in the same minute. A run counts as fired when a list of runs that the server has answered with has it: the list
/// reads what is committed, so by then the run is recorded and queued. How often the list is asked for is what the figure is exact to.
/// </summary>
internal static class ScheduleFigures
{
    private const int Schedules = 1000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    public static async Task PrintAsync(string binary, string cache)
    {
        using var server = await RatServer.StartAsync(binary, cache);
        for (var number = 0; number < Schedules; number++)
            await server.CreatePipelineAsync("gold", $"due{number}", "SELECT 1 AS id");
        // Far enough away that all of them are made by then.
        var now = DateTimeOffset.UtcNow.AddMinutes(1);
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

        if (DateTimeOffset.UtcNow > due)
            throw new InvalidOperationException("the schedules were made too late");
        await Task.Delay(due.AddSeconds(-1) - DateTimeOffset.UtcNow);
        var fired = await FiredAsync(server, due);
        Console.WriteLine($"1 000 schedules of a minute   {AutomationFigures.Spread(fired)} after it, recorded and queued");

        while (await CountAsync(server, "success") + await CountAsync(server, "failed") < Schedules)
            await Task.Delay(100);
        var last = (await server.GetAsync("/api/v1/runs?sort=finished_at&order=desc&limit=1"))["runs"]![0]!;
        var ended = (EventFigures.Time(last["finished_at"]!) - due).TotalSeconds;
        Console.WriteLine($"their runs                    {await CountAsync(server, "success")} succeeded, the last one {ended:0.0} s after the minute");
    }

    // For each schedule when it was first seen to have fired, in milliseconds after it was due.
    private static async Task<List<double>> FiredAsync(RatServer server, DateTimeOffset due)
    {
        using var client = await PlainConnection.OpenAsync(server.Http.BaseAddress!);
        var fired = new List<double>();
        while (fired.Count < Schedules)
        {
            var answer = await client.AskAsync("GET", "/api/v1/runs?limit=1");
            var after = (DateTimeOffset.UtcNow - due).TotalMilliseconds;
            var seen = (int)JsonNode.Parse(Encoding.UTF8.GetString(answer.Span))!["total"]!;
            while (fired.Count < seen)
                fired.Add(after);
            await Task.Delay(Look);
        }

        return fired;
    }

    private static async Task<int> CountAsync(RatServer server, string status) => (int)(await server.GetAsync($"/api/v1/runs?status={status}&limit=1"))["total"]!;
}
