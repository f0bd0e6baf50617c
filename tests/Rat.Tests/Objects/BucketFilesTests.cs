using System.Text;
using Rat.Storage;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Objects;

/// <summary>User files in a bucket: an object for each version, never written twice, and none without a row.</summary>
[Collection(SwiftTests.Name)]
public sealed class BucketFilesTests(SwiftServer server) : IDisposable
{
    private const string Landed = "default/landing/zone/a.csv";
    private const string Source = "default/pipelines/bronze/p/pipeline.sql";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-test-");

    [S3Fact]
    public async Task A_landing_file_that_is_uploaded_again_leaves_no_object_behind()
    {
        using var opened = await OpenAsync();
        var first = await opened.PutAsync(Landed, "one");
        var second = await opened.PutAsync(Landed, "two");
        Assert.NotEqual(first.ObjectKey, second.ObjectKey);
        Assert.Equal([second.ObjectKey], await opened.ObjectsAsync());
        Assert.Equal("two", await opened.ReadAsync(Landed));
        Assert.True(await opened.Files.DeleteAsync(Landed));
        Assert.Empty(await opened.ObjectsAsync());
    }

    [S3Fact]
    public async Task Versions_of_a_source_stay()
    {
        using var opened = await OpenAsync();
        var first = await opened.PutAsync(Source, "SELECT 1");
        await opened.PutAsync(Source, "SELECT 2");
        Assert.Equal("SELECT 1", await opened.ReadAsync(Source, first.VersionId));
        Assert.Equal(2, (await opened.ObjectsAsync()).Count);
    }

    [S3Fact]
    public async Task A_copy_has_the_name_that_the_file_was_given_and_two_versions_are_read_at_once()
    {
        using var opened = await OpenAsync();
        var first = await opened.PutAsync(Landed, "one");
        using var held = await opened.Files.HoldAsync(first, CancellationToken.None);
        var second = await opened.PutAsync(Landed, "two");
        using var other = await opened.Files.HoldAsync(second, CancellationToken.None);
        foreach (var (version, text) in new[] { (first, "one"), (second, "two") })
        {
            Assert.EndsWith("/" + Landed, opened.Files.LocalPath(version), StringComparison.Ordinal);
            Assert.Equal(text, await File.ReadAllTextAsync(opened.Files.LocalPath(version)));
        }
    }

    [S3Fact]
    public async Task Archiving_moves_the_row_and_no_object()
    {
        using var opened = await OpenAsync();
        var file = await opened.PutAsync(Landed, "rows");
        const string archived = "default/landing/zone/_processed/run/a.csv";
        await opened.Database.WriteAsync(connection =>
        {
            FileStore.Consume(connection, [new ConsumedFile(file.VersionId, archived)]);
            return true;
        });
        Assert.Empty(await opened.Files.ArchiveAsync([(file, archived)], (_, moved) => Assert.Equal([file], moved)));
        Assert.Equal([file.ObjectKey], await opened.ObjectsAsync());
        Assert.Equal("rows", await opened.ReadAsync(archived));
        Assert.Null(await opened.Files.OpenAsync(Landed, CancellationToken.None));
    }

    [S3Fact]
    public async Task A_start_removes_the_objects_that_no_row_names_and_no_others()
    {
        using var opened = await OpenAsync();
        var file = await opened.PutAsync(Landed, "rows");
        await opened.Store.PutAsync(".versions/ab/left", new MemoryStream([1]), 1, CancellationToken.None);
        await opened.Store.PutAsync(".rat/owner/me", new MemoryStream([1]), 1, CancellationToken.None);
        await opened.Store.PutAsync("somebody/else", new MemoryStream([1]), 1, CancellationToken.None);
        Assert.Equal(0, await opened.SweepAsync(DateTime.UtcNow.AddMinutes(-10)));
        Assert.Equal(1, await opened.SweepAsync(DateTime.UtcNow.AddMinutes(10)));
        Assert.Equal([".rat/owner/me", file.ObjectKey, "somebody/else"], await opened.ObjectsAsync());
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<OpenFiles> OpenAsync() =>
        new(OpenedStorage.Open(Path.Combine(_folder.FullName, "data")).Value, await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket())));

    private sealed class OpenFiles : IDisposable
    {
        private readonly OpenedStorage _storage;
        private readonly OpenStore _bucket;

        public OpenFiles(OpenedStorage storage, OpenStore bucket)
        {
            (_storage, _bucket) = (storage, bucket);
            Files = new UserFiles(bucket.Store, Local(DateTime.UtcNow), storage.Database, TimeProvider.System);
        }

        public UserFiles Files { get; }

        public MetadataDatabase Database => _storage.Database;

        public IObjectStore Store => _bucket.Store;

        public async Task<FileVersion> PutAsync(string key, string text) =>
            (await Files.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(text)), "text/plain", 1000, (_, _) => null, CancellationToken.None)).Value;

        public async Task<string> ReadAsync(string key, string? version = null)
        {
            await using var content = await Files.OpenAsync(key, CancellationToken.None, version);
            using var reader = new StreamReader(content!.Stream);
            return await reader.ReadToEndAsync();
        }

        public Task<List<string>> ObjectsAsync() => _bucket.KeysAsync();

        public Task<int> SweepAsync(DateTime openedAt) => new ObjectSweep(Store, Local(openedAt), Files, Database).SweepAsync(CancellationToken.None);

        public void Dispose()
        {
            _bucket.Dispose();
            _storage.Dispose();
        }

        private CachedObjects Local(DateTime openedAt) =>
            new(new ObjectCache(_bucket.Store, _storage.Directory.Cache, _storage.Directory.Temporary, shared: "lake/", limit: 1 << 20), openedAt);
    }
}
