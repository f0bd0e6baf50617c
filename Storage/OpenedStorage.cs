using Rat.Storage.Backup;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects.S3;

namespace Rat.Storage;

/// <summary>A data directory with its lock and its database, and the bucket that keeps its files, opened before anything else and closed after
/// everything else.</summary>
/// <param name="Bucket">Null when the data directory keeps them.</param>
internal sealed record OpenedStorage(DataDirectory Directory, MetadataDatabase Database, OpenedBucket? Bucket) : IDisposable
{
    /// <summary>Opens storage that is on disk.</summary>
    public static Outcome<OpenedStorage> Open(string path)
    {
        var opened = Open(path, s3: null);
        return opened.Succeeded ? opened.Value.Storage : opened.Failure;
    }

    /// <param name="s3">Null for storage on disk.</param>
    public static async Task<Outcome<OpenedStorage>> OpenAsync(string path, S3Settings? s3, CancellationToken cancellation)
    {
        if (s3 is null)
            return Open(path);
        var opened = Open(path, s3);
        if (!opened.Succeeded)
            return opened.Failure;
        var (storage, instance) = opened.Value;
        var bucket = await OpenedBucket.OpenAsync(s3, instance.Id, cancellation);
        if (!bucket.Succeeded)
        {
            storage.Dispose();
            return bucket.Failure;
        }

        if (await CheckAgeAsync(storage.Directory, s3, instance, cancellation) is { } tooOld)
        {
            (storage with { Bucket = bucket.Value }).Dispose();
            return tooOld;
        }

        // Only now: a first start with a wrong name may be made again with the right one.
        await SetPlaceAsync(storage.Database, PlaceOf(s3));
        return storage with { Bucket = bucket.Value };
    }

    public void Dispose()
    {
        Database.Dispose();
        Bucket?.Dispose();
        Directory.Dispose();
    }

    private static Outcome<(OpenedStorage Storage, Instance Instance)> Open(string path, S3Settings? s3)
    {
        var directory = DataDirectory.Open(path, s3 is null ? null : $"s3://{s3.Bucket}/{BucketLakeFiles.Prefix.TrimEnd('/')}");
        if (!directory.Succeeded)
            return directory.Failure;
        var database = MetadataDatabase.Open(directory.Value.Database, mayBeNew: !directory.Value.HoldsFiles);
        if (!database.Succeeded)
        {
            directory.Value.Dispose();
            return database.Failure;
        }

        var storage = new OpenedStorage(directory.Value, database.Value, Bucket: null);
        var instance = database.Value.WriteAsync(InstanceStore.Ensure).GetAwaiter().GetResult();
        if (instance.Storage is null && s3 is null)
            SetPlaceAsync(database.Value, InstanceStore.Disk).GetAwaiter().GetResult();
        if (instance.Storage is null || instance.Storage == PlaceOf(s3))
            return (storage, instance);
        storage.Dispose();
        return Failure.Conflict($"the data directory {directory.Value.Root} keeps its files {Text(instance.Storage)}, not {Text(PlaceOf(s3))}: "
            + "start it with the settings that it was made with, or choose another data directory");
    }

    // A start removes from the bucket what the database doesn't name: an old copy of it would take the files of all that came after.
    private static async Task<Failure?> CheckAgeAsync(DataDirectory directory, S3Settings s3, Instance instance, CancellationToken cancellation)
    {
        try
        {
            using var backup = new BackupBucket(new BackupSettings(s3, BackupSettings.StandardPrefix), TimeProvider.System);
            return await backup.NewestRestorableEpochAsync(cancellation) <= instance.BackupEpoch ? null : Failure.Conflict(
                $"the database in {directory.Root} is older than its backup in the bucket {s3.Bucket}: "
                + "move it away, and rat restore brings the newer one");
        }
        catch (S3Exception failed)
        {
            return Failure.Unavailable(failed.Message);
        }
    }

    private static Task<bool> SetPlaceAsync(MetadataDatabase database, string place) => database.WriteAsync(connection =>
    {
        InstanceStore.SetStorage(connection, place);
        return true;
    });

    private static string PlaceOf(S3Settings? s3) => s3 is null ? InstanceStore.Disk : $"s3://{s3.Bucket}";

    private static string Text(string place) => place == InstanceStore.Disk ? "on disk" : $"in the bucket {place["s3://".Length..]}";
}
