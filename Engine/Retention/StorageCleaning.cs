using Rat.Engine.Runs;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Engine.Retention;

/// <summary>Retention of what runs leave on disk: data that came to nothing, and landing files that were archived.</summary>
internal sealed class StorageCleaning(
    MetadataDatabase database, UserFiles files, StagedLeftovers leftovers, TableLocks locks, RunRegistry registry, TimeProvider time)
{
    private const string Archive = "_processed/";
    private const int ArchiveDays = 30;

    /// <summary>Removes what runs have staged that are over and didn't commit. Counts the runs.</summary>
    public Task<int> RemoveStagedAsync(int afterHours) => Task.Run(() =>
    {
        var before = time.GetUtcNow() - Age.OfHours(afterHours);
        var cleaned = 0;
        foreach (var (name, folder) in leftovers.Tables())
        {
            // Whoever writes the table holds its lock: what is under way there is no leftover.
            using var held = locks.TryAcquire(name);
            if (held is not null)
                cleaned += leftovers.Remove(folder, before, run => registry.Find(run) is null);
        }

        return cleaned;
    });

    /// <summary>Removes archived files of the zones that want it, once they are older than the zone says.</summary>
    public async Task<int> RemoveArchivedAsync()
    {
        var now = time.GetUtcNow();
        var zones = database.Read(connection => LandingZoneStore.List(connection, ns: null, int.MaxValue, offset: 0).Zones);
        var removed = 0;
        foreach (var zone in zones.Where(zone => zone.AutoPurge))
        {
            var before = Timestamps.ToMicroseconds(now - Age.OfDays(zone.ProcessedMaxAgeDays ?? ArchiveDays));
            foreach (var file in database.Read(connection => FileStore.List(connection, zone.Folder + Archive)))
            {
                if (file.ModifiedAt < before && await files.DeleteAsync(file.Key))
                    removed++;
            }
        }

        return removed;
    }
}
