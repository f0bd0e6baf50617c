using System.Globalization;
using Rat.Storage.Backup;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;
using Xunit.Abstractions;

namespace Rat.Tests.Backup;

/// <summary>Servers that live for a while, one after the other, on a bad way to the store: what one of them was told is shipped is never lost.</summary>
[Collection(SwiftTests.Name)]
public sealed class RandomLivesTests(SwiftServer server, ITestOutputHelper output) : IDisposable
{
    // RAT_LIVES=100 for longer.
    private static readonly int Lives = Environment.GetEnvironmentVariable("RAT_LIVES") is { Length: > 0 } number
        ? int.Parse(number, CultureInfo.InvariantCulture) : 6;

    private static readonly Fault[] Faults = [Fault.Drop, Fault.Busy, Fault.LoseAnswer];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-lives-");
    private readonly Random _random = new(7);

    public void Dispose() => _folder.Delete(recursive: true);

    [S3Fact]
    public async Task What_was_shipped_is_restored_whenever_a_life_ends()
    {
        using var proxy = new FaultProxy(server.Port);
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        var settings = new BackupSettings(place, BackupSettings.StandardPrefix);
        var throughProxy = settings with { Bucket = server.Settings(place.Bucket, proxy.Port), Interval = TimeSpan.FromMilliseconds(300) };
        var (faults, ships, count, shipped) = (0, 0, 0, 0);
        DirectoryInfo? folder = null;
        for (var life = 0; life < Lives; life++)
        {
            // From some request on nothing gets through any more, as if the process had died there.
            var last = _random.Next(5, 60);
            proxy.Choose = _ =>
            {
                lock (_random)
                {
                    if (--last > 0 && _random.Next(6) > 0)
                        return Fault.None;
                    faults++;
                    return last > 0 ? Faults[_random.Next(Faults.Length)] : Fault.Drop;
                }
            };
            var directory = BackedUpDirectory.Open(throughProxy, folder);
            var writes = new RandomWrites(directory.Database, directory.Storage.Directory.Database, life);
            await directory.ExecuteAsync("CREATE TABLE IF NOT EXISTS counted (number INTEGER PRIMARY KEY)");
            while (Volatile.Read(ref last) > 0)
            {
                await writes.StepAsync();
                await directory.ExecuteAsync($"INSERT INTO counted VALUES ({++count})");
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(_random.Next(1, 6)));
                try
                {
                    if (_random.Next(2) == 0 && await directory.Backup.ShipAsync(patience.Token) is null)
                        (shipped, ships) = (count, ships + 1);
                }
                catch (OperationCanceledException)
                {
                }
            }

            folder = await directory.AbandonAsync();
            Assert.InRange(await RestoredCountAsync(settings), shipped, count);
        }

        folder!.Delete(recursive: true);
        Assert.True(ships > 0);
        output.WriteLine($"{Lives} lives, {faults} faults, {ships} ships, {count} commits counted, {shipped} of them shipped for certain");
    }

    private async Task<int> RestoredCountAsync(BackupSettings settings)
    {
        using var bucket = new BackupBucket(settings, TimeProvider.System);
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.db");
        var read = await new BackupReader(bucket).ReadAsync(file, CancellationToken.None);
        if (read.Failure is { Kind: Rat.Storage.FailureKind.NotFound })
            return 0;
        Assert.Null(read.Failure);
        // Checks it as well.
        var text = DatabaseText.Of(file);
        var rows = text.IndexOf("CREATE TABLE counted", StringComparison.Ordinal) is >= 0 and var table ? text[table..].Split('\n')[1..] : [];
        return rows.TakeWhile(row => row.EndsWith('|') && !row.StartsWith("CREATE", StringComparison.Ordinal))
            .Select(row => int.Parse(row.Trim('|'), CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
    }
}
