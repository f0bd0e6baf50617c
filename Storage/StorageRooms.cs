using Rat.Storage.Lake;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

namespace Rat.Storage;

/// <summary>A data directory with its lock and its database, opened before anything else and closed after everything else.</summary>
internal sealed record OpenedStorage(DataDirectory Directory, MetadataDatabase Database) : IDisposable
{
    /// <param name="lakeUri">Where others find the lake; null for the data directory.</param>
    public static Outcome<OpenedStorage> Open(string path, string? lakeUri = null)
    {
        var directory = DataDirectory.Open(path, lakeUri);
        if (!directory.Succeeded)
            return directory.Failure;
        var database = MetadataDatabase.Open(directory.Value.Database, mayBeNew: !directory.Value.HoldsFiles);
        if (database.Succeeded)
            return new OpenedStorage(directory.Value, database.Value);
        directory.Value.Dispose();
        return database.Failure;
    }

    public void Dispose()
    {
        Database.Dispose();
        Directory.Dispose();
    }
}

/// <summary>What storage puts into the container.</summary>
internal static class StorageRooms
{
    /// <param name="storage">Stays the caller's to dispose: the container doesn't dispose instances that it was given.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, OpenedStorage storage) => services
        .AddSingleton(storage.Directory)
        .AddSingleton(storage.Database)
        .AddSingleton(new DiskObjectStore(storage.Directory.Objects, storage.Directory.Temporary))
        .AddSingleton<IObjectStore>(provider => provider.GetRequiredService<DiskObjectStore>())
        .AddSingleton<ILocalObjects>(provider => provider.GetRequiredService<DiskObjectStore>())
        .AddSingleton<UserFiles>()
        .AddSingleton<ObjectSweep>()
        .AddSingleton<LakePins>()
        .AddSingleton<ILakeUploads, NoUploads>()
        .AddSingleton<LakeTables>()
        .AddSingleton<TableCheck>()
        .AddSingleton<LakeStaging>()
        .AddSingleton<LakeSweep>()
        .AddSingleton<DroppedTables>()
        .AddSingleton<StagedLeftovers>();
}
