using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>As <see cref="EngineServer"/>, but with no room for copies of a bucket's objects: what is done to one is seen at once.</summary>
public sealed class UncachedServer : IAsyncLifetime
{
    private readonly EngineServer _server = new() { Settings = { ["RAT_CACHE_SIZE"] = "1" } };

    internal RatProcess Process => _server.Process;

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    /// <inheritdoc cref="EngineServer.NewPlatformAsync"/>
    internal Task<TestPlatform> NewPlatformAsync(string row) => _server.NewPlatformAsync(row);

    /// <inheritdoc cref="EngineServer.DataFiles"/>
    internal IReadOnlyList<string> DataFiles(string ns) => _server.DataFiles(ns);

    /// <inheritdoc cref="EngineServer.AssertNothingLocal"/>
    internal void AssertNothingLocal(string text) => _server.AssertNothingLocal(text);
}
