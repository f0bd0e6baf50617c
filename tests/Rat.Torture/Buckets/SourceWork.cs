using Rat.Torture.Server;

namespace Rat.Torture.Buckets;

/// <summary>A pipeline whose source says which rows it makes: each step writes the source anew and runs it. One run at a time, so that the runs in
/// the order of their creation say what the table holds.</summary>
/// <param name="sql">The source of a generation.</param>
internal sealed class SourceWork(string name, string config, Func<long, string> sql, Attempts attempts)
{
    private readonly Dictionary<string, long> _generations = [];
    private long _written;
    private long _next;
    private bool _isWritten;

    public string Name => name;

    public Task PrepareAsync(RatApi api) => api.CreatePipelineAsync("bronze", name, sql(0), config);

    /// <summary>True when its run has succeeded.</summary>
    public async Task<bool> StepAsync(RatApi api)
    {
        var generation = ++_next;
        _isWritten = false;
        // Refused or unknown: whichever source is there now, the next step writes another before it runs.
        if (await attempts.TryAsync(() => api.WriteSqlAsync("bronze", name, sql(generation))) != Ending.Done)
            return false;
        (_written, _isWritten) = (generation, true);
        RunState? end = null;
        await attempts.TryAsync(async () =>
        {
            var id = await api.StartRunAsync("bronze", name);
            lock (_generations)
                _generations[id] = generation;
            end = await api.EndAsync(id);
        });
        if (end is null)
            return false;
        attempts.See(end);
        return end.Succeeded;
    }

    /// <summary>Takes over a run that was queued by a request without an answer, and waits until all have ended.</summary>
    public async Task SettleAsync(RatApi api, Checks checks)
    {
        var runs = await EndedRuns.OfAsync(api, name, checks);
        var unknown = runs.Where(run => !_generations.ContainsKey(run.Id)).ToList();
        checks.That(unknown.Count <= (_isWritten ? 1 : 0), $"{name}: there are no runs that nobody asked for", () => string.Join(", ", unknown));
        foreach (var run in unknown)
            _generations[run.Id] = _written;
    }

    /// <summary>The generations whose runs have succeeded, in order.</summary>
    public async Task<IReadOnlyList<long>> SucceededAsync(RatApi api, Checks checks) =>
        [.. (await EndedRuns.OfAsync(api, name, checks)).Where(run => run.Succeeded).Select(run => _generations[run.Id])];
}
