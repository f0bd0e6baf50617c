using Microsoft.Extensions.Logging;
using Rat.Storage.Backup;
using Rat.Storage.Objects;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Backup;

/// <summary>An object goes only once a state was shipped that is later than the call.</summary>
[Collection(SwiftTests.Name)]
public sealed class DelayedDeletesTests(SwiftServer server)
{
    [S3Fact]
    public async Task A_delete_waits_until_the_state_before_it_was_shipped()
    {
        using var proxy = new FaultProxy(server.Port);
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        await using var directory = BackedUpDirectory.Open(
            new BackupSettings(server.Settings(place.Bucket, proxy.Port), BackupSettings.StandardPrefix) { Interval = TimeSpan.FromHours(1) });
        await directory.ShipAsync();
        var deletes = Of(opened.Store, directory.Backup);
        await opened.PutAsync("default/old", [1]);
        await opened.PutAsync("default/kept", [2]);

        // The backup can't be reached, the objects can.
        proxy.Choose = _ => Fault.Busy;
        await directory.ExecuteAsync("CREATE TABLE names_no_old (content TEXT)");
        await deletes.DeleteAsync("default/old");
        await Task.Delay(3000);
        Assert.Equal(["default/kept", "default/old"], await opened.KeysAsync("default/"));
        Assert.Equal(1, deletes.Waiting);

        proxy.Choose = _ => Fault.None;
        await NoneWaitsAsync(deletes);
        Assert.Equal(["default/kept"], await opened.KeysAsync("default/"));
        using var bucket = new BackupBucket(directory.Settings with { Bucket = place }, TimeProvider.System);
        var file = Path.Combine(directory.Path, "restored.db");
        Assert.Null((await new BackupReader(bucket).ReadAsync(file, CancellationToken.None)).Failure);
        Assert.Contains("names_no_old", DatabaseText.Of(file), StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task What_is_put_again_stays()
    {
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        await using var directory = BackedUpDirectory.Open(new BackupSettings(place, BackupSettings.StandardPrefix));
        var deletes = Of(opened.Store, directory.Backup);
        await opened.PutAsync("default/a", [1]);
        await opened.PutAsync("default/b", [1]);
        await deletes.DeleteAsync("default/a");
        await deletes.DeleteAsync("default/b");
        await deletes.DeleteAsync("default/missing");
        Assert.Equal(1, (await deletes.PutAsync("default/a", new MemoryStream([2]), 10, CancellationToken.None)).Value);
        await NoneWaitsAsync(deletes);
        Assert.Equal(["default/a"], await opened.KeysAsync("default/"));
        Assert.Equal([2], await opened.ReadAsync("default/a"));
    }

    [S3Fact]
    public async Task Nothing_goes_once_the_backup_is_anothers()
    {
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        await using var directory = BackedUpDirectory.Open(new BackupSettings(place, BackupSettings.StandardPrefix));
        await directory.ShipAsync();
        using var bucket = new BackupBucket(directory.Settings, TimeProvider.System);
        await bucket.TakeOverAsync("another", CancellationToken.None);
        var deletes = Of(opened.Store, directory.Backup);
        await opened.PutAsync("default/a", [1]);
        await deletes.DeleteAsync("default/a");
        await NoneWaitsAsync(deletes);
        await deletes.DeleteAsync("default/a");
        await NoneWaitsAsync(deletes);
        Assert.Equal(["default/a"], await opened.KeysAsync("default/"));
    }

    [S3Fact]
    public async Task Without_a_backup_they_go_at_once()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        await opened.PutAsync("default/a", [1]);
        await Of(opened.Store, null).DeleteAsync("default/a");
        Assert.Empty(await opened.KeysAsync("default/"));
    }

    private static DelayedDeletes Of(IObjectStore store, ContinuousBackup? backup) => new(store, backup, new LoggerFactory().CreateLogger<DelayedDeletes>());

    private static async Task NoneWaitsAsync(DelayedDeletes deletes)
    {
        for (var tries = 0; tries < 600 && deletes.Waiting > 0; tries++)
            await Task.Delay(100);
        Assert.Equal(0, deletes.Waiting);
        // The last one is on its way.
        await Task.Delay(500);
    }
}
