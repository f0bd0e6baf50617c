using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation;

/// <summary>Runs that nobody asked for: started by a schedule or a trigger, and again when a crash interrupts them.</summary>
internal static class AutomaticRuns
{
    /// <summary>Inserts the row; once the transaction is durable, the run is to be queued.</summary>
    /// <param name="label">Says what started it (behaviour §4, "Trigger labels").</param>
    public static RunRow Insert(SqliteConnection connection, Guid pipelineId, TableName pipeline, string label, long now)
    {
        var run = new RunRow(
            Guid.NewGuid(), pipelineId, pipeline, RunStatus.Pending, label, Automatic: true, Restarts: 0, Timestamps.FromMicroseconds(now),
            null, null, null, null, null);
        RunStore.Insert(connection, run);
        return run;
    }
}
