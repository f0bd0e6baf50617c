using System.Threading.Channels;
using Rat.Storage.Metadata;

namespace Rat.Engine.Runs;

/// <summary>Runs whose rows are committed and that wait for a slot, in the order they came.</summary>
internal sealed class WaitingRuns(RunRegistry registry, TimeProvider time)
{
    private readonly Channel<ActiveRun> _runs = Channel.CreateUnbounded<ActiveRun>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Queues runs once the transaction that inserted them is durable.</summary>
    public void Add(params IEnumerable<RunRow> rows)
    {
        foreach (var row in rows)
        {
            var run = new ActiveRun(row, time);
            registry.Add(run);
            _runs.Writer.TryWrite(run);
        }
    }

    public ValueTask<ActiveRun> TakeAsync(CancellationToken cancellation) => _runs.Reader.ReadAsync(cancellation);
}
