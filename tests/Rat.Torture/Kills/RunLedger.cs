using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>A run that succeeded, with what was known when it was asked for.</summary>
internal sealed record Success<T>(RunState Run, T Plan);

/// <summary>
/// What a client knows of the runs of one pipeline: which it asked for, which were accepted, which it saw succeed. One run at a time.
/// </summary>
/// <typeparam name="T">What is noted of each run.</typeparam>
internal sealed class RunLedger<T>(string pipeline) : IRunLedger
    where T : class
{
    private const string Restarted = "restarted";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Dictionary<string, T> _accepted = [];
    private readonly HashSet<string> _acknowledged = [];

    /// <summary>Asked for without having seen an answer.</summary>
    private T? _unanswered;

    public int Acknowledged => _acknowledged.Count;

    /// <summary>Runs that a kill ended, as of the last look.</summary>
    public int Interrupted { get; private set; }

    /// <summary>Starts a run and sees it through. Throws when the server dies meanwhile.</summary>
    public async Task RunAsync(RatApi api, T plan)
    {
        _unanswered = plan;
        var id = await api.StartRunAsync("bronze", pipeline);
        _accepted[id] = plan;
        _unanswered = null;
        var end = await api.EndAsync(id);
        if (end.Succeeded)
            _acknowledged.Add(id);
    }

    /// <summary>Looks at the runs after a restart, once they have all ended: runs that waited go on by themselves.</summary>
    public async Task<IReadOnlyList<Success<T>>> VerifyAsync(RatApi api, Checks checks)
    {
        var runs = await EndedAsync(api);
        checks.None(
            runs.Where(run => !run.HasEnded).Select(run => $"{run.Id} is {run.Status} after {Patience.TotalSeconds} s"),
            $"{pipeline}: every run ends after a restart");
        Adopt(runs, checks);

        var byId = runs.ToDictionary(run => run.Id);
        checks.None(
            _acknowledged.Where(id => byId.GetValueOrDefault(id) is not { Succeeded: true })
                .Select(id => $"{id} is {byId.GetValueOrDefault(id)?.ToString() ?? "gone"}"),
            $"{pipeline}: every run that was seen to succeed has succeeded");
        var failed = runs.Where(run => run is { HasEnded: true, Succeeded: false }).ToList();
        checks.None(
            failed.Where(run => run.Status != "failed" || run.Error?.Contains(Restarted, StringComparison.Ordinal) != true)
                .Select(run => run.ToString()),
            $"{pipeline}: what a kill interrupted is failed and says that the server restarted");
        Interrupted = failed.Count;
        return [.. runs.Where(run => run.Succeeded && _accepted.ContainsKey(run.Id)).Select(run => new Success<T>(run, _accepted[run.Id]))];
    }

    // A POST that a kill left without an answer may have queued a run: one, with what was asked for last.
    private void Adopt(IReadOnlyList<RunState> runs, Checks checks)
    {
        var unknown = runs.Where(run => !_accepted.ContainsKey(run.Id)).ToList();
        checks.That(
            unknown.Count <= (_unanswered is null ? 0 : 1),
            $"{pipeline}: there are no runs that nobody asked for", () => string.Join(", ", unknown));
        if (unknown is [var adopted] && _unanswered is not null)
            _accepted[adopted.Id] = _unanswered;
        _unanswered = null;
        checks.None(_accepted.Keys.Except(runs.Select(run => run.Id)), $"{pipeline}: every run that was accepted is known");
    }

    private async Task<IReadOnlyList<RunState>> EndedAsync(RatApi api)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var runs = await api.RunsAsync(pipeline);
            if (runs.All(run => run.HasEnded) || TimeProvider.System.GetElapsedTime(start) > Patience)
                return runs;
            await Task.Delay(100);
        }
    }
}
