using System.Reflection;
using Rat.Storage.Objects;
using Rat.Storage.Objects.S3;
using Rat.Tests.Objects.Swift;
using Xunit.Sdk;

namespace Rat.Tests.Objects;

/// <summary>Runs a theory with the store on disk.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DiskStoreAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["disk"]];
}

/// <summary>Runs a theory with the store in a bucket; skipped, and counted as skipped, where there is no S3 server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class S3StoreAttribute : DataAttribute
{
    public S3StoreAttribute() => Skip = SwiftPackages.Missing;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [["s3"]];
}

/// <summary>A store with nothing in it, and its end.</summary>
internal sealed class OpenStore : IDisposable
{
    private readonly DirectoryInfo? _folder;

    private OpenStore(IObjectStore store, DirectoryInfo folder) => (Store, _folder) = (store, folder);

    private OpenStore(S3Settings settings)
    {
        Settings = settings;
        Client = new S3Client(settings, Counters, TimeProvider.System, new Random(1));
        Store = new S3ObjectStore(Client, Counters);
    }

    public IObjectStore Store { get; }

    public S3Client? Client { get; }

    public S3Settings? Settings { get; }

    public S3Counters Counters { get; } = new();

    public static async Task<OpenStore> OfAsync(string kind, SwiftServer server)
    {
        if (kind == "s3")
            return await OfBucketAsync(server.Settings(NewBucket()));
        var folder = Directory.CreateTempSubdirectory("rat-test-");
        return new OpenStore(
            new DiskObjectStore(folder.CreateSubdirectory("objects").FullName, folder.CreateSubdirectory("tmp").FullName, DateTime.UtcNow), folder);
    }

    /// <summary>Makes the bucket.</summary>
    public static async Task<OpenStore> OfBucketAsync(S3Settings settings)
    {
        var opened = new OpenStore(settings);
        await opened.Client!.TellAsync(new S3Request(HttpMethod.Put, ""), CancellationToken.None);
        return opened;
    }

    /// <summary>A bucket that is there, or isn't.</summary>
    public static OpenStore Of(S3Settings settings) => new(settings);

    public static string NewBucket() => $"rat-{Guid.NewGuid():N}";

    public async Task PutAsync(string key, byte[] bytes) =>
        Assert.Equal(bytes.Length, (await Store.PutAsync(key, new MemoryStream(bytes), long.MaxValue, CancellationToken.None)).Value);

    public async Task<byte[]?> ReadAsync(string key)
    {
        await using var stream = await Store.OpenAsync(key, CancellationToken.None);
        if (stream is null)
            return null;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    public async Task<List<string>> KeysAsync(string prefix = "") =>
        [.. (await Store.ListAsync(prefix, CancellationToken.None).Select(stored => stored.Key).ToListAsync()).Order(StringComparer.Ordinal)];

    public void Dispose()
    {
        Client?.Dispose();
        _folder?.Delete(recursive: true);
    }
}
