namespace Rat.Engine.Runs;

/// <summary>How many runs execute at once. A run that waits for its next attempt lets another have its slot.</summary>
internal sealed class RunSlots(EngineSettings settings) : IDisposable
{
    private readonly SemaphoreSlim _free = new(settings.MaxConcurrentRuns);

    /// <summary>Waits for a slot; who waits longest gets the next.</summary>
    public async Task TakeAsync(ActiveRun run, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        run.HoldsSlot = true;
    }

    /// <summary>Nothing happens when the run has none.</summary>
    public void GiveBack(ActiveRun run)
    {
        if (!run.HoldsSlot)
            return;
        run.HoldsSlot = false;
        _free.Release();
    }

    public void Dispose() => _free.Dispose();
}
