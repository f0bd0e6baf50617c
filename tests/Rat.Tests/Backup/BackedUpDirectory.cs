using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Rat.Storage;
using Rat.Storage.Backup;
using Rat.Storage.Metadata;

namespace Rat.Tests.Backup;

/// <summary>A data directory whose changes are shipped, as long as this is there; then its folder is gone, but not what is in the bucket.</summary>
internal sealed class BackedUpDirectory : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private BackedUpDirectory(DirectoryInfo folder, BackupSettings settings, OpenedStorage storage, ContinuousBackup backup) =>
        (_folder, Settings, Storage, Backup) = (folder, settings, storage, backup);

    public BackupSettings Settings { get; }

    public OpenedStorage Storage { get; }

    public ContinuousBackup Backup { get; }

    public MetadataDatabase Database => Storage.Database;

    public string Path => _folder.FullName;

    /// <param name="on">A data directory that is there already.</param>
    public static BackedUpDirectory Open(BackupSettings settings, DirectoryInfo? on = null)
    {
        var folder = on ?? Directory.CreateTempSubdirectory("rat-backup-");
        var storage = OpenedStorage.Open(folder.FullName).Value;
        var backup = new ContinuousBackup(settings, storage.Directory, storage.Database, TimeProvider.System, new LoggerFactory().CreateLogger<ContinuousBackup>());
        backup.Start();
        return new BackedUpDirectory(folder, settings, storage, backup);
    }

    /// <summary>The database as text, in the state that it has now.</summary>
    public string Text() => Database.Read(DatabaseText.Of);

    public Task<int> ExecuteAsync(string sql) => Database.WriteAsync(connection => Execute(connection, sql));

    public async Task ShipAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        Assert.Null(await Backup.ShipAsync(patience.Token));
    }

    /// <summary>Ends as a kill would: nothing is shipped any more. The folder stays.</summary>
    public async Task<DirectoryInfo> AbandonAsync()
    {
        await Backup.StopAsync(TimeSpan.Zero);
        Storage.Dispose();
        return _folder;
    }

    public async ValueTask DisposeAsync()
    {
        await Backup.StopAsync(TimeSpan.FromSeconds(30));
        Storage.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }
}
