using System.Net;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>The names under which this server is asked: those of this machine, and those of <c>RAT_ALLOWED_HOSTS</c>.</summary>
internal sealed class OwnHosts(ServerOptions options)
{
    private readonly HashSet<string> _named = new(options.AllowedHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>True for <c>localhost</c>, a loopback address, and a name of the setting.</summary>
    /// <param name="host">Without a port; an IPv6 address in brackets.</param>
    public bool Contains(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))
        || IsNamed(host);

    /// <summary>True for a name of the setting.</summary>
    public bool IsNamed(string host) => _named.Contains(host);
}
