using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Starts waiting runs in the order they came, a bounded number at once. The queue itself is the pending rows of
/// the table <c>runs</c>; this is its order in memory, filled again from the rows at start.</summary>
internal sealed class RunQueue(
    MetadataDatabase database, RunRegistry registry, WaitingRuns waiting, RunSlots slots, RunExecutor executor, TimeProvider time,
    ILogger<RunQueue> logger) : IAsyncDisposable
{
    // A run in flight when the process is told to stop may end by itself within this time; after it, it is interrupted.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private Task _dispatching = Task.CompletedTask;
    private int _executing;

    /// <summary>True between start and stop: new runs are dispatched.</summary>
    public bool IsRunning => !_dispatching.IsCompleted;

    /// <summary>Ends what a crash interrupted and queues what was waiting. Nothing runs yet.</summary>
    public async Task RecoverAsync()
    {
        var recovered = await RunRecovery.RecoverAsync(database, time);
        foreach (var run in recovered.Interrupted)
            logger.RunInterrupted(run.Id, run.Pipeline);
        waiting.Add(recovered.Waiting);
    }

    /// <summary>Begins to dispatch.</summary>
    public void Start() => _dispatching = Task.Run(DispatchAsync);

    /// <summary>Stops dispatching, waits a moment for runs in flight, then interrupts them: their rows stay <c>running</c>, and the next start
    /// treats them like those of a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
            return;
        await _stopping.CancelAsync();
        await _dispatching;
        if (!await DrainAsync(Grace))
        {
            executor.Abandon();
            registry.StopAll();
            await DrainAsync(Grace);
        }

        _stopping.Dispose();
    }

    private async Task DispatchAsync()
    {
        try
        {
            while (true)
            {
                // In this order: a slot held while nothing waits would never come back, and a stop would wait for it.
                var run = await waiting.TakeAsync(_stopping.Token);
                await slots.TakeAsync(run, _stopping.Token);
                Interlocked.Increment(ref _executing);
                _ = ExecuteAsync(run);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task ExecuteAsync(ActiveRun run)
    {
        try
        {
            await Task.Run(() => executor.ExecuteAsync(run));
        }
        catch (Exception exception)
        {
            logger.RunLost(exception, run.Id);
        }
        finally
        {
            run.Log.Close();
            registry.Remove(run);
            slots.GiveBack(run);
            run.Dispose();
            Interlocked.Decrement(ref _executing);
        }
    }

    private async Task<bool> DrainAsync(TimeSpan limit)
    {
        for (var start = time.GetTimestamp(); time.GetElapsedTime(start) < limit; await Task.Delay(Look, time))
        {
            if (Volatile.Read(ref _executing) == 0)
                return true;
        }

        return false;
    }
}
