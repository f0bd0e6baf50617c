using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>The origins of <c>CORS_ORIGINS</c>.</summary>
internal sealed class AllowedOrigins(ServerOptions options)
{
    private readonly bool _any = options.CorsOrigins.Contains("*");
    private readonly HashSet<string> _origins = new(options.CorsOrigins, StringComparer.OrdinalIgnoreCase);

    public bool Contains(string origin) => _any || _origins.Contains(origin);
}
