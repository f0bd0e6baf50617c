using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Storage.Backup;

/// <summary>What a restored data directory holds.</summary>
/// <param name="At">Everything that had been committed then is in it.</param>
/// <param name="Storage">Where its files are, see <see cref="InstanceStore"/>.</param>
internal sealed record RestoredState(DateTimeOffset At, string Storage, MetadataContents Contents);

/// <summary>Builds a data directory from a backup. It has its database once everything was read, checked and made durable; before, it has none.</summary>
internal sealed class Restore(BackupBucket bucket)
{
    /// <param name="path">Of the data directory, which must be empty or not there.</param>
    /// <param name="takeOver">Is called with the new data directory's identity and its kind of storage, before it is there: what belonged to the
    /// old one belongs to it from then on.</param>
    public async Task<Outcome<RestoredState>> RunAsync(string path, Func<string, string, Task> takeOver, CancellationToken cancellation)
    {
        if (IsInUse(path))
            return Failure.Conflict($"{Path.GetFullPath(path)} holds a database: choose another data directory, or move it away");
        // Takes the lock, so that no server begins here meanwhile.
        var opened = DataDirectory.Open(path);
        if (!opened.Succeeded)
            return opened.Failure;
        using var directory = opened.Value;
        if (IsInUse(path) || directory.HoldsFiles)
            return Failure.Conflict($"{directory.Root} holds files already: choose another data directory, or move them away");

        var aside = Path.Combine(directory.Temporary, "restored.db");
        var read = await new BackupReader(bucket).ReadAsync(aside, cancellation);
        if (!read.Succeeded)
            return read.Failure;
        var id = Guid.NewGuid().ToString();
        var settled = Settle(aside, id);
        if (!settled.Succeeded)
            return settled.Failure;
        var (storage, contents) = settled.Value;
        await takeOver(id, storage);

        DurableFiles.SyncFile(aside);
        File.Move(aside, directory.Database, overwrite: false);
        DurableFiles.SyncDirectory(directory.Root);
        return new RestoredState(read.Value.At, storage, contents);
    }

    private static bool IsInUse(string path) => ((string[])["rat.db", "rat.db-wal"]).Any(name => File.Exists(Path.Combine(path, name)));

    // Nothing of it remains in a log: the last one that closes a database copies the log into it.
    private static Outcome<(string Storage, MetadataContents Contents)> Settle(string file, string id)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        try
        {
            connection.Open();
            if (Migrations.Check(connection) is { } newer)
                return newer;
            if (DatabaseCheck.Find(connection) is { } damage)
                return Failure.Unavailable($"the restored database is damaged: {damage}");
            InstanceStore.Rename(connection, id);
            return (InstanceStore.Ensure(connection).Storage ?? InstanceStore.Disk, MetadataContents.Count(connection));
        }
        catch (SqliteException damaged)
        {
            return MetadataDatabase.Unusable(damaged);
        }
    }
}
