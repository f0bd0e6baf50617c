using System.Globalization;
using Rat.Storage.Backup;
using Rat.Storage.Objects.S3;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;
using Xunit.Abstractions;

namespace Rat.Tests.Backup;

/// <summary>What was shipped to a bucket can be restored, whatever happened meanwhile.</summary>
[Collection(SwiftTests.Name)]
public sealed class ContinuousBackupTests(SwiftServer server, ITestOutputHelper output) : IDisposable
{
    // RAT_SHIPS=50 for longer.
    private static readonly int Ships = Environment.GetEnvironmentVariable("RAT_SHIPS") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-restored-");

    public void Dispose() => _folder.Delete(recursive: true);

    [S3Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task The_restored_database_is_the_shipped_one(int seed)
    {
        var settings = await NewPlaceAsync();
        await using var directory = BackedUpDirectory.Open(settings);
        var writes = new RandomWrites(directory.Database, directory.Storage.Directory.Database, seed);
        var random = new Random(seed);
        for (var ship = 0; ship < Ships; ship++)
        {
            for (var step = random.Next(10); step >= 0; step--)
                await writes.StepAsync();
            await directory.ShipAsync();
            Assert.Equal(directory.Text(), await RestoredAsync(settings));
        }

        output.WriteLine($"{directory.Backup.Segments} segments, {directory.Backup.Bytes} bytes; {string.Join(' ', await ObjectsAsync(settings))}");
        Assert.Null(directory.Backup.Problem);
        Assert.Null(directory.Backup.UnshippedSince);
    }

    [S3Fact]
    public async Task A_commit_is_shipped_after_the_interval_and_nothing_when_there_is_none()
    {
        var settings = await NewPlaceAsync() with { Interval = TimeSpan.FromSeconds(2) };
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        await directory.ExecuteAsync("CREATE TABLE filler (content TEXT)");
        Assert.NotNull(directory.Backup.UnshippedSince);
        for (var tries = 0; tries < 200 && directory.Backup.UnshippedSince is not null; tries++)
            await Task.Delay(50);
        Assert.Null(directory.Backup.UnshippedSince);
        Assert.Contains("CREATE TABLE filler", await RestoredAsync(settings), StringComparison.Ordinal);
        var segments = directory.Backup.Segments;
        await Task.Delay(3000);
        Assert.Equal(segments, directory.Backup.Segments);
    }

    [S3Fact]
    public async Task A_new_base_takes_the_place_of_what_came_before_it()
    {
        var settings = await NewPlaceAsync();
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        await directory.ExecuteAsync("CREATE TABLE filler (id INTEGER PRIMARY KEY, content BLOB)");
        // Each of the segments is a megabyte that can't be compressed: after a few there is more of them than of the base.
        for (var ship = 0; ship < 10; ship++)
        {
            await directory.ExecuteAsync("INSERT OR REPLACE INTO filler SELECT abs(random()) % 20, randomblob(1000000)");
            await directory.ShipAsync();
        }

        for (var tries = 0; tries < 200 && (await ObjectsAsync(settings)).Count(IsBase) > 1; tries++)
            await Task.Delay(50);
        var left = await ObjectsAsync(settings);
        Assert.Single(left, IsBase);
        Assert.DoesNotContain("00000001/base-0000000000", left);
        Assert.DoesNotContain("00000001/log-0000000000", left);
        Assert.Equal(directory.Text(), await RestoredAsync(settings));

        static bool IsBase(string name) => name.StartsWith("00000001/base-", StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task The_epoch_before_stays_until_the_new_one_has_its_base()
    {
        using var proxy = new FaultProxy(server.Port);
        var settings = await NewPlaceAsync();
        var first = BackedUpDirectory.Open(settings);
        await first.ExecuteAsync("CREATE TABLE filler (content TEXT)");
        await first.ShipAsync();
        var shipped = first.Text();
        var folder = await first.AbandonAsync();

        // No base gets through.
        proxy.Choose = line => line.StartsWith("PUT", StringComparison.Ordinal) && line.Contains("/base-", StringComparison.Ordinal) ? Fault.Drop : Fault.None;
        var hindered = BackedUpDirectory.Open(settings with { Bucket = server.Settings(settings.Bucket.Bucket, proxy.Port) }, folder);
        await hindered.ExecuteAsync("INSERT INTO filler VALUES ('later')");
        var shipping = hindered.Backup.ShipAsync(CancellationToken.None);
        for (var tries = 0; tries < 600 && hindered.Backup.Problem is null; tries++)
            await Task.Delay(50);
        Assert.Contains("object store", hindered.Backup.Problem!.Message, StringComparison.Ordinal);
        Assert.False(shipping.IsCompleted);
        Assert.Equal(shipped, await RestoredAsync(settings));
        await hindered.AbandonAsync();

        await using var last = BackedUpDirectory.Open(settings, folder);
        await last.ShipAsync();
        Assert.Contains("later", await RestoredAsync(settings), StringComparison.Ordinal);
        for (var tries = 0; tries < 200 && (await ObjectsAsync(settings)).Count > 1; tries++)
            await Task.Delay(50);
        // The second epoch was begun, without anything that can be restored.
        Assert.Equal(["00000003/base-0000000000"], await ObjectsAsync(settings));
    }

    [S3Fact]
    public async Task What_the_store_did_not_take_is_shipped_when_it_can_be_reached_again()
    {
        using var proxy = new FaultProxy(server.Port);
        var settings = await NewPlaceAsync();
        await using var directory = BackedUpDirectory.Open(settings with { Bucket = server.Settings(settings.Bucket.Bucket, proxy.Port) });
        await directory.ShipAsync();
        proxy.Choose = _ => Fault.Drop;
        await directory.ExecuteAsync("CREATE TABLE filler (content TEXT)");
        var shipping = directory.Backup.ShipAsync(CancellationToken.None);
        for (var tries = 0; tries < 600 && directory.Backup.Problem is null; tries++)
            await Task.Delay(50);
        Assert.NotNull(directory.Backup.Problem);
        Assert.False(shipping.IsCompleted);
        await directory.ExecuteAsync("INSERT INTO filler VALUES ('meanwhile')");
        proxy.Choose = _ => Fault.None;
        await directory.ShipAsync();
        Assert.Null(await shipping);
        Assert.Null(directory.Backup.Problem);
        Assert.Equal(directory.Text(), await RestoredAsync(settings));
    }

    [S3Fact]
    public async Task Changes_past_what_is_kept_begin_anew()
    {
        var settings = await NewPlaceAsync() with { Interval = TimeSpan.FromHours(1) };
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        await directory.ExecuteAsync("""
            CREATE TABLE filler (content BLOB);
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70) INSERT INTO filler SELECT zeroblob(1000000) FROM n;
            """);
        await directory.ShipAsync();
        Assert.Equal(directory.Text(), await RestoredAsync(settings));
        Assert.Contains(await ObjectsAsync(settings), name => name.StartsWith("00000002/base-", StringComparison.Ordinal));
    }

    [S3Fact]
    public async Task Whoever_lost_the_bucket_ships_and_deletes_no_more()
    {
        var settings = await NewPlaceAsync();
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        using var bucket = new BackupBucket(settings, TimeProvider.System);
        await bucket.TakeOverAsync("another", CancellationToken.None);
        await directory.ExecuteAsync("CREATE TABLE filler (content TEXT)");
        var before = await ObjectsAsync(settings);
        var refused = await directory.Backup.ShipAsync(CancellationToken.None);
        Assert.Contains("another data directory", refused!.Message, StringComparison.Ordinal);
        Assert.Same(refused, directory.Backup.Problem);
        Assert.Same(refused, await directory.Backup.ShipAsync(CancellationToken.None));
        Assert.Equal(before, await ObjectsAsync(settings));
    }

    [S3Fact]
    public async Task Two_data_directories_never_share_a_backup_but_a_bucket()
    {
        var settings = await NewPlaceAsync();
        await using var first = BackedUpDirectory.Open(settings with { Prefix = "first/" });
        await first.ShipAsync();
        await using var second = BackedUpDirectory.Open(settings with { Prefix = "second/" });
        await second.ShipAsync();
        await using var third = BackedUpDirectory.Open(settings with { Prefix = "first/" });
        Assert.Contains("another data directory", (await third.Backup.ShipAsync(CancellationToken.None))!.Message, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task What_a_dead_process_has_begun_to_put_is_given_up_and_nothing_of_others()
    {
        var settings = await NewPlaceAsync() with { Prefix = "mine/" };
        using var opened = OpenStore.Of(settings.Bucket);
        foreach (var key in new[] { "mine/00000001/base-0000000000", "other/object" })
            await MultipartUpload.BeginAsync(opened.Client!, key, null, CancellationToken.None);
        await using var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        Assert.Equal(1, await LeftUploads.AbandonAsync(opened.Client!, DateTime.MaxValue, CancellationToken.None));
    }

    [S3Theory]
    [InlineData("log-0000000001", "damaged")]
    [InlineData("log-0000000000", "missing")]
    [InlineData("base-0000000000", "damaged")]
    public async Task A_backup_with_a_damaged_or_missing_part_is_refused(string part, string how)
    {
        var settings = await NewPlaceAsync();
        var directory = BackedUpDirectory.Open(settings);
        await directory.ShipAsync();
        for (var number = 0; number < 3; number++)
        {
            await directory.ExecuteAsync($"CREATE TABLE filler_{number} (content TEXT)");
            await directory.ShipAsync();
        }

        (await directory.AbandonAsync()).Delete(recursive: true);
        using var opened = OpenStore.Of(settings.Bucket);
        var key = $"{settings.Prefix}00000001/{part}";
        if (how == "missing")
        {
            await opened.Store.DeleteAsync(key);
        }
        else
        {
            var bytes = (await opened.ReadAsync(key))!;
            bytes[bytes.Length / 2] ^= 1;
            await opened.PutAsync(key, bytes);
        }

        using var bucket = new BackupBucket(settings, TimeProvider.System);
        var refused = await new BackupReader(bucket).ReadAsync(Path.Combine(_folder.FullName, "refused.db"), CancellationToken.None);
        Assert.Contains($"00000001/{part} is {how}", refused.Failure!.Message, StringComparison.Ordinal);
    }

    private async Task<BackupSettings> NewPlaceAsync()
    {
        var settings = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(settings);
        return new BackupSettings(settings, BackupSettings.StandardPrefix);
    }

    private async Task<string> RestoredAsync(BackupSettings settings)
    {
        using var bucket = new BackupBucket(settings, TimeProvider.System);
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.db");
        Assert.Null((await new BackupReader(bucket).ReadAsync(file, CancellationToken.None)).Failure);
        return DatabaseText.Of(file);
    }

    private static async Task<List<string>> ObjectsAsync(BackupSettings settings)
    {
        using var bucket = new BackupBucket(settings, TimeProvider.System);
        return [.. (await bucket.ListAsync(CancellationToken.None)).Select(stored => stored.Key("")).Order(StringComparer.Ordinal)];
    }
}
