using Rat.Storage.Objects.S3;

namespace Rat.Tests.Objects.Swift;

/// <summary>The one S3 server of this process, for the tests of the store. It starts with the first that needs it and ends with the process.</summary>
public sealed class SwiftServer : IAsyncLifetime
{
    // Small pages, so that listings have several.
    private static readonly Lazy<Task<SwiftProcesses>> Processes = new(async () =>
    {
        var swift = await SwiftProcesses.StartAsync(listing: 20);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => swift.Stop();
        return swift;
    });

    /// <summary>Of the S3 interface.</summary>
    public int Port { get; private set; }

    /// <summary>The port of the S3 interface, for whoever is no test of the store.</summary>
    internal static async Task<int> PortAsync() => (await Processes.Value).Port;

    public async Task InitializeAsync()
    {
        if (SwiftPackages.Missing is null)
            Port = await PortAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>What reaches a bucket of the server; the times are long, since the server is slow where much else runs.</summary>
    internal S3Settings Settings(string bucket, int? port = null) => new($"127.0.0.1:{port ?? Port}", bucket, "test:tester", "testing")
    {
        MetadataTimeout = TimeSpan.FromSeconds(60),
        PartBytes = 5 << 20,
        LargestCopy = 6 << 20,
    };

    /// <summary>Lets anyone read a bucket.</summary>
    /// <returns>The bucket's address.</returns>
    public Task<string> OpenToAllAsync(string bucket) => Task.Run(() =>
    {
        var opened = SwiftBucket.Of(Port, bucket);
        opened.OpenToAll();
        return opened.Address;
    });
}

/// <summary>Tests that share one server, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftTests : ICollectionFixture<SwiftServer>
{
    public const string Name = "Swift";
}
