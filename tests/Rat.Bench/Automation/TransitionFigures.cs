using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Rat.Bench.Automation;

/// <summary>
/// How many changes of a run's state are committed in a second: <c>pending</c>, <c>running</c> and <c>failed</c> of runs whose pipeline has no
/// source, so that there is nothing else to do. Then the server is killed under the same load, and the next one on its data directory must have
/// every run that a client was told of.
/// </summary>
internal static class TransitionFigures
{
    private const int Clients = 32;
    private const int TransitionsOfRun = 3;
    private const int PageSize = 200;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LoadBeforeKill = TimeSpan.FromSeconds(3);

    public static async Task PrintAsync(string binary, string cache)
    {
        var directory = Directory.CreateTempSubdirectory("rat-bench-").FullName;
        var told = new ConcurrentBag<string>();
        var endedBefore = new HashSet<string>();
        using (var server = await RatServer.StartOnAsync(binary, cache, directory))
        {
            await server.SendAsync(
                HttpMethod.Post, "/api/v1/pipelines", new JsonObject { ["namespace"] = "default", ["layer"] = "bronze", ["name"] = "empty" });
            await server.SendAsync(HttpMethod.Delete, "/api/v1/files/default/pipelines/bronze/empty/pipeline.sql", new JsonObject());
            var begin = Stopwatch.GetTimestamp();
            await StartRunsAsync(server, told, Load);
            while (await CountAsync(server, "failed") < told.Count)
                await Task.Delay(5);
            var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            Console.WriteLine($"transitions committed         {told.Count * TransitionsOfRun / seconds:0} /s ({told.Count} runs of {Clients} clients in {seconds:0.0} s)");

            var loading = StartRunsAsync(server, told, LoadBeforeKill * 2);
            await Task.Delay(LoadBeforeKill);
            endedBefore.UnionWith(await IdsAsync(server, "failed", most: 20_000));
            await server.KillAsync();
            await loading;
        }

        using (var next = await RatServer.StartOnAsync(binary, cache, directory))
        {
            while (await CountAsync(next, "failed") < await CountAsync(next, null))
                await Task.Delay(20);
            var there = await IdsAsync(next, "failed", int.MaxValue);
            Console.WriteLine(
                $"after a kill -9 under load    {told.Count(there.Contains)} of {told.Count} runs that clients were told of are there and have ended, "
                + $"so are {endedBefore.Count(there.Contains)} of {endedBefore.Count} that had ended");
        }

        Directory.Delete(directory, recursive: true);
    }

    private static Task StartRunsAsync(RatServer server, ConcurrentBag<string> told, TimeSpan time)
    {
        var begin = Stopwatch.GetTimestamp();
        return Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(StartAsync)));

        async Task StartAsync()
        {
            try
            {
                using var client = await PlainConnection.OpenAsync(server.Http.BaseAddress!);
                while (Stopwatch.GetElapsedTime(begin) < time)
                {
                    var answer = await client.AskAsync("POST", "/api/v1/runs", """{"namespace":"default","layer":"bronze","pipeline":"empty"}""");
                    told.Add((string)JsonNode.Parse(Encoding.UTF8.GetString(answer.Span))!["run_id"]!);
                }
            }
            catch (SocketException)
            {
                // It was killed.
            }
        }
    }

    private static async Task<HashSet<string>> IdsAsync(RatServer server, string status, int most)
    {
        var ids = new HashSet<string>();
        for (var offset = 0; offset < most; offset += PageSize)
        {
            var page = (await server.GetAsync($"/api/v1/runs?status={status}&sort=created_at&order=asc&limit={PageSize}&offset={offset}"))["runs"]!.AsArray();
            ids.UnionWith(page.Select(run => (string)run!["id"]!));
            if (page.Count < PageSize)
                break;
        }

        return ids;
    }

    private static async Task<int> CountAsync(RatServer server, string? status) =>
        (int)(await server.GetAsync($"/api/v1/runs?status={status}&limit=1"))["total"]!;
}
