using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Soak;

/// <summary>
/// Twenty runs a second for a long time, started by triggers, with tight retention: memory, file handles and disk use stay
/// where they were after the warm-up, and runs take no longer than in the beginning. Chains are started by the clock, whether those before have
/// ended or not.
/// </summary>
internal sealed class SoakPart
{
    private const int Pipelines = 10;
    private const int ChainsPerSecond = 2;
    private const int CompaniesOfRuns = 1000;

    // Retention can't be told to keep less than a day of it.
    private const double MegabytesOfAuditEntry = 0.0005;

    // A run in flight more or less when it was counted.
    private const int HandlesOfARun = 4;

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(5);

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly TimeSpan _length, _warmUp, _line;
    private readonly double _memoryTolerance;
    private readonly EndedRuns _ended = new();
    private readonly List<SoakSample> _samples = [];
    private int _started;

    private SoakPart(TortureOptions options, Checks checks, string folder)
    {
        (_options, _checks, _folder) = (options, checks, new DataFolder(Path.Combine(folder, "data")));
        // The short one shows what goes wrong fast; memory isn't settled by then.
        (_length, _warmUp, _line, _memoryTolerance) = options switch
        {
            { Minutes: { } minutes } => (TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(Math.Min(10, minutes / 2.0)), TimeSpan.FromSeconds(30), 1.05),
            { Full: true } => (TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), 1.05),
            _ => (TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(10), 1.2),
        };
    }

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new SoakPart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await PrepareAsync(server.Api);
        var clock = Stopwatch.StartNew();
        for (var (nextSample, nextLine) = (TimeSpan.Zero, TimeSpan.Zero); clock.Elapsed < _length; await Task.Delay(20))
        {
            for (; _started < clock.Elapsed.TotalSeconds * ChainsPerSecond; _started++)
                await server.Api.StartRunAsync("bronze", "p0");
            if (clock.Elapsed < nextSample)
                continue;
            nextSample += SampleInterval;
            var isLine = clock.Elapsed >= nextLine;
            if (isLine)
            {
                await server.Api.SendAsync(HttpMethod.Post, "/api/v1/admin/retention/run");
                nextLine += _line;
            }

            _samples.Add(SoakSample.Of(server.ProcessId, clock.Elapsed, isLine ? _folder.Root : null));
            await _ended.ReadAsync(server.Api);
            if (isLine)
                Print();
        }

        var ended = await DrainAsync(server.Api, clock);
        _checks.Note(string.Create(CultureInfo.InvariantCulture, $"{ended} runs in {clock.Elapsed.TotalSeconds:0} s: {ended / clock.Elapsed.TotalSeconds:0.0} runs/s"));
        _checks.That(ended == _started * Pipelines, "all runs have succeeded, as fast as they were started", () => $"{ended} of {_started * Pipelines}");
        Judge();
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
    }

    // The last chains take a moment; a queue that has grown takes longer.
    private async Task<int> DrainAsync(RatApi api, Stopwatch clock)
    {
        for (; _ended.Count < _started * Pipelines && clock.Elapsed < _length + TimeSpan.FromSeconds(5); await Task.Delay(100))
            await _ended.ReadAsync(api);
        return _ended.Count;
    }

    private void Print()
    {
        var since = _samples.Where(sample => sample.At > _samples[^1].At - _line).ToList();
        var memory = since.Select(sample => sample.MemoryMegabytes).ToList();
        _checks.Note(string.Create(CultureInfo.InvariantCulture,
            $"{since[^1].At.TotalSeconds,6:0} s: {memory.Average(),6:0.0} MB of memory ({memory.Min():0.0} to {memory.Max():0.0}), {since.Max(sample => sample.Handles),4} handles, {since[^1].DiskMegabytes,7:0.0} MB on disk, {_ended.Count} runs ended of {_started * Pipelines}"));
    }

    private void Judge()
    {
        var settled = _samples.Where(sample => sample.At >= _warmUp).ToList();
        var (first, last) = (settled[..Math.Max(1, settled.Count / 4)], settled[^Math.Max(1, settled.Count / 4)..]);
        Holds("memory", first.Average(sample => sample.MemoryMegabytes) * _memoryTolerance, last.Average(sample => sample.MemoryMegabytes));
        Holds("file handles", first.Max(sample => sample.Handles) + HandlesOfARun, last.Max(sample => sample.Handles));
        var audit = (settled[^1].At - settled[0].At).TotalSeconds * ChainsPerSecond * MegabytesOfAuditEntry;
        Holds("disk use", first.Max(sample => sample.DiskMegabytes ?? 0) + audit, last.Where(sample => sample.DiskMegabytes is not null).Min(sample => sample.DiskMegabytes!.Value));

        var (early, late) = _ended.Medians(Math.Min(CompaniesOfRuns, _ended.Count / 3));
        _checks.That(late <= early * 1.2, "runs take no longer than in the beginning", () => $"{early} ms, then {late} ms");
        _checks.Note(string.Create(CultureInfo.InvariantCulture, $"median of the first runs {early:0.0} ms, of the last {late:0.0} ms"));
    }

    private void Holds(string what, double most, double seen)
    {
        _checks.That(seen <= most, $"{what} stays where it was", () => string.Create(CultureInfo.InvariantCulture, $"at most {most:0.0} expected, {seen:0.0} seen"));
        _checks.Note(string.Create(CultureInfo.InvariantCulture, $"{what}: {seen:0.0}, at most {most:0.0}"));
    }

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
}
