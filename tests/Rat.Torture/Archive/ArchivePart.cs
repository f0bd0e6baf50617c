using Rat.Torture.Data;
using Rat.Torture.Kills;
using Rat.Torture.Server;

namespace Rat.Torture.Archive;

/// <summary>kill -9 during runs that append a landing zone's files and put them away: every row gets into the table exactly once, and no file is
/// lost or left to be read again.</summary>
internal sealed class ArchivePart
{
    private const string Zone = "drop";
    private const int FullRuns = 100;
    private const int SmallRuns = 12;
    private const int Measured = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TortureOptions _options;
    private readonly Checks _checks;
    private readonly DataFolder _folder;
    private readonly Random _random;
    private readonly LandingWork _work;
    private double _longest;

    private ArchivePart(TortureOptions options, Checks checks, string folder)
    {
        (_options, _checks, _folder) = (options, checks, new DataFolder(Path.Combine(folder, "data")));
        (_random, _work) = (options.NewRandom(30), new LandingWork("archived", Zone, options.NewRandom(31)));
    }

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) => new ArchivePart(options, checks, folder).RunAsync();

    private async Task RunAsync()
    {
        await MeasureAsync();
        var kills = _options.Full ? FullRuns : SmallRuns;
        for (var round = 0; round < kills; round++)
        {
            _checks.Part = $"archive {round}";
            await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
            await _work.VerifyAsync(server.Api, _checks);
            await KillAsync(server);
        }

        _checks.Part = "archive, after all";
        await AfterAllAsync(kills);
    }

    // How long a step takes from its beginning to after the archive, so that kills come at every point of it.
    private async Task MeasureAsync()
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await _work.PrepareAsync(server.Api);
        for (var run = 0; run < Measured; run++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await _work.StepAsync(server.Api);
            _longest = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        }

        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
    }

    private async Task KillAsync(RatServer server)
    {
        var step = _work.StepAsync(server.Api);
        await Task.Delay(TimeSpan.FromMilliseconds(_random.NextDouble() * _longest * 2));
        await server.KillAsync();
        try
        {
            await step;
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException or ApiException)
        {
            // What it asked for is looked at after the restart.
        }
    }

    private async Task AfterAllAsync(int kills)
    {
        await using var server = await RatServer.StartAsync(_options.Binary, _folder.Root);
        await _work.VerifyAsync(server.Api, _checks);
        await _work.StepAsync(server.Api);
        await _work.VerifyAsync(server.Api, _checks);
        await _work.VerifyAllReadAsync(server.Api, _checks);
        await VerifyPutAwayAsync(server.Api);
        _checks.None(_folder.Read().Broken, "every file that is named is there");
        _checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
        _checks.That(_work.Ledger.Interrupted > 0, "the kills have interrupted runs");
        _checks.Note(
            $"{kills} kills within {_longest * 2:0} ms of a step's begin: {_work.Ledger.Interrupted} runs interrupted, "
            + $"{_work.Ledger.Acknowledged} acknowledged");
    }

    // Moving goes on in the background after a commit or a start.
    private async Task VerifyPutAwayAsync(RatApi api)
    {
        var start = TimeProvider.System.GetTimestamp();
        while ((await api.LandedAsync(Zone)).Count > 0 && TimeProvider.System.GetElapsedTime(start) < Patience)
            await Task.Delay(100);
        _checks.None((await api.LandedAsync(Zone)).Select(file => file.Key), "no file that was read is left in the zone");

        var landing = _folder.ObjectPath($"default/landing/{Zone}");
        var stored = Directory.EnumerateFiles(landing, "*batch-*.csv", SearchOption.AllDirectories)
            .ToLookup(path => Path.GetFileName(path)[^"batch-000000.csv".Length..]);
        var read = await _work.ReadNamesAsync(api);
        _checks.None(
            read.Where(name => stored[name].Count() != 1).Select(name => $"{name}: {string.Join(", ", stored[name])}"),
            "every file that was read is kept, once");
        _checks.None(
            read.SelectMany(name => stored[name]).Where(path => !path.Contains("/_processed/", StringComparison.Ordinal)),
            "every file that was read is put away");
        _checks.Note($"{read.Count} files were read and put away");
    }
}
