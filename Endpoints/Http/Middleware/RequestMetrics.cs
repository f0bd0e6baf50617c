using Rat.Endpoints.Health;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>Counts every answered request by the template of its route; what matched none is <c>unmatched</c>.</summary>
internal sealed class RequestMetrics(RequestDelegate next, MetricsRegistry metrics, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unmatched";
            metrics.Count(Known(context.Request.Method), route, context.Response.StatusCode, time.GetElapsedTime(started));
        }
    }

    /// <summary>A client can send any word as its method; it must not become a series.</summary>
    private static string Known(string method) => method is "GET" or "HEAD" or "POST" or "PUT" or "DELETE" or "OPTIONS" ? method : "other";
}
