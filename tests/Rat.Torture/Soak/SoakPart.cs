using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Soak;

/// <summary>
/// Twenty runs a second for a long time, started by triggers, with tight retention: memory, file handles and disk use stay
/// where they were after the warm-up (<see cref="SoakVerdict"/>), and the last 1 000 runs take no longer than 1.2 times the first 1 000. Chains are
/// started by the clock, whether those before have ended or not.
/// </summary>
internal sealed class SoakPart
{
    private const int Pipelines = 10;
    private const int ChainsPerSecond = 2;
    private const int CompaniesOfRuns = 1000;
    private const int SamplesPerMinute = 12;

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly TimeSpan _length, _warmUp, _minute;
    private readonly double _memoryTolerance;
    private readonly EndedRuns _ended = new();
    private readonly List<SoakMinute> _minutes = [];
    private int _started;

    private SoakPart(TortureOptions options, Checks checks, string folder)
    {
        (_options, _checks, _folder) = (options, checks, new DataFolder(Path.Combine(folder, "data")));
        // The small size shows what goes wrong fast; memory isn't settled by then.
        (_length, _warmUp, _minute, _memoryTolerance) = options switch
        {
            { Minutes: { } minutes } => (TimeSpan.FromMinutes(minutes), TimeSpan.FromMinutes(Math.Min(10, minutes / 2.0)), TimeSpan.FromMinutes(1), 1.05),
            { Full: true } => (TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(1), 1.05),
            _ => (TimeSpan.FromSeconds(75), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 1.2),
        };
    }

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new SoakPart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await PrepareAsync(server.Api);
        var clock = Stopwatch.StartNew();
        var samples = new List<SoakSample>();
        for (var (nextSample, minuteEnd) = (TimeSpan.Zero, _minute); clock.Elapsed < _length || minuteEnd <= _length; await Task.Delay(20))
        {
            for (; _started < clock.Elapsed.TotalSeconds * ChainsPerSecond; _started++)
                await server.Api.StartRunAsync("bronze", "p0");
            if (clock.Elapsed < nextSample)
                continue;
            nextSample += _minute / SamplesPerMinute;
            samples.Add(SoakSample.Of(server.ProcessId, clock.Elapsed));
            await _ended.ReadAsync(server.Api);
            if (clock.Elapsed < minuteEnd)
                continue;
            minuteEnd += _minute;
            await server.Api.SendAsync(HttpMethod.Post, "/api/v1/admin/retention/run");
            _minutes.Add(SoakMinute.Of(samples, SoakSample.Disk(_folder.Root), _ended.TakeMedian(), _ended.Count));
            samples.Clear();
            _checks.Note($"{_minutes[^1]} of {_started * Pipelines}");
        }

        var ended = await DrainAsync(server.Api, clock);
        _checks.Note(string.Create(CultureInfo.InvariantCulture, $"{ended} runs in {clock.Elapsed.TotalSeconds:0} s: {ended / clock.Elapsed.TotalSeconds:0.0} runs/s"));
        _checks.That(ended == _started * Pipelines, "all runs have succeeded, as fast as they were started", () => $"{ended} of {_started * Pipelines}");
        new SoakVerdict(_checks, _warmUp, _memoryTolerance).Judge(_minutes, (ChainsPerSecond * _minute.TotalSeconds) + 1);
        JudgeTimes();
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
    }

    // The last chains take a moment; a queue that has grown takes longer.
    private async Task<int> DrainAsync(RatApi api, Stopwatch clock)
    {
        var most = clock.Elapsed + TimeSpan.FromSeconds(5);
        for (; _ended.Count < _started * Pipelines && clock.Elapsed < most; await Task.Delay(100))
            await _ended.ReadAsync(api);
        return _ended.Count;
    }

    private void JudgeTimes()
    {
        var (early, late) = _ended.Medians(Math.Min(CompaniesOfRuns, _ended.Count / 3));
        _checks.That(late <= early * 1.2, "the last runs take no longer than 1.2 times the first", () => $"{early} ms, then {late} ms");
        _checks.Note(string.Create(CultureInfo.InvariantCulture, $"median of the first runs {early:0.0} ms, of the last {late:0.0} ms"));
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
