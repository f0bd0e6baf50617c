namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// Cross-origin reads for the configured origins, with credentials; preflights are answered here. An unknown origin gets no header and is
/// served all the same: the browser does the refusing.
/// </summary>
internal sealed class Cors(RequestDelegate next, AllowedOrigins allowed)
{
    private const string Methods = "GET, POST, PUT, DELETE, OPTIONS";
    private const string RequestHeaders = "Accept, Authorization, Content-Type, X-Api-Key, X-Webhook-Token, X-Request-ID";
    private const string Exposed = "Link, X-Request-ID, RateLimit-Limit, RateLimit-Remaining, Retry-After";
    private const string MaxAgeSeconds = "300";

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        var headers = context.Response.Headers;
        headers.Vary = "Origin";
        var isAllowed = origin.Length > 0 && allowed.Contains(origin);
        if (isAllowed)
        {
            headers.AccessControlAllowOrigin = origin;
            headers.AccessControlAllowCredentials = "true";
        }

        if (!IsPreflight(context.Request))
        {
            if (isAllowed)
                headers.AccessControlExposeHeaders = Exposed;
            return next(context);
        }

        if (isAllowed)
        {
            headers.AccessControlAllowMethods = Methods;
            headers.AccessControlAllowHeaders = RequestHeaders;
            headers.AccessControlMaxAge = MaxAgeSeconds;
        }

        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0 && request.Headers.Origin.Count > 0;
}
