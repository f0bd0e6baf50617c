using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Rat.Endpoints.Http;
using Rat.Endpoints.Http.Middleware;

namespace Rat.Endpoints.Hosting;

/// <summary>Addresses, limits and time-outs of the listener (behaviour §1).</summary>
internal static class KestrelSettings
{
    public static void Apply(KestrelServerOptions kestrel, ListenAddress listen, Certificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(120);
        kestrel.Limits.MaxRequestBodySize = RequestBody.MaxBytes;
        // Kestrel has no time-out for a whole read or write, but drops a client that is slower than 240 B/s for 5 s (its defaults). A
        // stream with nothing to say isn't slow: only bytes that wait for the client count, so log streams live as long as they like.

        if (listen.Address.Equals(IPAddress.IPv6Any))
            kestrel.ListenAnyIP(listen.Port, endpoint => Secure(endpoint, certificate)); // falls back to IPv4 where there is no IPv6
        else
            kestrel.Listen(listen.Address, listen.Port, endpoint => Secure(endpoint, certificate));
    }

    private static void Secure(ListenOptions endpoint, Certificate? certificate)
    {
        if (certificate is not null)
        {
            endpoint.UseHttps(https =>
            {
                https.SslProtocols = SslProtocols.Tls13;
                https.ServerCertificate = certificate.Leaf;
                https.ServerCertificateChain = certificate.Chain;
            });
        }

        // Inside of TLS: it reads what the HTTP parser writes.
        endpoint.Use(UnparsedRequests.OnConnection);
    }
}
