namespace Rat.Bench.Buckets;

/// <summary>The most memory that a process has at any of many looks, one each 50 ms.</summary>
internal sealed class ResidentPeak : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _looking;

    public ResidentPeak(int processId)
    {
        Idle = Megabytes = Measure.ResidentMegabytes(processId);
        _looking = Task.Run(async () =>
        {
            while (!_stopping.IsCancellationRequested)
            {
                Megabytes = Math.Max(Megabytes, Measure.ResidentMegabytes(processId));
                await Task.Delay(Pause);
            }
        });
    }

    /// <summary>At the begin.</summary>
    public double Idle { get; }

    public double Megabytes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _looking;
        _stopping.Dispose();
    }
}
