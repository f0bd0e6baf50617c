using Rat.Storage.Metadata;

namespace Rat.Storage.Objects;

/// <summary>Removes objects that no row names and that are older than this process: an object is durable before its row, so a process that
/// dies in between leaves it behind; so does one that dies between the end of a row and that of its object.</summary>
internal sealed class ObjectSweep(IObjectStore objects, ILocalObjects local, UserFiles files, MetadataDatabase database)
{
    /// <summary>One pass over the store. Returns how many objects it removed.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        // Listed before the names are read: what is written in between is named, or younger than this process.
        var old = await objects.ListAsync(local.ReadsInPlace ? "" : UserFiles.VersionFolder, cancellation)
            .Where(stored => stored.ModifiedAt < local.OpenedAt).Select(stored => stored.Key).ToListAsync(cancellation);
        var named = database.Read(FileStore.ObjectKeys);
        var removed = 0;
        foreach (var key in old.Where(key => !named.Contains(key)))
        {
            cancellation.ThrowIfCancellationRequested();
            if (await files.DeleteOrphanAsync(key))
                removed++;
        }

        return removed;
    }
}
