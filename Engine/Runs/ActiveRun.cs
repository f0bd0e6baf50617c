using Rat.Engine.Landing;
using Rat.Engine.Pipelines;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>A run that is queued or executing in this process.</summary>
internal sealed class ActiveRun(RunRow row, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private bool _disposed;

    public Guid Id => row.Id;
    public RunRow Row => row;

    /// <summary>Lines so far. Closed when the run has ended and its end is stored.</summary>
    public RunLog Log { get; } = new(time);

    /// <summary>How many rows were staged when the quality tests kept the run from being committed; null when it failed otherwise.</summary>
    public long? RowsRefused { get; set; }

    /// <summary>Settings of the attempt under way; null until they were loaded, and without any.</summary>
    public PipelineConfig? Config { get; set; }

    /// <summary>Whether one of the <see cref="RunSlots"/> is its own; only the executor of the run changes it.</summary>
    public bool HoldsSlot { get; set; }

    /// <summary>Which retry the attempt under way is: 0 for the first attempt.</summary>
    public int Retry { get; set; }

    /// <summary>What the committed run took out of its landing zones; null when it archives nothing.</summary>
    public ConsumedFiles? Consumed { get; set; }

    /// <summary>How many snapshots the run's commit has made expire; null when it committed no rows.</summary>
    public int? ExpiredSnapshots { get; set; }

    /// <summary>Set when the run shall stop: cancelled by a user, or the process is stopping.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Stops the statement that the run is executing. What the run becomes was decided before, in the database.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_disposed)
                _stop.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }
}
