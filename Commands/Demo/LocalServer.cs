using Rat.Endpoints.Hosting;
using Rat.Storage;

namespace Rat.Commands.Demo;

/// <summary>A server inside this process, on a free port of loopback, for verbs that bring their own.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private readonly RunningServer _server;

    private LocalServer(RunningServer server, Uri address) => (_server, Address) = (server, address);

    public Uri Address { get; }

    public static async Task<Outcome<LocalServer>> StartAsync(string dataDirectory, CancellationToken cancellation)
    {
        var prepared = await RunningServer.PrepareAsync(new ServerOptions
        {
            DataDirectory = dataDirectory,
            Listen = ListenAddress.Default with { Port = 0 },
            RateLimit = 0,
        }, cancellation, quiet: true);
        if (!prepared.Succeeded)
            return prepared.Failure;
        var started = await prepared.Value.StartAsync([], cancellation);
        if (started.Succeeded)
            return new LocalServer(prepared.Value, started.Value);
        await prepared.Value.DisposeAsync();
        return started.Failure;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
