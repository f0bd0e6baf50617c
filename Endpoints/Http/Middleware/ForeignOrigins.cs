namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// A page of another origin may not change anything (DECISIONS 23): a browser sends simple POSTs across origins without asking first, and
/// a server on localhost has no key by default.
/// </summary>
internal sealed class ForeignOrigins(RequestDelegate next, AllowedOrigins allowed, OwnHosts hosts)
{
    private const string Message = "requests from pages of another origin are refused; add the origin to CORS_ORIGINS to allow it";

    public Task InvokeAsync(HttpContext context) => IsForeign(context.Request)
        ? ErrorEnvelope.WriteAsync(context, StatusCodes.Status403Forbidden, Message)
        : next(context);

    private bool IsForeign(HttpRequest request)
    {
        if (request.Method is not ("POST" or "PUT" or "DELETE"))
            return false;

        // Browsers send Origin with all three methods. It decides alone where there is one: an allowed origin is cross-site, too.
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            ? !IsOurs(origin, request) && !allowed.Contains(origin)
            : request.Headers["Sec-Fetch-Site"] == "cross-site";
    }

    /// <summary>
    /// The scheme is left out: behind a proxy that ends TLS we only see http. A proxy may also ask for another name than the browser did, so
    /// what <c>RAT_ALLOWED_HOSTS</c> names is ours too.
    /// </summary>
    private bool IsOurs(string origin, HttpRequest request)
    {
        var scheme = origin.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0)
            return false;
        var authority = origin[(scheme + 3)..];
        return authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) || hosts.IsNamed(new HostString(authority).Host);
    }
}
