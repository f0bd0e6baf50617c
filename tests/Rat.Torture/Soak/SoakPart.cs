using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Server;

namespace Rat.Torture.Soak;

/// <summary>
/// Twenty runs a second for a long time, started by triggers, with tight retention (issue 5, "Must show" 4): memory, file handles and disk use stay
/// where they were after the warm-up, and runs take no longer than in the beginning.
/// </summary>
internal sealed class SoakPart
{
    private const int Pipelines = 10;
    private const int CompaniesOfRuns = 1000;

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly string _folder;
    private readonly TimeSpan _length, _warmUp, _interval;
    private readonly double _memoryTolerance;

    private SoakPart(TortureOptions options, Checks checks, string folder)
    {
        (_options, _checks, _folder) = (options, checks, Path.Combine(folder, "data"));
        // The short one shows what goes wrong fast; memory isn't settled by then.
        (_length, _warmUp, _interval, _memoryTolerance) = options.Full
            ? (TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), 1.05)
            : (TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(5), 1.4);
    }

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new SoakPart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder);
        await PrepareAsync(server.Api);
        var (samples, durations) = (new List<Sample>(), new List<double>());
        var clock = Stopwatch.StartNew();
        var started = 0;
        for (var nextSample = TimeSpan.Zero; clock.Elapsed < _length;)
        {
            // Two chains a second, ten runs each.
            for (; started < clock.Elapsed.TotalSeconds * 2; started++)
                await server.Api.StartRunAsync("bronze", "p0");
            if (clock.Elapsed >= nextSample)
            {
                samples.Add(Sample.Of(server.ProcessId, _folder, clock.Elapsed));
                _checks.Note(samples[^1].ToString());
                durations.AddRange(await DurationsAsync(server.Api));
                nextSample += _interval;
                if (_options.Full || samples.Count % 4 == 0)
                    await server.Api.SendAsync(HttpMethod.Post, "/api/v1/admin/retention/run");
            }

            await Task.Delay(50);
        }

        Judge(samples, durations, started);
        var failed = (int)(await server.Api.SendAsync(HttpMethod.Get, "/api/v1/runs?status=failed"))["total"]!;
        _checks.That(failed == 0, "no run has failed", () => $"{failed}");
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
    }

    private void Judge(List<Sample> samples, List<double> durations, int started)
    {
        var settled = samples.Where(sample => sample.At >= _warmUp).ToList();
        var (first, last) = (settled[..Math.Max(1, settled.Count / 4)], settled[^Math.Max(1, settled.Count / 4)..]);
        Holds("memory", first.Average(sample => sample.MemoryMegabytes) * _memoryTolerance, last.Average(sample => sample.MemoryMegabytes));
        Holds("file handles", first.Max(sample => sample.Handles) + 10, last.Max(sample => sample.Handles));
        // The audit log keeps each request for a day at least.
        Holds("disk use", (first.Max(sample => sample.DiskMegabytes) * 1.1) + 2 + (started / 2000.0), last.Min(sample => sample.DiskMegabytes));

        var size = Math.Min(CompaniesOfRuns, durations.Count / 3);
        var (early, late) = (Median(durations.Take(size)), Median(durations.TakeLast(size)));
        _checks.That(late <= (early * 1.2) + 1, "runs take no longer than in the beginning", () => $"{early} ms, then {late} ms");
        _checks.Note($"{started * Pipelines} runs started, median {early:0.#} ms at first, {late:0.#} ms at last");
    }

    private void Holds(string what, double most, double seen) =>
        _checks.That(seen <= most, $"{what} stays where it was", () => string.Create(CultureInfo.InvariantCulture, $"at most {most:0.0} expected, {seen:0.0} seen"));

    private static async Task PrepareAsync(RatApi api)
    {
        await api.SendAsync(HttpMethod.Put, "/api/v1/admin/retention/config",
            new JsonObject { ["runs_max_per_pipeline"] = 20, ["reaper_interval_minutes"] = 1, ["iceberg_snapshot_max_age_days"] = 0 });
        for (var number = 0; number < Pipelines; number++)
        {
            await api.CreatePipelineAsync("bronze", $"p{number}", number == 0 ? "SELECT i, i * 2 AS j FROM range(1000) AS r(i)" : $"SELECT * FROM {{{{ ref('bronze.p{number - 1}') }}}}");
            if (number == 0)
                continue;
            var config = new JsonObject { ["namespace"] = "default", ["layer"] = "bronze", ["pipeline"] = $"p{number - 1}" };
            await api.SendAsync(HttpMethod.Post, $"/api/v1/pipelines/default/bronze/p{number}/triggers", new JsonObject { ["type"] = "pipeline_success", ["config"] = config });
        }
    }

    // Of the newest successful runs.
    private static async Task<IEnumerable<double>> DurationsAsync(RatApi api) =>
        (await api.SendAsync(HttpMethod.Get, "/api/v1/runs?status=success&limit=100"))["runs"]!.AsArray().Reverse().Select(run => (double)run!["duration_ms"]!);

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;

    private sealed record Sample(TimeSpan At, double MemoryMegabytes, int Handles, double DiskMegabytes)
    {
        public static Sample Of(int process, string folder, TimeSpan at)
        {
            var resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            var kilobytes = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
            return new Sample(at, kilobytes / 1024, Directory.GetFiles($"/proc/{process}/fd").Length, Size(new DirectoryInfo(folder)) / 1048576.0);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{At.TotalSeconds,6:0} s: {MemoryMegabytes,6:0.0} MB of memory, {Handles,4} handles, {DiskMegabytes,7:0.0} MB on disk");

        private static long Size(DirectoryInfo folder)
        {
            var size = 0L;
            foreach (var file in folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
            {
                try
                {
                    size += file.Length;
                }
                catch (FileNotFoundException)
                {
                    // Removed since it was listed.
                }
            }

            return size;
        }
    }
}
