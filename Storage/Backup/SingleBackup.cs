using Microsoft.Data.Sqlite;
using Rat.Storage.Metadata;

namespace Rat.Storage.Backup;

/// <summary>Copies the metadata of a data directory once, whether a server runs on it or not: SQLite lets another process read.</summary>
internal sealed class SingleBackup : IDisposable
{
    private readonly string _root;
    private readonly SqliteConnection _connection;

    private SingleBackup(string root, SqliteConnection connection) => (_root, _connection) = (root, connection);

    /// <param name="path">Of the data directory.</param>
    public static Outcome<SingleBackup> Open(string path)
    {
        var root = Path.GetFullPath(path);
        var file = Path.Combine(root, "rat.db");
        if (!File.Exists(file))
            return Failure.NotFound($"{root} is no data directory: it has no rat.db");
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ToString());
        try
        {
            connection.Open();
            if (Migrations.Check(connection) is not { } newer)
                return new SingleBackup(root, connection);
            connection.Dispose();
            return newer;
        }
        catch (SqliteException exception)
        {
            connection.Dispose();
            return MetadataDatabase.Unusable(exception);
        }
    }

    /// <summary>Makes a file of it, which is whole and durable or isn't there.</summary>
    /// <returns>Its size in bytes.</returns>
    public Outcome<long> ToFile(string file)
    {
        var target = Path.GetFullPath(file);
        if (Path.Exists(target))
            return Failure.Conflict($"{target} exists already");
        var folder = Path.GetDirectoryName(target)!;
        if (!Directory.Exists(folder))
            return Failure.NotFound($"{folder} doesn't exist");
        var aside = Path.Combine(folder, $".rat-backup-{Guid.NewGuid():N}");
        try
        {
            BaseImage.Copy(_connection, aside);
            DurableFiles.SyncFile(aside);
            File.Move(aside, target, overwrite: false);
            DurableFiles.SyncDirectory(folder);
            return new FileInfo(target).Length;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>Puts it into a bucket, in place of what was there.</summary>
    /// <returns>The size of the object in bytes.</returns>
    public async Task<Outcome<long>> ToBucketAsync(BackupBucket bucket, TimeProvider time, CancellationToken cancellation)
    {
        if (Migrations.IsOlder(_connection))
            return Failure.Conflict($"{_root} was written by an older rat: start a server on it once");
        // No server begins meanwhile: both would take the same number for their epoch.
        var held = DataDirectory.Open(_root);
        using var directory = held.Succeeded ? held.Value : null;
        var temporary = Path.Combine(_root, "tmp");
        if (directory is null && IsShippedTo(bucket.Settings, temporary))
            return Failure.Conflict($"the running server ships its changes to {bucket.Settings.Uri} already; choose another place");

        var id = InstanceStore.Ensure(_connection).Id;
        if (await bucket.ClaimAsync(id, cancellation) is { } refused)
            return refused;
        var name = new BackupObject(InstanceStore.BeginEpoch(_connection, await bucket.NewestEpochAsync(cancellation)), IsBase: true, 0);
        using var image = BaseImage.Make(_connection, temporary, name, Random.Shared.NextInt64(), time.GetUtcNow(), cancellation);
        await using (var bytes = image.Open())
            await bucket.PutAsync(name, bytes, cancellation);
        await bucket.RemoveBeforeAsync(name, cancellation);
        return image.Length;
    }

    public void Dispose() => _connection.Dispose();

    private static bool IsShippedTo(BackupSettings place, string temporary)
    {
        var mark = ContinuousBackup.MarkIn(temporary);
        return File.Exists(mark) && File.ReadAllText(mark) == place.Uri;
    }
}
