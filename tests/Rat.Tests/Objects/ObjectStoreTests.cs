using Rat.Storage;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Objects;

/// <summary>What holds for every store of objects.</summary>
[Collection(SwiftTests.Name)]
public sealed class ObjectStoreTests(SwiftServer server)
{
    [Theory, DiskStore, S3Store]
    public async Task What_was_put_is_read_until_it_is_replaced_or_deleted(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        await opened.PutAsync("default/landing/orders/a.csv", [1, 2, 3]);
        Assert.Equal((byte[])[1, 2, 3], await opened.ReadAsync("default/landing/orders/a.csv"));
        await opened.PutAsync("default/landing/orders/a.csv", []);
        Assert.Equal((byte[])[], await opened.ReadAsync("default/landing/orders/a.csv"));
        await opened.Store.DeleteAsync("default/landing/orders/a.csv");
        Assert.Null(await opened.ReadAsync("default/landing/orders/a.csv"));
        await opened.Store.DeleteAsync("default/landing/orders/a.csv");
        Assert.Empty(await opened.KeysAsync());
    }

    // Sizes around the part of 5 MiB that the tests' bucket is given, and several parts.
    [Theory, DiskStore, S3Store]
    public async Task Any_size_comes_back_as_it_was(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        var random = new Random(7);
        foreach (var size in new[] { 1, (5 << 20) - 1, 5 << 20, (5 << 20) + 1, 10 << 20, 26_000_001 })
        {
            var bytes = new byte[size];
            random.NextBytes(bytes);
            // As uploads come: in pieces, of a length that isn't known.
            var put = await opened.Store.PutAsync("default/a", new PiecesStream(bytes, random), long.MaxValue, CancellationToken.None);
            Assert.Equal(size, put.Value);
            await using var stream = await opened.Store.OpenAsync("default/a", CancellationToken.None);
            Assert.Equal(size, stream!.Length);
            Assert.True(Same(bytes, await opened.ReadAsync("default/a")));
        }
    }

    [Theory, DiskStore, S3Store]
    public async Task Past_the_limit_nothing_is_stored_and_what_was_there_stays(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        await opened.PutAsync("default/a", [1]);
        foreach (var (size, largest) in new[] { (11, 10), (12 << 20, (11 << 20) + 5) })
        {
            var refused = await opened.Store.PutAsync("default/a", new MemoryStream(new byte[size]), largest, CancellationToken.None);
            Assert.Equal(FailureKind.TooLarge, refused.Failure!.Kind);
            Assert.Equal((byte[])[1], await opened.ReadAsync("default/a"));
        }

        Assert.Equal(10, (await opened.Store.PutAsync("default/a", new MemoryStream(new byte[10]), 10, CancellationToken.None)).Value);
        Assert.Equal(["default/a"], await opened.KeysAsync());
    }

    [Theory, DiskStore, S3Store]
    public async Task A_stream_that_breaks_stores_nothing(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        foreach (var size in new[] { 10, 13 << 20 })
        {
            await Assert.ThrowsAsync<IOException>(() =>
                opened.Store.PutAsync("default/a", new BreakingStream(size), long.MaxValue, CancellationToken.None));
        }

        Assert.Empty(await opened.KeysAsync());
    }

    [Theory, DiskStore, S3Store]
    public async Task Keys_of_any_letters_are_listed_as_they_were_put(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        string[] keys = ["default/a b.csv", "default/a%20b.csv", "default/a+b&c=d?e#f.csv", "default/grüße/日本.txt", "default/~!$'()*,;:@[]{}|^`\"<>.txt"];
        foreach (var key in keys)
            await opened.PutAsync(key, System.Text.Encoding.UTF8.GetBytes(key));
        Assert.Equal(keys.Order(StringComparer.Ordinal), await opened.KeysAsync());
        foreach (var key in keys)
        {
            Assert.Equal(key, System.Text.Encoding.UTF8.GetString((await opened.ReadAsync(key))!));
            await opened.Store.CopyAsync(key, key + ".copy");
            Assert.Equal(key, System.Text.Encoding.UTF8.GetString((await opened.ReadAsync(key + ".copy"))!));
            await opened.Store.DeleteAsync(key);
        }

        Assert.Equal(keys.Select(key => key + ".copy").Order(StringComparer.Ordinal), await opened.KeysAsync());
    }

    // The tests' S3 server gives 20 keys a page.
    [Theory, DiskStore, S3Store]
    public async Task A_list_has_every_object_once_with_its_time(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        var before = DateTime.UtcNow.AddSeconds(-2);
        List<string> keys = [.. Enumerable.Range(0, 45).Select(number => $"default/f{number % 3}/{number:000}")];
        await Task.WhenAll(keys.Select(key => opened.PutAsync(key, [1])));
        Assert.Equal(keys.Order(StringComparer.Ordinal), await opened.KeysAsync());
        Assert.All(
            await opened.Store.ListAsync("", CancellationToken.None).ToListAsync(),
            stored => Assert.InRange(stored.ModifiedAt, before, DateTime.UtcNow.AddSeconds(2)));
    }

    // Past the 6 MiB that the tests' bucket is told to copy at once, too.
    [Theory, DiskStore, S3Store]
    public async Task A_copy_takes_the_place_of_what_was_there(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        await opened.PutAsync("default/landing/z/_processed/r/a.csv", [9, 9]);
        foreach (var size in new[] { 3, (6 << 20) + 1 })
        {
            var bytes = new byte[size];
            new Random(size).NextBytes(bytes);
            await opened.PutAsync("default/landing/z/a.csv", bytes);
            await opened.Store.CopyAsync("default/landing/z/a.csv", "default/landing/z/_processed/r/a.csv");
            Assert.True(Same(bytes, await opened.ReadAsync("default/landing/z/_processed/r/a.csv")));
            Assert.True(Same(bytes, await opened.ReadAsync("default/landing/z/a.csv")));
        }

        await Assert.ThrowsAsync<FileNotFoundException>(() => opened.Store.CopyAsync("default/landing/z/none.csv", "default/landing/z/b.csv"));
    }

    [Theory, DiskStore, S3Store]
    public async Task A_put_that_was_given_up_stores_nothing(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        using var given = new CancellationTokenSource();
        var put = opened.Store.PutAsync("default/a", new EndlessStream(given), long.MaxValue, given.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => put);
        Assert.Empty(await opened.KeysAsync());
    }

    [Theory, DiskStore, S3Store]
    public async Task Of_many_puts_of_one_key_one_is_whole(string kind)
    {
        using var opened = await OpenStore.OfAsync(kind, server);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(value => opened.PutAsync("default/a", [.. Enumerable.Repeat((byte)value, 1000)])));
        var stored = (await opened.ReadAsync("default/a"))!;
        Assert.Equal(1000, stored.Length);
        Assert.Single(stored.Distinct());
        Assert.Null(await opened.Store.CheckAsync(CancellationToken.None));
    }

    // Megabytes that differ would be printed.
    private static bool Same(byte[] expected, byte[]? actual) => expected.AsSpan().SequenceEqual(actual);

    private sealed class PiecesStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 200_000))], cancellationToken);
    }

    private sealed class BreakingStream(int after) : MemoryStream(new byte[after])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            await base.ReadAsync(buffer, cancellationToken) is > 0 and var count ? count : throw new IOException("the client has gone");
    }

    private sealed class EndlessStream(CancellationTokenSource given) : MemoryStream
    {
        private long _total;

        // As the body of a request; what can seek has an end.
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if ((_total += buffer.Length) > 12 << 20)
                given.Cancel();
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(buffer.Length);
        }
    }
}
