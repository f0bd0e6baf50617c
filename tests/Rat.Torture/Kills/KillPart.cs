using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>
/// kill -9 in the midst of everything, on one data directory through many lives. Each round: 1. the server starts
/// and must have everything that was acknowledged; 2. clients work; 3. at a chosen moment it is killed. In the end it is looked at once more.
/// </summary>
internal sealed class KillPart
{
    private const int SmallRounds = 12;
    private const int FullRounds = 50;

    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(60);

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly Random _random;
    private readonly FullRefreshWork[] _refreshes;
    private readonly LandingWork _landing;
    private readonly UploadWork[] _uploads;
    private readonly IWork[] _works;
    private readonly List<string> _leftovers = [];
    private int _missed;

    private KillPart(TortureOptions options, Checks checks, string folder)
    {
        (_options, _checks, _folder, _random) = (options, checks, new DataFolder(Path.Combine(folder, "data")), options.NewRandom(1));
        _refreshes = [new FullRefreshWork("refreshed", options.NewRandom(2)), new FullRefreshWork("replaced", options.NewRandom(3))];
        _landing = new LandingWork("landed", "batches", options.NewRandom(4));
        _uploads = [.. Enumerable.Range(0, 3).Select(number => new UploadWork($"drop{number}", _folder, options.NewRandom(5 + number)))];
        _works = [.. _refreshes, new AppendWork("appended", options.NewRandom(8)), _landing, .. _uploads];
    }

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new KillPart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        var rounds = _options.Full ? FullRounds : SmallRounds;
        var kinds = Enum.GetValues<KillKind>();
        for (var round = 0; round < rounds; round++)
        {
            // Every kind comes at least once, whatever the seed.
            var kind = round < kinds.Length ? kinds[round] : kinds[_random.Next(kinds.Length)];
            _checks.Part = $"kill {round} ({kind})";
            await RoundAsync(kind, isFirst: round == 0);
        }

        _checks.Part = "kill, after all";
        await AfterAllAsync(rounds);
    }

    private async Task RoundAsync(KillKind kind, bool isFirst)
    {
        if (kind == KillKind.AtStart)
            await KillAtStartAsync();

        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        if (isFirst)
        {
            foreach (var work in _works)
                await work.PrepareAsync(server.Api);
        }
        else
        {
            await VerifyAsync(server);
        }

        var rows = kind switch { KillKind.DuringCopy => 1_500_000, KillKind.FourRuns => 300_000, _ => 20_000 };
        Array.ForEach(_refreshes, work => work.Rows = rows);
        Array.ForEach(_uploads, work => work.Large = kind == KillKind.DuringUploads ? 6_000_000 : 300_000);
        var killed = new Killed();
        var clients = _works.Select(work => WorkAsync(work, server, killed)).ToList();
        if (!await new KillMoment(_folder, _random).WaitAsync(kind, server.Api))
            _missed++;
        killed.Now = true;
        await server.KillAsync();
        await Task.WhenAll(clients);
        _leftovers.AddRange(_folder.Read().Unnamed);
    }

    private async Task KillAtStartAsync()
    {
        await using var early = RatServer.Launch(_options.Binary, _folder.Root);
        await Task.Delay(_random.Next(400));
        _checks.That(early.IsAlive, "a server goes on starting until it is killed", () => early.Tail);
        await early.KillAsync();
    }

    private async Task VerifyAsync(RatServer server)
    {
        foreach (var work in _works)
            await work.VerifyAsync(server.Api, _checks);
        await VerifyFolderAsync(server);
    }

    // The sweep goes on in the background after a start.
    private async Task VerifyFolderAsync(RatServer server)
    {
        var start = TimeProvider.System.GetTimestamp();
        var state = _folder.Read();
        while (state.Unnamed.Count > 0 && TimeProvider.System.GetElapsedTime(start) < SweepPatience)
        {
            await Task.Delay(100);
            state = _folder.Read();
        }

        _checks.None(state.Unnamed, "no file is left that nothing names");
        _checks.None(state.Broken, "every file that is named is there");
        _checks.That(server.IsAlive, "the server is alive", () => server.Tail);
    }

    private async Task WorkAsync(IWork work, RatServer server, Killed killed)
    {
        try
        {
            while (!killed.Now)
                await work.StepAsync(server.Api);
        }
        catch (Exception) when (killed.Now)
        {
            // Cut off in the middle of an answer, which can look like anything.
        }
        catch (Exception failure)
        {
            _checks.Fail($"{work.GetType().Name} works until the server is killed", failure);
        }
    }

    private async Task AfterAllAsync(int rounds)
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await VerifyAsync(server);
        foreach (var work in _works)
        {
            await work.StepAsync(server.Api);
            await work.VerifyAsync(server.Api, _checks);
        }

        await _landing.VerifyAllReadAsync(server.Api, _checks);
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
        _checks.That(_folder.Select("PRAGMA integrity_check")[0][0] == "ok", "SQLite finds rat.db in order");
        _checks.None(_folder.Read().Unnamed, "no file is left that nothing names after a stop");

        var ledgers = _works.Select(work => work.Ledger).OfType<IRunLedger>().ToList();
        var interrupted = ledgers.Sum(ledger => ledger.Interrupted);
        var kinds = _leftovers.CountBy(path => Path.GetExtension(path)).OrderBy(kind => kind.Key).Select(kind => $"{kind.Value} {kind.Key}");
        _checks.Note(
            $"{rounds} kills, {interrupted} runs interrupted, {ledgers.Sum(ledger => ledger.Acknowledged)} acknowledged; "
            + $"left behind by kills: {string.Join(", ", kinds)}; {_missed} moments did not come");
        _checks.That(interrupted > 0, "the kills have interrupted runs");
        _checks.That(_leftovers.Any(path => path.EndsWith(".avro", StringComparison.Ordinal)), "kills have come between COPY and commit");
    }

    private sealed class Killed
    {
        public volatile bool Now;
    }
}
