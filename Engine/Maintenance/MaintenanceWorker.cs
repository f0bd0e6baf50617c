using Microsoft.Data.Sqlite;
using Rat.Engine.Duck;
using Rat.Engine.Observation;
using Rat.Storage.Lake;

namespace Rat.Engine.Maintenance;

/// <summary>
/// Maintains tables in the background, one after the other, when something asks for it: a commit, or a reader that has ended and gives files
/// free. What fails here is logged and never touches a run.
/// </summary>
internal sealed class MaintenanceWorker(
    MaintenanceQueue queue, TableMaintenance maintenance, LakeSweep sweep, LakePins pins, EngineCounters counters, ILogger<MaintenanceWorker> logger)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _working = Task.CompletedTask;
    private int _held;

    public void Start()
    {
        pins.Released += OnReleased;
        _working = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        pins.Released -= OnReleased;
        await _stopping.CancelAsync();
        await _working;
        _stopping.Dispose();
    }

    private void OnReleased()
    {
        if (Interlocked.Exchange(ref _held, 0) > 0)
            queue.Wake();
    }

    private async Task WorkAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            await queue.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (queue.TryTake(out var order))
                await TryAsync(order.Table.ToString(), () => maintenance.MaintainAsync(order, _stopping.Token));
            await TryAsync("the lake", RemoveExpiredAsync);
        }
    }

    private async Task RemoveExpiredAsync()
    {
        var (removed, held) = await sweep.RemoveExpiredAsync(_stopping.Token);
        counters.RemovedFiles.Add(removed);
        if (held == 0)
            return;
        Volatile.Write(ref _held, held);
        // A reader may have ended before that was known.
        if ((await sweep.RemoveExpiredAsync(_stopping.Token)).Removed > 0)
            queue.Wake();
    }

    private async Task TryAsync(string place, Func<Task> work)
    {
        try
        {
            _stopping.Token.ThrowIfCancellationRequested();
            await work();
        }
        catch (Exception stopped) when (_stopping.IsCancellationRequested && stopped is OperationCanceledException or DuckException { IsInterrupted: true })
        {
        }
        catch (Exception failure)
        {
            counters.MaintenanceFailures.Add(1);
            logger.MaintenanceFailed(failure, place);
        }
    }
}
