using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;
using Rat.Torture.Data;
using Rat.Torture.Kills;
using Rat.Torture.Model;
using Rat.Torture.Server;

namespace Rat.Torture.Buckets;

/// <summary>
/// A server that keeps its files in a bucket, and a bad way to it: requests that are refused, lost, cut, slow or never answered, the whole S3 server
/// away for seconds, and kill -9. Whatever was acknowledged is there in the end, once, and the bucket holds what is named and nothing else.
/// </summary>
internal sealed class BucketFaultsPart : IDisposable
{
    private const int RunsOfRound = 3;
    private const int FullRuns = 1000;
    private const int SmallRuns = 40;
    private const int KillEach = 5;
    private const int AwayEach = 7;
    private const int LargeEach = 12;
    private const int Keys = 50;
    private const int KeysOfBatch = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly SwiftBucket _bucket;
    private readonly BucketFolder _objects;
    private readonly FaultProxy _proxy;
    private readonly Weather _weather;
    private readonly Attempts _attempts;
    private readonly LandedWork _landed;
    private readonly SourceWork _refreshed;
    private readonly SourceWork _keyed;
    private readonly Random _random;
    private int _kills;

    private BucketFaultsPart(TortureOptions options, Checks checks, string folder, int port)
    {
        (_options, _checks, _folder) = (options, checks, new DataFolder(Path.Combine(folder, "data")));
        _bucket = SwiftBucket.Of(port, "torture");
        _objects = new BucketFolder(_bucket, _folder, Path.Combine(folder, "mirror"));
        _random = options.NewRandom(60);
        _weather = new Weather(options.NewRandom(61));
        _proxy = new FaultProxy(port) { Choose = _ => _weather.Choose() };
        _attempts = new Attempts(checks);
        _landed = new LandedWork(_attempts, options.NewRandom(62));
        _refreshed = new SourceWork(
            "refreshed", "merge_strategy: full_refresh\n", generation => $"SELECT {generation}::BIGINT AS generation, i::BIGINT AS i FROM range({RowsOf(generation)}) AS t(i)", _attempts);
        _keyed = new SourceWork(
            "keyed", "merge_strategy: incremental\nunique_key: key\n",
            generation => $"SELECT (({generation} * 7 + i) % {Keys})::BIGINT AS key, {generation}::BIGINT AS generation FROM range({KeysOfBatch}) AS t(i)", _attempts);
    }

    private Dictionary<string, string> Environment => new()
    {
        ["S3_ENDPOINT"] = $"127.0.0.1:{_proxy.Port}",
        ["S3_ACCESS_KEY"] = "test:tester",
        ["S3_SECRET_KEY"] = "testing",
        ["S3_BUCKET"] = _bucket.Name,
        ["S3_METADATA_TIMEOUT"] = "2s",
        ["S3_DATA_TIMEOUT"] = "3s",
        // Nothing is kept here, so that whatever is read is fetched the bad way.
        ["RAT_CACHE_SIZE"] = "1",
    };

    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        if (SwiftPackages.Missing is { } missing)
        {
            checks.Skip("a bad way to the bucket", missing);
            return;
        }

        await using var swift = await SwiftProcesses.StartAsync();
        using var part = new BucketFaultsPart(options, checks, folder, swift.Port);
        await part.RunAsync();
    }

    public void Dispose() => _proxy.Dispose();

    private async Task RunAsync()
    {
        _bucket.Create();
        _bucket.OpenToAll();
        var rounds = (_options.Full ? FullRuns : SmallRuns) / RunsOfRound + 1;
        var server = await StartAsync();
        try
        {
            await LandedWork.PrepareAsync(server.Api);
            await _refreshed.PrepareAsync(server.Api);
            await _keyed.PrepareAsync(server.Api);
            for (var round = 1; round <= rounds; round++)
            {
                _checks.Part = $"s3faults {round}";
                if (await RoundAsync(server, round))
                    continue;
                await server.DisposeAsync();
                server = await StartAsync();
                await _refreshed.SettleAsync(server.Api, _checks);
                await _keyed.SettleAsync(server.Api, _checks);
                await EndedRuns.OfAsync(server.Api, LandedWork.Name, _checks);
            }

            _checks.Part = "s3faults, after all";
            _weather.Clear();
            await MakeUpAsync(server.Api);
            await VerifyRowsAsync(server.Api);
            _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
        }
        finally
        {
            await server.DisposeAsync();
        }

        await VerifyBucketAsync();
        _checks.Note($"{rounds * RunsOfRound} runs, {_kills} kills, {_landed.Summary}; {_weather.Summary}");
        _checks.Note($"refusals: {_attempts.Summary}");
    }

    private Task<RatServer> StartAsync()
    {
        _weather.Clear();
        return RatServer.StartAsync(_options.Binary, _folder.Root, Environment);
    }

    /// <summary>False when the server was killed.</summary>
    private async Task<bool> RoundAsync(RatServer server, int round)
    {
        var isKill = round % KillEach == 0;
        _attempts.IsKilling = isKill;
        _weather.Change();
        var work = Task.WhenAll(
            _landed.StepAsync(server.Api, isLarge: round % LargeEach == 0), _refreshed.StepAsync(server.Api), _keyed.StepAsync(server.Api), AskAsync(server.Api));
        if (round % AwayEach == 0)
        {
            await Task.Delay(_random.Next(300));
            _weather.TakeAway();
            await Task.Delay(_random.Next(2000, 9000));
            _weather.Change();
        }

        if (isKill)
        {
            _kills++;
            await Task.Delay(_random.Next(1500));
            await server.KillAsync();
        }

        await work;
        _attempts.IsKilling = false;
        return !isKill;
    }

    // A reader sees whole batches, each once, or is told why it sees nothing.
    private Task<Ending> AskAsync(RatApi api) => _attempts.TryAsync(async () =>
    {
        if ((await api.RunsAsync(LandedWork.Name)).Any(run => run.Succeeded))
            _checks.None(_landed.Violations(await Batches.ReadAsync(api, LandedWork.Name)), "a query sees whole batches, once");
        if ((await api.RunsAsync(_refreshed.Name)).Any(run => run.Succeeded))
        {
            var seen = await Batches.ReadAsync(api, _refreshed.Name);
            _checks.That(
                seen.Count == 1 && seen.All(batch => batch.Value.Rows == RowsOf(batch.Key)), "a query sees one generation, the whole of it",
                () => string.Join(", ", seen));
        }
    });

    // What failed is tried again.
    private async Task MakeUpAsync(RatApi api)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await LandedWork.IsEmptyAsync(api) && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await _landed.RunAsync(api);
            await Task.Delay(200);
        }

        _checks.That(await LandedWork.IsEmptyAsync(api), "every file is read and put away in the end");
        _checks.That(await _refreshed.StepAsync(api), "a replacing run succeeds once the way is good");
        _checks.That(await _keyed.StepAsync(api), "a merging run succeeds once the way is good");
    }

    private async Task VerifyRowsAsync(RatApi api)
    {
        var landed = await Batches.ReadAsync(api, LandedWork.Name);
        _checks.None(_landed.Violations(landed), "no row is doubled, and none is there that was refused");
        _checks.None(_landed.Lost(landed), "no row is lost");
        var last = (await _refreshed.SucceededAsync(api, _checks))[^1];
        var refreshed = await Batches.ReadAsync(api, _refreshed.Name);
        _checks.That(refreshed.Count == 1 && refreshed.GetValueOrDefault(last).Rows == RowsOf(last), "the table is that of its last run", () => string.Join(", ", refreshed));
        var expected = new SortedDictionary<long, long>();
        foreach (var generation in await _keyed.SucceededAsync(api, _checks))
        {
            for (var i = 0; i < KeysOfBatch; i++)
                expected[((generation * 7) + i) % Keys] = generation;
        }

        var keyed = (await api.QueryAsync("SELECT key, generation FROM bronze.keyed ORDER BY key")).Select(row => ((long)row!["key"]!, (long)row["generation"]!)).ToList();
        _checks.That(
            keyed.SequenceEqual(expected.Select(row => (row.Key, row.Value))), "every key has the row of the last run that had it",
            () => $"{string.Join(", ", keyed)} instead of {string.Join(", ", expected)}");

        await SameElsewhereAsync(api, LandedWork.Name, "generation", "i");
        await SameElsewhereAsync(api, _refreshed.Name, "generation", "i");
        await SameElsewhereAsync(api, _keyed.Name, "key", "generation");
    }

    // Another implementation of Iceberg, straight from the bucket.
    private async Task SameElsewhereAsync(RatApi api, string table, string first, string second)
    {
        var read = await VersionReader.ReadBucketAsync(_bucket.Address, _objects.MetadataOf(table));
        var there = read["rows"]!.AsArray().Select(row => (Whole(row![first]), Whole(row[second]))).Order().ToList();
        var here = (await api.QueryAsync($"SELECT {first}, {second} FROM bronze.{table}")).Select(row => (Whole(row![first]), Whole(row[second]))).Order().ToList();
        _checks.That(here.SequenceEqual(there), $"{table}: icebird reads the same rows from the bucket", () => $"{there.Count} rows there, {here.Count} here");
    }

    // What a start sweeps.
    private async Task VerifyBucketAsync()
    {
        await using var server = await StartAsync();
        var start = TimeProvider.System.GetTimestamp();
        var (unnamed, broken) = _objects.Read();
        while ((unnamed.Count > 0 || _bucket.Parts().Count > 0) && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(1000);
            (unnamed, broken) = _objects.Read();
        }

        _checks.None(unnamed, "the bucket holds nothing that isn't named");
        _checks.None(broken, "every object that is named is there");
        _checks.None(_bucket.Parts().Select(part => part.Key), "no part of an upload is left");
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
    }

    private static long RowsOf(long generation) => 1 + (generation % 50);

    // icebird tells a long as a text.
    private static long Whole(JsonNode? value) => long.Parse(value!.ToString(), CultureInfo.InvariantCulture);
}
