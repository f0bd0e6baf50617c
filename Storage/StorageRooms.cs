using Rat.Storage.Backup;
using Rat.Storage.Lake;
using Rat.Storage.Objects;
using Rat.Storage.Objects.S3;

namespace Rat.Storage;

/// <summary>Null when files can be kept, else why not.</summary>
internal delegate Task<Failure?> StorageCheck(CancellationToken cancellation);

/// <summary>What storage puts into the container.</summary>
internal static class StorageRooms
{
    /// <param name="storage">Stays the caller's to dispose: the container doesn't dispose instances that it was given.</param>
    /// <param name="cacheBytes">The most that copies of a bucket's objects take on this machine.</param>
    /// <param name="backup">Where changes of the metadata are shipped; null: nowhere.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, OpenedStorage storage, long cacheBytes, BackupSettings? backup)
    {
        services.AddSingleton(storage.Directory).AddSingleton(storage.Database);
        if (backup is not null)
            services.AddSingleton(backup).AddSingleton<ContinuousBackup>();
        return (storage.Bucket is { } bucket ? services.AddBucket(bucket, storage.Directory, cacheBytes) : services.AddDisk(storage.Directory))
            .AddSingleton<UserFiles>()
            .AddSingleton<ObjectSweep>()
            .AddSingleton<LakePins>()
            .AddSingleton<LakeTables>()
            .AddSingleton<TableCheck>()
            .AddSingleton<LakeStaging>()
            .AddSingleton<LakeSweep>()
            .AddSingleton<DroppedTables>()
            .AddSingleton<StagedLeftovers>();
    }

    private static IServiceCollection AddDisk(this IServiceCollection services, DataDirectory directory)
    {
        var objects = DiskObjectStore.Of(directory);
        return services
            .AddSingleton<IObjectStore>(objects)
            .AddSingleton<ILocalObjects>(objects)
            .AddSingleton<StorageCheck>(objects.CheckAsync)
            .AddSingleton<ILakeFiles, LocalLakeFiles>();
    }

    private static IServiceCollection AddBucket(this IServiceCollection services, OpenedBucket bucket, DataDirectory directory, long cacheBytes)
    {
        var objects = new S3ObjectStore(bucket.Client, bucket.Counters);
        var cache = new ObjectCache(objects, directory.Cache, directory.Temporary, shared: BucketLakeFiles.CacheFolder, cacheBytes);
        cache.TakeOver();
        return services
            .AddSingleton(bucket)
            .AddSingleton(provider => new ObjectStoreFigures(bucket.Counters, cache, provider.GetRequiredService<DelayedDeletes>()))
            .AddSingleton(provider => new DelayedDeletes(
                objects, provider.GetService<ContinuousBackup>(), provider.GetRequiredService<ILogger<DelayedDeletes>>()))
            .AddSingleton<IObjectStore>(provider => provider.GetRequiredService<DelayedDeletes>())
            .AddSingleton<ILocalObjects>(new CachedObjects(cache, bucket.OpenedAt))
            // What the bucket keeps is copied and written here first.
            .AddSingleton<StorageCheck>(async cancellation =>
                LocalSpace.Check(directory.Root, directory.Temporary) ?? await objects.CheckAsync(cancellation))
            .AddSingleton<ILakeFiles>(provider => new BucketLakeFiles(
                provider.GetRequiredService<IObjectStore>(), cache, directory, bucket.OpenedAt, provider.GetRequiredService<ILogger<BucketLakeFiles>>()));
    }
}
