using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.History;

/// <summary>Takes a table back to one of its snapshots, by a new one: what was in between stays in the history.</summary>
internal sealed class TableRollback(MetadataDatabase database, LakeTables tables, LakeStaging staging, TableCheck check, TableLocks locks)
{
    /// <summary>Waits for the run that is writing the table, if there is one.</summary>
    /// <returns>The snapshot that is current then; <see cref="FailureKind.NotFound"/> without such a table;
    /// <see cref="FailureKind.Invalid"/> when it has no such snapshot.</returns>
    /// <exception cref="DamagedTableException">The table, or the snapshot, is not as the catalog knows it.</exception>
    public async Task<Outcome<SnapshotInfo>> ExecuteAsync(TableName name, long snapshotId, CancellationToken cancellation)
    {
        using var held = await locks.AcquireAsync(name, cancellation);
        using (var snapshot = database.OpenSnapshot())
        {
            if (tables.Find(snapshot.Connection, name) is not { } current)
                return Failure.NotFound("table not found");
            var older = PastTables.Find(tables, snapshot.Connection, name, new PointInTime(snapshotId, 0));
            if (!older.Succeeded)
                return older.Failure;
            check.VerifyBase(current, keepsRows: false);
            check.VerifyPast(older.Value);
        }

        return await CommitAsync(name, snapshotId);
    }

    private async Task<Outcome<SnapshotInfo>> CommitAsync(TableName name, long snapshotId)
    {
        var current = database.Read(connection => tables.Find(connection, name));
        var target = staging.Begin(name, current, Guid.NewGuid());
        var mayBeNamed = false;
        try
        {
            var staged = staging.Rollback(target, snapshotId);
            if (!staged.Succeeded)
                return staged.Failure;
            // A commit that throws may have reached the disk all the same.
            mayBeNamed = true;
            mayBeNamed = await database.WriteAsync(connection => tables.TryCommit(connection, staged.Value));
            if (!mayBeNamed)
                return Failure.Conflict($"the table {name} was changed by somebody else at the same time; nothing has changed by this");
            staging.Finish(staged.Value);
            return SnapshotInfo.Of(staged.Value.Snapshot, isCurrent: true);
        }
        finally
        {
            if (!mayBeNamed)
                staging.Discard(target);
        }
    }
}
