using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>One server for all tests of a class, without a rate limit. Tests keep apart by namespaces of their own.</summary>
public sealed class ContractServer : IAsyncLifetime
{
    private static int _names;

    internal RatProcess Process { get; private set; } = null!;

    internal ContractClient Client { get; private set; } = null!;

    internal Dictionary<string, string> Settings { get; } = new() { ["RATE_LIMIT"] = "0" };

    public async Task InitializeAsync()
    {
        Process = await RatProcess.ServeAsync(Settings);
        Client = new ContractClient(Process.Client);
    }

    public async Task DisposeAsync() => await Process.DisposeAsync();

    /// <summary>A name that no other test has.</summary>
    internal static string NewName(string prefix = "n") => $"{prefix}{Interlocked.Increment(ref _names)}";

    /// <summary>A namespace that no other test uses.</summary>
    internal async Task<string> NewNamespaceAsync(string prefix = "ns")
    {
        var name = NewName(prefix);
        (await Client.PostAsync("/api/v1/namespaces", new { name })).Expect(201);
        return name;
    }
}
