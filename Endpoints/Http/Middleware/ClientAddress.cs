using System.Net;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Finds who is asking. Forwarding headers count only when the peer is a trusted proxy (DECISIONS 15); then the connection's address and
/// the request's scheme become those of the client, so that everything behind reads them where it always would.
/// </summary>
internal sealed class ClientAddress(RequestDelegate next, ServerOptions options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var peer = Plain(context.Connection.RemoteIpAddress);
        if (peer is not null && options.TrustedProxies.Any(network => network.Contains(peer)))
        {
            peer = Forwarded(context.Request.Headers) ?? peer;
            if (First(context.Request.Headers["X-Forwarded-Proto"].ToString()) is ("http" or "https") and var scheme)
                context.Request.Scheme = scheme;
        }

        context.Connection.RemoteIpAddress = peer;
        return next(context);
    }

    /// <summary>The client's address without a port, as it is limited and logged.</summary>
    public static string Of(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";

    /// <summary>The first header with a usable address; an unusable one doesn't hide the next.</summary>
    private static IPAddress? Forwarded(IHeaderDictionary headers) =>
        Parse(headers["True-Client-IP"].ToString())
        ?? Parse(headers["X-Real-IP"].ToString())
        ?? Parse(First(headers["X-Forwarded-For"].ToString()));

    private static string First(string list) => list.Split(',', 2)[0].Trim();

    private static IPAddress? Parse(string text)
    {
        // IPAddress takes odd forms such as "1" for 0.0.0.1; a proxy sends none of them.
        if (!text.Contains('.', StringComparison.Ordinal) && !text.Contains(':', StringComparison.Ordinal))
            return null;
        return IPEndPoint.TryParse(text.Trim(), out var endpoint) ? Plain(endpoint.Address) : null;
    }

    /// <summary>An IPv4 client on a dual-stack socket is the same client.</summary>
    private static IPAddress? Plain(IPAddress? address) => address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
}
