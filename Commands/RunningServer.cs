using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Hosting.Logging;
using Rat.Storage;

namespace Rat.Commands;

/// <summary>A server from its preparation to its stop: data directory, web application, banner.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private readonly ServerOptions _options;
    private readonly WebApplication _app;

    private RunningServer(ServerOptions options, WebApplication app) => (_options, _app) = (options, app);

    /// <summary>Opens what the server needs. Nothing listens yet.</summary>
    public static Outcome<RunningServer> Prepare(ServerOptions options)
    {
        Certificate? certificate = null;
        if (options.Tls is { } files)
        {
            var loaded = Certificate.Load(files);
            if (!loaded.Succeeded)
                return loaded.Failure;
            certificate = loaded.Value;
        }

        var log = new LogSink(Console.OpenStandardOutput());
        return new RunningServer(options, ServerHost.Build(options, certificate, log, isTerminal: !Console.IsOutputRedirected));
    }

    /// <summary>Starts to listen.</summary>
    /// <returns>The URL under which this machine reaches the server.</returns>
    public async Task<Outcome<Uri>> StartAsync(IReadOnlyList<string> warnings, CancellationToken ct)
    {
        try
        {
            await _app.StartAsync(ct);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return Failure.Unavailable($"{_options.Listen} is already in use; choose another address with --listen");
        }
        catch (SocketException refused)
        {
            return Failure.Unavailable($"can't listen on {_options.Listen}: {refused.Message}");
        }

        var url = Url();
        foreach (var warning in warnings)
            _app.Logger.SettingWarning(warning);
        Banner.Write(Console.Out, url, isTerminal: !Console.IsOutputRedirected);
        return url;
    }

    /// <summary>Returns once the server has stopped: open requests have had their time to end.</summary>
    public async Task WaitForStopAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _app.Logger.Stopping();
        await _app.StopAsync(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Uri Url()
    {
        // With port 0 only the server knows the port.
        var bound = _app.Urls.First();
        var scheme = _options.Tls is null ? "http" : "https";
        return new UriBuilder(scheme, _options.Listen.Reachable.ToString(), new Uri(bound).Port).Uri;
    }
}
