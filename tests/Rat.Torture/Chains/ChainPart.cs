using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Chains;

/// <summary>
/// kill -9 while uploads run through bronze, silver and gold by triggers alone. Each round: 1. the server starts, and without
/// a hand being lent every chain reaches gold; 2. what is there is compared with what was uploaded; 3. clients upload; 4. it is killed.
/// </summary>
internal sealed class ChainPart
{
    private const int SmallRounds = 10;
    private const int FullRounds = 200;
    private const string Zone = "events";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly Random _random;
    private readonly Dictionary<long, int> _sent = [];
    private readonly HashSet<long> _acknowledged = [];
    private long _number;
    private int _interrupted, _nothingLeft, _landed;

    private ChainPart(TortureOptions options, Checks checks, string folder) =>
        (_options, _checks, _folder, _random) = (options, checks, new DataFolder(Path.Combine(folder, "data")), options.NewRandom(60));

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new ChainPart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        var rounds = _options.Full ? FullRounds : SmallRounds;
        for (var round = 0; round < rounds; round++)
        {
            _checks.Part = $"chain {round}";
            await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
            if (round == 0)
                await PrepareAsync(server.Api);
            else
                await VerifyAsync(server);
            var uploading = UploadAsync(server.Api);
            await Task.Delay(_random.Next(50, 1500));
            await server.KillAsync();
            await uploading;
        }

        _checks.Part = "chain, after all";
        await using var last = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await VerifyAsync(last);
        _checks.That(await last.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => last.Tail);
        _checks.Note($"{rounds} kills, {_acknowledged.Count} uploads acknowledged, {_interrupted} runs interrupted, {_nothingLeft} found nothing left");
        _checks.That(_interrupted > 0, "the kills have interrupted runs");
        _checks.That(_nothingLeft > 0, "uploads have come faster than runs");
    }

    private static async Task PrepareAsync(RatApi api)
    {
        await api.CreateZoneAsync(Zone);
        await api.CreatePipelineAsync(
            "bronze", "raw", $"SELECT number, i FROM read_csv('{{{{ landing_zone('{Zone}') }}}}', header = true)",
            "merge_strategy: append_only\narchive_landing_zones: true\n");
        await api.CreatePipelineAsync("silver", "clean", "SELECT number, i FROM {{ ref('bronze.raw') }}");
        await api.CreatePipelineAsync("gold", "total", "SELECT number, count(*) AS n, sum(i) AS total FROM {{ ref('silver.clean') }} GROUP BY number");
        await TriggerAsync("bronze/raw", "landing_zone_upload", new JsonObject { ["namespace"] = "default", ["zone_name"] = Zone });
        await TriggerAsync("silver/clean", "pipeline_success", Success("bronze", "raw"));
        await TriggerAsync("gold/total", "pipeline_success", Success("silver", "clean"));

        static JsonObject Success(string layer, string pipeline) => new() { ["namespace"] = "default", ["layer"] = layer, ["pipeline"] = pipeline };

        async Task TriggerAsync(string pipeline, string type, JsonObject config) => await api.SendAsync(
            HttpMethod.Post, $"/api/v1/pipelines/default/{pipeline}/triggers", new JsonObject { ["type"] = type, ["config"] = config });
    }

    // Until the server dies in the midst of it.
    private async Task UploadAsync(RatApi api)
    {
        try
        {
            while (true)
            {
                var number = ++_number;
                _sent[number] = 1 + _random.Next(200);
                var csv = new StringBuilder("number,i\n");
                for (var i = 0; i < _sent[number]; i++)
                    csv.Append(CultureInfo.InvariantCulture, $"{number},{i}\n");
                await api.UploadAsync(Zone, $"{number}.csv", Encoding.UTF8.GetBytes(csv.ToString()));
                _acknowledged.Add(number);
                // Now and then one right after the other, faster than runs.
                await Task.Delay(_random.Next(3) == 0 ? 0 : _random.Next(60));
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
        }
    }

    private async Task VerifyAsync(RatServer server)
    {
        if (!await SettleAsync())
        {
            _checks.Fail("every chain comes to its end by itself", server.Tail);
            return;
        }

        var landed = await server.Api.LandedAsync(Zone);
        _checks.None(landed.Select(file => file.Name), "no upload is left in the zone");
        foreach (var table in new[] { "bronze.raw", "silver.clean" })
            Compare(table, await server.Api.QueryAsync($"SELECT number, count(*) AS n, sum(i)::BIGINT AS total FROM {table} GROUP BY number"));
        Compare("gold.total", await server.Api.QueryAsync("SELECT number, n, total::BIGINT AS total FROM gold.total"));

        const string interrupted = "status = 'failed' AND error LIKE '%restarted while it was in flight%'";
        _interrupted = Count(interrupted);
        var others = _folder.SelectLive($"SELECT pipeline, status, error FROM runs WHERE status <> 'success' AND NOT ({interrupted})");
        _checks.None(others.Select(run => string.Join(", ", run)), "no run ends otherwise than by a success or by the kill");
        var again = Count("restarts > 0");
        _checks.That(again == _interrupted, "each run that the kill interrupted is started again once", () => $"{again} of {_interrupted}");
        // Uploads come faster than runs: one run reads several files, and those that were started for the others find nothing left.
        _nothingLeft = Count("pipeline = 'raw' AND status = 'success' AND rows_written = 0");
        CountFollowers();
    }

    private void CountFollowers()
    {
        var uploads = Count("pipeline = 'raw' AND restarts = 0");
        _checks.That(uploads == _landed, "each upload has started one run", () => $"{_landed} uploads, {uploads} runs");
        foreach (var (pipeline, next) in new[] { ("raw", "clean"), ("clean", "total") })
        {
            var success = $"pipeline = '{pipeline}' AND status = 'success'";
            var follower = $"pipeline = '{next}' AND restarts = 0";
            var (successes, followers) = (Count(success), Count(follower));
            _checks.That(successes == followers, $"each success of {pipeline} has started {next} once", () => $"{successes} successes, {followers} started");
            // Both are rows of one transaction, and have its time.
            var alone = Count($"{success} AND (SELECT count(*) FROM runs AS f WHERE {follower} AND f.created_at = runs.finished_at) <> 1");
            _checks.That(alone == 0, $"no success of {pipeline} is without a run of {next}, none has two", () => $"{alone}");
        }
    }

    private void Compare(string table, JsonArray rows)
    {
        _landed = rows.Count;
        var seen = rows.ToDictionary(row => (long)row!["number"]!, row => ((long)row!["n"]!, (long)row["total"]!));
        _checks.None(_acknowledged.Where(number => !seen.ContainsKey(number)).Select(number => $"{number}.csv"), $"{table} has every acknowledged upload");
        _checks.None(
            seen.Where(pair => !_sent.TryGetValue(pair.Key, out var n) || pair.Value != (n, n * (n - 1L) / 2)).Select(pair => $"{pair.Key}.csv: {pair.Value}"),
            $"{table} has the rows of each upload exactly once");
    }

    private int Count(string condition) =>
        int.Parse(_folder.SelectLive($"SELECT count(*) FROM runs WHERE {condition}")[0][0], CultureInfo.InvariantCulture);

    // One statement, so one state: asked for one after the other, a run that succeeds in between and the run that follows it are both overlooked.
    private async Task<bool> SettleAsync()
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Patience; await Task.Delay(50))
        {
            if (Count("status IN ('pending', 'running')") == 0)
                return true;
        }

        return false;
    }
}
