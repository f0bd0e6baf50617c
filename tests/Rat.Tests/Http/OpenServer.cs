namespace Rat.Tests.Http;

/// <summary>A server with default settings, shared by the tests of a class.</summary>
public sealed class OpenServer : IAsyncLifetime
{
    private RatProcess? _rat;

    internal RatProcess Rat => _rat!;

    internal HttpClient Client => Rat.Client;

    public async Task InitializeAsync() => _rat = await RatProcess.ServeAsync();

    public async Task DisposeAsync() => await Rat.DisposeAsync();
}
