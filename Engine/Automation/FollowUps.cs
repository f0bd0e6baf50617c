using Microsoft.Data.Sqlite;
using Rat.Engine.Automation.Clock;
using Rat.Engine.Automation.Triggers;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation;

/// <summary>
/// The runs that an event starts. Their rows belong to the event's own transaction, so that a crash between the two loses none and doubles none;
/// they are queued once it is durable. Without background work there are none.
/// </summary>
internal sealed class FollowUps(EngineSettings settings, WaitingRuns waiting, IAlarm alarm)
{
    /// <summary>Inserts what follows a run's success; to be called inside the transaction that records it.</summary>
    public IReadOnlyList<RunRow> OfSuccess(SqliteConnection connection, TableName pipeline, DateTimeOffset now) =>
        settings.BackgroundWork ? [.. TriggerFiring.OnSuccess(connection, pipeline.ToString(), Timestamps.ToMicroseconds(now))] : [];

    /// <summary>Inserts what follows an upload; to be called inside the transaction that records the file.</summary>
    /// <param name="fileName">As the client called it, not as it is stored.</param>
    /// <param name="versionId">Of the stored file.</param>
    public IReadOnlyList<RunRow> OfUpload(SqliteConnection connection, LandingZoneRow zone, string fileName, string versionId, DateTimeOffset now)
    {
        if (!settings.BackgroundWork)
            return [];
        var runs = TriggerFiring.OnUpload(connection, zone, fileName, Timestamps.ToMicroseconds(now)).ToList();
        foreach (var run in runs)
            RunUploadStore.Insert(connection, run.Id, versionId);
        return runs;
    }

    /// <summary>Queues them; to be called once the transaction is durable.</summary>
    public void Start(IReadOnlyList<RunRow> runs)
    {
        if (runs.Count == 0)
            return;
        waiting.Add(runs);
        // A trigger that waited for a success as well as for a time counts its next due time anew.
        alarm.Wake();
    }
}
