using System.CommandLine;
using Rat.Endpoints.Hosting;

namespace Rat.Commands;

/// <summary><c>rat healthcheck</c>: 0 when this machine's server answers <c>/health</c> with 200, else 1; made for containers.</summary>
internal static class HealthcheckCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var flags = new ServerFlags();
        var command = new Command("healthcheck", "Ask the server of this machine whether it is alive; ends with 0 or 1.");
        flags.AddTo(command, withDataDirectory: false);
        command.SetAction(async (result, ct) =>
        {
            var settings = flags.Load(result);
            return settings.Problems.Count == 0 && await IsAliveAsync(settings.Options, ct) ? 0 : 1;
        });
        return command;
    }

    private static async Task<bool> IsAliveAsync(ServerOptions options, CancellationToken ct)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        // The certificate names the public host, not this address, and nothing is sent that it would have to protect.
#pragma warning disable CA5359
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        using var client = new HttpClient(handler) { Timeout = Limit };
        var scheme = options.Tls is null ? "http" : "https";
        var health = new UriBuilder(scheme, options.Listen.Reachable.ToString(), options.Listen.Port, "/health").Uri;
        try
        {
            using var answer = await client.GetAsync(health, HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
