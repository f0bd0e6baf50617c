using System.Collections.Concurrent;
using Rat.Storage;
using Rat.Storage.Objects;

namespace Rat.Tests.Objects;

/// <summary>The bounded local copies of objects.</summary>
public sealed class ObjectCacheTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-test-");
    private readonly CountingStore _store;

    public ObjectCacheTests() =>
        _store = new CountingStore(new DiskObjectStore(_folder.CreateSubdirectory("objects").FullName, _folder.CreateSubdirectory("tmp").FullName, DateTime.UtcNow));

    private string CacheFolder => Path.Combine(_folder.FullName, "cache");

    [Fact]
    public async Task Many_that_ask_at_once_fetch_an_object_once()
    {
        var wanted = await PutAsync("lake/a", 50_000);
        var cache = Open(limit: 1_000_000);
        _store.Gate = new TaskCompletionSource();
        var asking = Enumerable.Range(0, 20).Select(_ => cache.HoldAsync(wanted, CancellationToken.None)).ToList();
        _store.Gate.SetResult();
        foreach (var copy in await Task.WhenAll(asking))
        {
            Assert.Equal(50_000, new FileInfo(copy!.Path).Length);
            copy.Dispose();
        }

        Assert.Equal(1, _store.Opened["lake/a"]);
        Assert.Equal((50_000, 19, 1), cache.Figures);
    }

    [Fact]
    public async Task Of_those_that_nobody_holds_the_one_goes_that_was_used_longest_ago()
    {
        var cache = Open(limit: 250);
        foreach (var name in "abc")
            await UseAsync(cache, await PutAsync($"lake/{name}", 100));
        Assert.Equal(["lake/b", "lake/c"], Copies());
        await UseAsync(cache, new ImmutableObject("lake/b", "lake/b", 100));
        await UseAsync(cache, await PutAsync("lake/d", 100));
        Assert.Equal(["lake/b", "lake/d"], Copies());
        await UseAsync(cache, new ImmutableObject("lake/b", "lake/b", 100));
        Assert.Equal(1, _store.Opened["lake/b"]);
        Assert.Equal(200, cache.Figures.Bytes);
    }

    [Fact]
    public async Task What_somebody_holds_stays_even_past_the_limit()
    {
        var cache = Open(limit: 250);
        var held = new List<CachedObject>();
        foreach (var name in "abcd")
            held.Add((await cache.HoldAsync(await PutAsync($"lake/{name}", 100), CancellationToken.None))!);
        var twice = (await cache.HoldAsync(new ImmutableObject("lake/a", "lake/a", 100), CancellationToken.None))!;
        Assert.Equal(["lake/a", "lake/b", "lake/c", "lake/d"], Copies());
        held.ForEach(copy => copy.Dispose());
        held.ForEach(copy => copy.Dispose()); // again is harmless
        Assert.Contains("lake/a", Copies());
        Assert.Equal(200, cache.Figures.Bytes);
        twice.Dispose();
        Assert.Equal(200, cache.Figures.Bytes);
    }

    [Fact]
    public async Task An_object_larger_than_the_limit_can_be_read()
    {
        var cache = Open(limit: 10);
        using (var copy = await cache.HoldAsync(await PutAsync("lake/a", 100), CancellationToken.None))
            Assert.Equal(100, (await File.ReadAllBytesAsync(copy!.Path)).Length);
        Assert.Empty(Copies());
    }

    [Fact]
    public async Task An_object_of_another_length_is_refused_and_not_kept()
    {
        await PutAsync("lake/a", 100);
        var cache = Open(limit: 1000);
        var damaged = await Assert.ThrowsAsync<DamagedObjectException>(() => cache.HoldAsync(new ImmutableObject("lake/a", "lake/a", 99), CancellationToken.None));
        Assert.Contains("lake/a is damaged", damaged.Message, StringComparison.Ordinal);
        Assert.Empty(Copies());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.FullName, "tmp")));
        var right = new ImmutableObject("lake/a", "lake/a", 100);
        using var copy = await cache.HoldAsync(right, CancellationToken.None);
        Assert.NotNull(copy);
    }

    [Fact]
    public async Task What_could_not_be_fetched_is_tried_again()
    {
        var wanted = await PutAsync("lake/a", 100);
        var cache = Open(limit: 1000);
        _store.Failure = new IOException("the store is away");
        await Assert.ThrowsAsync<IOException>(() => cache.HoldAsync(wanted, CancellationToken.None));
        _store.Failure = null;
        await UseAsync(cache, wanted);
        Assert.Null(await cache.HoldAsync(new ImmutableObject("lake/none", "lake/none", 1), CancellationToken.None));
        await PutAsync("lake/none", 1);
        await UseAsync(cache, new ImmutableObject("lake/none", "lake/none", 1));
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_object_to_the_others()
    {
        var wanted = await PutAsync("lake/a", 100);
        var cache = Open(limit: 1000);
        _store.Gate = new TaskCompletionSource();
        using var given = new CancellationTokenSource();
        var impatient = cache.HoldAsync(wanted, given.Token);
        var patient = cache.HoldAsync(wanted, CancellationToken.None);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _store.Gate.SetResult();
        using (var copy = await patient)
            Assert.NotNull(copy);
        Assert.Equal(1, _store.Opened["lake/a"]);
    }

    [Fact]
    public async Task Copies_of_an_earlier_process_count_and_half_ones_are_fetched_again()
    {
        await UseAsync(Open(limit: 1000), await PutAsync("lake/a", 100));
        await UseAsync(Open(limit: 1000), await PutAsync("lake/b", 100));
        await File.WriteAllBytesAsync(Path.Combine(CacheFolder, "lake", "b"), new byte[99]);
        var cache = Open(limit: 1000);
        Assert.Equal(199, cache.Figures.Bytes);
        await UseAsync(cache, new ImmutableObject("lake/a", "lake/a", 100));
        await UseAsync(cache, new ImmutableObject("lake/b", "lake/b", 100));
        Assert.Equal(1, _store.Opened["lake/a"]);
        Assert.Equal(2, _store.Opened["lake/b"]);
        Assert.Equal(200, cache.Figures.Bytes);
    }

    [Fact]
    public async Task The_copy_of_an_object_that_is_gone_goes_when_nobody_holds_it()
    {
        var cache = Open(limit: 1000);
        using (await cache.HoldAsync(await PutAsync("lake/a", 100), CancellationToken.None))
        {
            cache.Forget("lake/a");
            Assert.Equal(["lake/a"], Copies());
        }

        Assert.Empty(Copies());
        await UseAsync(cache, await PutAsync("lake/b", 100));
        cache.Forget("lake/b");
        cache.Forget("lake/none");
        Assert.Empty(Copies());
        Assert.Equal(0, cache.Figures.Bytes);
    }

    [Fact]
    public async Task A_file_that_became_an_object_is_its_copy_from_the_start()
    {
        var wanted = await PutAsync("lake/a", 100);
        var cache = Open(limit: 1000);
        await File.WriteAllBytesAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(CacheFolder, "lake")).FullName, "a"), new byte[100]);
        cache.Include("lake/a");
        await UseAsync(cache, wanted);
        Assert.False(_store.Opened.ContainsKey("lake/a"));
        Assert.Equal(100, cache.Figures.Bytes);
    }

    [Fact]
    public async Task A_folder_that_somebody_has_emptied_fills_again()
    {
        var cache = Open(limit: 1000);
        var wanted = await PutAsync("landing/v/a", 100);
        await UseAsync(cache, wanted);
        Directory.Delete(CacheFolder, recursive: true);
        await UseAsync(cache, wanted);
        Assert.Equal(100, cache.Figures.Bytes);
    }

    [Fact]
    public async Task Folders_go_with_their_last_copy_unless_others_make_some_there()
    {
        var cache = Open(limit: 1000);
        await UseAsync(cache, await PutAsync("landing/v/a/b.csv", 100));
        await UseAsync(cache, await PutAsync("lake/t/data/a", 100));
        cache.Forget("landing/v/a/b.csv");
        cache.Forget("lake/t/data/a");
        Assert.Equal(["lake"], Directory.EnumerateDirectories(CacheFolder).Select(Path.GetFileName));
        Assert.True(Directory.Exists(Path.Combine(CacheFolder, "lake/t/data")));
    }

    // What the cache says is held against what lies in its folder, while many hold, drop and forget.
    [Fact]
    public async Task However_many_work_with_it_a_held_copy_is_there_and_the_limit_holds_at_the_end()
    {
        var wanted = new List<ImmutableObject>();
        for (var i = 0; i < 30; i++)
            wanted.Add(await PutAsync($"lake/{i}", 50 + i));
        var cache = Open(limit: 500);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var round = 0; round < 300; round++)
            {
                var chosen = wanted[random.Next(wanted.Count)];
                using var copy = await cache.HoldAsync(chosen, CancellationToken.None);
                if (random.Next(10) == 0)
                    cache.Forget(chosen.Key);
                Assert.Equal(chosen.Length, new FileInfo(copy!.Path).Length);
            }
        })));

        var left = Copies().Sum(key => new FileInfo(Path.Combine(CacheFolder, key)).Length);
        Assert.Equal(left, cache.Figures.Bytes);
        Assert.InRange(left, 0, 500);
        Assert.Equal(2400, cache.Figures.Hits + cache.Figures.Fetches);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private ObjectCache Open(long limit)
    {
        var cache = new ObjectCache(_store, CacheFolder, Path.Combine(_folder.FullName, "tmp"), shared: "lake/", limit);
        cache.TakeOver();
        return cache;
    }

    private async Task<ImmutableObject> PutAsync(string key, int length)
    {
        Assert.True((await _store.PutAsync(key, new MemoryStream(new byte[length]), long.MaxValue, CancellationToken.None)).Succeeded);
        return new ImmutableObject(key, key, length);
    }

    private static async Task UseAsync(ObjectCache cache, ImmutableObject wanted)
    {
        using var copy = await cache.HoldAsync(wanted, CancellationToken.None);
        Assert.Equal(wanted.Length, new FileInfo(copy!.Path).Length);
    }

    private List<string> Copies() => [.. Directory.EnumerateFiles(CacheFolder, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(CacheFolder, path)).Order(StringComparer.Ordinal)];

    /// <summary>A store on disk that counts, waits and fails when it is told to.</summary>
    private sealed class CountingStore(DiskObjectStore inner) : IObjectStore
    {
        public ConcurrentDictionary<string, int> Opened { get; } = new();

        public TaskCompletionSource? Gate { get; set; }

        public Exception? Failure { get; set; }

        public async Task<Stream?> OpenAsync(string key, CancellationToken cancellation)
        {
            Opened.AddOrUpdate(key, 1, (_, times) => times + 1);
            if (Gate is { } gate)
                await gate.Task;
            if (Failure is { } failure)
                throw failure;
            return await inner.OpenAsync(key, cancellation);
        }

        public Task<Outcome<long>> PutAsync(string key, Stream content, long largest, CancellationToken cancellation) =>
            inner.PutAsync(key, content, largest, cancellation);

        public Task CopyAsync(string key, string target) => inner.CopyAsync(key, target);

        public Task DeleteAsync(string key) => inner.DeleteAsync(key);

        public IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation) => inner.ListAsync(prefix, cancellation);

        public Task<Failure?> CheckAsync(CancellationToken cancellation) => inner.CheckAsync(cancellation);
    }
}
