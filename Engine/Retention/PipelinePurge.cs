using Microsoft.Data.Sqlite;
using Rat.Engine.Runs;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Retention;

/// <summary>Erases soft-deleted pipelines: their objects, their table, their rows. Objects stay when a live pipeline has the name, the table when
/// that one has taken it over (DECISIONS 21).</summary>
internal sealed class PipelinePurge(MetadataDatabase database, UserFiles files, TableLocks locks, DroppedTables dropped, TimeProvider time)
{
    /// <summary>Returns how many pipelines were erased.</summary>
    public async Task<int> PurgeAsync(int afterDays)
    {
        var before = Timestamps.ToMicroseconds(time.GetUtcNow() - Age.OfDays(afterDays));
        var purged = 0;
        foreach (var pipeline in database.Read(connection => PurgeStore.DeletedBefore(connection, before)))
        {
            // A run of the new pipeline may be building on the old one's table: it ends first. The next time is soon enough.
            using var held = locks.TryAcquire(pipeline.Name);
            if (held is not null && await EraseAsync(pipeline))
                purged++;
        }

        await dropped.RemoveFoldersAsync();
        return purged;
    }

    private async Task<bool> EraseAsync(DeletedPipelineRow pipeline)
    {
        var erased = await files.DeleteAllAsync(PipelineRow.FolderOf(pipeline.Name), connection =>
        {
            if (PipelineStore.Find(connection, pipeline.Name) is not null)
                return false;
            Erase(connection, pipeline);
            return true;
        });
        return erased || await database.WriteAsync(connection =>
        {
            Erase(connection, pipeline);
            return true;
        });
    }

    private static void Erase(SqliteConnection connection, DeletedPipelineRow pipeline)
    {
        if (!PurgeStore.IsTakenOver(connection, pipeline))
            DroppedTableStore.Drop(connection, pipeline.Name);
        PurgeStore.Delete(connection, pipeline.Id);
    }
}
