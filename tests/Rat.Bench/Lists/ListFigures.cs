using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Rat.Bench.Lists;

/// <summary>Lists and lineage of a large data directory (DESIGN: ≥ 0.5 × a bare endpoint, p99 ≤ 10 ms; lineage ≤ 250 ms cold, ≤ 20 ms after a change).</summary>
internal static class ListFigures
{
    private const int Pipelines = 10_000;
    private const int Runs = 1_000_000;

    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    public static async Task PrintAsync(string binary)
    {
        var cache = Directory.CreateTempSubdirectory("rat-bench-cache-").FullName;
        var data = Directory.CreateTempSubdirectory("rat-bench-lists-").FullName;
        using (await RatServer.StartOnAsync(binary, cache, data))
        {
            // Makes the database.
        }

        var begin = Stopwatch.GetTimestamp();
        SeededData.Fill(data, Pipelines, Runs);
        Console.WriteLine($"seeded                        {Pipelines} pipelines, {Runs} runs in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s");
        using (var server = await RatServer.StartOnAsync(binary, cache, data))
        {
            await PrintLineageAsync(server);
            await PrintListAsync(server, "runs, first page", "/api/v1/runs", PagesJson.Default.RunPage);
            await PrintListAsync(server, "runs, last page", $"/api/v1/runs?offset={Runs - 50}", PagesJson.Default.RunPage);
            await PrintListAsync(server, "runs of a pipeline", "/api/v1/runs?namespace=default&layer=bronze&pipeline=p77", PagesJson.Default.RunPage);
            await PrintListAsync(server, "failed runs", "/api/v1/runs?status=failed", PagesJson.Default.RunPage);
            await PrintListAsync(server, "pipelines, first page", "/api/v1/pipelines", PagesJson.Default.PipelinePage);
            await PrintListAsync(server, "pipelines, last page", $"/api/v1/pipelines?offset={Pipelines - 50}", PagesJson.Default.PipelinePage);
        }

        Directory.Delete(data, recursive: true);
    }

    private static async Task PrintListAsync<T>(RatServer server, string name, string path, JsonTypeInfo<T> type)
    {
        var url = new Uri(server.Http.BaseAddress!, path);
        var bytes = await server.Http.GetByteArrayAsync(url);
        var page = JsonSerializer.Deserialize(bytes, type)!;
        await using var bare = await BareServer.StartAsync(page, type);
        var bareUrl = new Uri(bare.Address, "/page");
        if ((await server.Http.GetByteArrayAsync(bareUrl)).Length != bytes.Length)
            throw new InvalidOperationException($"{name}: the bare page is another one");

        await LoadResult.OfAsync(() => bareUrl, Warm);
        await LoadResult.OfAsync(() => url, Warm);
        var limit = await LoadResult.OfAsync(() => bareUrl, Long);
        var rat = await LoadResult.OfAsync(() => url, Long);
        // A page that nobody has asked for yet is read from the database.
        var number = 0;
        var unread = await LoadResult.OfAsync(() => new Uri($"{url}{(url.Query.Length == 0 ? '?' : '&')}n={Interlocked.Increment(ref number)}"), Long);
        Console.WriteLine(
            $"{name,-30}{rat.PerSecond:0} /s, bare {limit.PerSecond:0} /s: {rat.PerSecond / limit.PerSecond:0.00} ×, p99 {rat.Worst:0.0} ms " +
            $"(bare {limit.Worst:0.0} ms); asked for the first time {unread.PerSecond / limit.PerSecond:0.00} ×, p99 {unread.Worst:0.0} ms");
    }

    private static async Task PrintLineageAsync(RatServer server)
    {
        // The first request pays for the connection, which is not what is measured.
        await server.Http.GetByteArrayAsync("/health");
        var (cold, size) = await LineageAsync(server);
        Console.WriteLine($"lineage, cold                 {cold:0} ms ({size / 1e6:0.0} MB of JSON)");
        var changed = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            await server.Http.PutAsJsonAsync($"/api/v1/files/default/pipelines/bronze/p{i * 100}/pipeline.sql",
                new JsonObject { ["content"] = SeededData.SourceOf(i + 5000) });
            changed.Add((await LineageAsync(server)).Milliseconds);
        }

        changed.Sort();
        Console.WriteLine($"lineage, one file changed     {changed[10]:0.0} ms (median of 20, worst {changed[^1]:0.0} ms)");
    }

    private static async Task<(double Milliseconds, int Bytes)> LineageAsync(RatServer server)
    {
        var start = Stopwatch.GetTimestamp();
        var bytes = await server.Http.GetByteArrayAsync("/api/v1/lineage");
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, bytes.Length);
    }
}
