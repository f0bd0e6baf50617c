using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Rat.Bench.Lists;

/// <summary>Lists and lineage of a large data directory (DESIGN: ≥ 0.5 × a bare endpoint, p99 ≤ 10 ms; lineage ≤ 250 ms cold, ≤ 20 ms after a change).</summary>
internal static class ListFigures
{
    private const int Rounds = 5;

    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(700);

    private static readonly (string Name, string List, string Path)[] Lists =
    [
        ("runs, first page", "runs", "/api/v1/runs"),
        ("runs, last page", "runs", $"/api/v1/runs?offset={SeededData.Runs - 50}"),
        ("runs of a pipeline", "runs", "/api/v1/runs?namespace=default&layer=bronze&pipeline=p77"),
        ("failed runs", "runs", "/api/v1/runs?status=failed"),
        ("failed runs, last page", "runs", $"/api/v1/runs?status=failed&offset={(SeededData.Runs / 20) - 50}"),
        ("pipelines, first page", "pipelines", "/api/v1/pipelines"),
        ("pipelines, last page", "pipelines", $"/api/v1/pipelines?offset={SeededData.Pipelines - 50}"),
        ("pipelines of a namespace", "pipelines", "/api/v1/pipelines?namespace=default&layer=bronze"),
        ("pipelines by name", "pipelines", "/api/v1/pipelines?sort=name&order=asc"),
        ("versions of a pipeline", "versions", "/api/v1/pipelines/default/bronze/p1/versions"),
        ("triggers of a pipeline", "triggers", "/api/v1/pipelines/default/bronze/p1/triggers"),
        ("tests of a pipeline", "tests", "/api/v1/pipelines/default/bronze/p1/tests"),
        ("schedules, first page", "schedules", "/api/v1/schedules"),
        ("schedules, last page", "schedules", $"/api/v1/schedules?offset={SeededData.Pipelines - 50}"),
        ("namespaces, first page", "namespaces", "/api/v1/namespaces"),
        ("namespaces, last page", "namespaces", $"/api/v1/namespaces?offset={SeededData.Namespaces - 49}"),
        ("landing zones, first page", "zones", "/api/v1/landing-zones"),
        ("landing zones, last page", "zones", $"/api/v1/landing-zones?offset={SeededData.Zones - 50}"),
        ("files of a zone, first page", "landing_files", "/api/v1/landing-zones/default/z0/files"),
        ("files of a zone, last page", "landing_files", $"/api/v1/landing-zones/default/z0/files?offset={SeededData.ZoneFiles - 50}"),
        ("samples of a zone", "samples", "/api/v1/landing-zones/default/z0/samples"),
        ("audit, first page", "entries", "/api/v1/audit"),
        ("audit, last page", "entries", $"/api/v1/audit?offset={SeededData.AuditEntries - 50}"),
        ("files of a pipeline", "files", "/api/v1/files?prefix=default/pipelines/bronze/p1/"),
        ("tables of a namespace", "tables", "/api/v1/tables?namespace=n7"),
        // These two have no pages: the answer is all of them.
        ("all files", "files", "/api/v1/files?prefix=default/"),
        ("all tables", "tables", "/api/v1/tables"),
    ];

    /// <param name="kept">Folder of a data directory that is made if it isn't there, and stays; null makes one for this time.</param>
    /// <param name="only">Part of the names of the lists to print.</param>
    public static async Task PrintAsync(string binary, string? kept = null, string only = "")
    {
        using var bare = await BareServer.StartAsync();
        var cache = Directory.CreateTempSubdirectory("rat-bench-cache-").FullName;
        var data = kept ?? Directory.CreateTempSubdirectory("rat-bench-lists-").FullName;
        if (!File.Exists(Path.Combine(data, "rat.db")))
            await SeedAsync(binary, cache, data);
        using (await RatServer.StartOnAsync(binary, cache, data))
        {
            // Brings one that an earlier version has made up to date.
        }

        SeededData.ForgetReferences(data);
        using (var server = await RatServer.StartOnAsync(binary, cache, data))
        {
            await PrintColdLineageAsync(server, "lineage, no source ever read");
            // What was found is stored after the answer.
            await Task.Delay(TimeSpan.FromSeconds(5));
        }

        using (var server = await RatServer.StartOnAsync(binary, cache, data))
        {
            await PrintColdLineageAsync(server, "lineage, cold");
            await PrintChangedLineageAsync(server);
        }

        using (var server = await RatServer.StartOnAsync(binary, cache, data))
        {
            Console.WriteLine("                              × of the bare server's requests/s, p99, CPU per request: asked for again | for the first time");
            foreach (var (name, list, path) in Lists.Where(list => list.Name.Contains(only, StringComparison.Ordinal)))
                await PrintListAsync(server, bare, name, list, path);
            await PrintWrittenAsync(server);
        }

        if (kept is null)
            Directory.Delete(data, recursive: true);
    }

    private static async Task SeedAsync(string binary, string cache, string data)
    {
        Directory.CreateDirectory(data);
        using (await RatServer.StartOnAsync(binary, cache, data))
        {
            // Makes the database.
        }

        var begin = Stopwatch.GetTimestamp();
        SeededData.Fill(data);
        using (var server = await RatServer.StartOnAsync(binary, cache, data))
            await SeededData.FillAsync(server);
        Console.WriteLine($"seeded                        {SeededData.Pipelines} pipelines, {SeededData.Runs} runs in {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s");
    }

    private static async Task PrintListAsync(RatServer server, BareServer bare, string name, string list, string path)
    {
        await bare.HoldAsync(list, await server.Http.GetByteArrayAsync(path));
        var number = 0;
        // A page that nobody has asked for yet is read from the database.
        string NewPath() => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}n={Interlocked.Increment(ref number)}";
        Task<LoadResult> BareAsync(TimeSpan time) => LoadResult.OfAsync(bare.Http.BaseAddress!, bare.ProcessId, () => "/page", time);
        Task<LoadResult> RatAsync(Func<string> asked, TimeSpan time) => LoadResult.OfAsync(server.Http.BaseAddress!, server.ProcessId, asked, time);

        await BareAsync(Warm);
        await RatAsync(NewPath, Warm);
        // In turn, so that what else the machine does falls on all of them.
        var (limits, again, first) = (new List<LoadResult>(), new List<LoadResult>(), new List<LoadResult>());
        for (var round = 0; round < Rounds; round++)
        {
            limits.Add(await BareAsync(Long));
            again.Add(await RatAsync(() => path, Long));
            first.Add(await RatAsync(NewPath, Long));
        }

        Console.WriteLine($"{name,-30}{Told(again)} | {Told(first)} | bare {Median(limits, limit => limit.PerSecond),6:0} /s, p99 {Worst(limits),4:0.0} ms, {Cpu(limits):0} µs");

        string Told(List<LoadResult> rounds) =>
            $"{Median(rounds.Index(), round => round.Item.PerSecond / limits[round.Index].PerSecond),4:0.00} ×, p99 {Worst(rounds),4:0.0} ms, {Cpu(rounds),4:0} µs";
    }

    // Each write empties what is kept of the list that is read meanwhile.
    private static async Task PrintWrittenAsync(RatServer server)
    {
        using var end = new CancellationTokenSource();
        var writes = 0;
        var writing = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var body = new JsonObject { ["description"] = $"written {++writes} times" };
                using var response = await server.Http.PutAsJsonAsync("/api/v1/pipelines/default/bronze/p9999", body, end.Token);
                response.EnsureSuccessStatusCode();
            }
        });
        var start = Stopwatch.GetTimestamp();
        var read = await LoadResult.OfAsync(server.Http.BaseAddress!, server.ProcessId, () => "/api/v1/pipelines", Long * 3);
        var perSecond = writes / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        await writing.ContinueWith(_ => { }, TaskScheduler.Default);
        Console.WriteLine($"pipelines, written meanwhile  {read.PerSecond:0} /s, p99 {Worst([read]):0.0} ms, beside {perSecond:0} writes/s of one of them");
    }

    private static async Task PrintColdLineageAsync(RatServer server, string name)
    {
        // The first request pays for the connection, which is not what is measured.
        await server.Http.GetByteArrayAsync("/health");
        var (cold, size) = await LineageAsync(server);
        Console.WriteLine($"{name,-30}{cold:0} ms ({size / 1e6:0.0} MB of JSON)");
    }

    private static async Task PrintChangedLineageAsync(RatServer server)
    {
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

    private static double Cpu(List<LoadResult> rounds) => Median(rounds, round => round.Cpu);

    /// <summary>The 99th percentile over all rounds, in milliseconds.</summary>
    private static double Worst(List<LoadResult> rounds)
    {
        var all = rounds.SelectMany(round => round.Taken).Order().ToList();
        return all[(int)(all.Count * 0.99)];
    }

    private static double Median<T>(IEnumerable<T> rounds, Func<T, double> figure)
    {
        var figures = rounds.Select(figure).Order().ToList();
        return figures[figures.Count / 2];
    }
}
