using System.Collections.Concurrent;

namespace Rat.Engine.Runs;

/// <summary>The runs that are queued or executing in this process, by id.</summary>
internal sealed class RunRegistry
{
    private readonly ConcurrentDictionary<Guid, ActiveRun> _runs = new();

    /// <summary>Raised after a run has begun or ended, on its thread.</summary>
    public event Action? Changed;

    public int Count => _runs.Count;

    public ActiveRun? Find(Guid id) => _runs.GetValueOrDefault(id);

    public void Add(ActiveRun run) => _runs[run.Id] = run;

    public void Remove(ActiveRun run)
    {
        _runs.TryRemove(run.Id, out _);
        Changed?.Invoke();
    }

    /// <summary>A run has begun to execute, and its row says so.</summary>
    public void Begun() => Changed?.Invoke();

    /// <summary>Tells every run to stop: the process is going down.</summary>
    public void StopAll()
    {
        foreach (var run in _runs.Values)
            run.Stop();
    }
}
