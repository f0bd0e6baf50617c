namespace Rat.Endpoints.Http.Middleware;

/// <summary>One log record per answered request: 4xx warns, 5xx is an error, liveness probes are left out (behaviour §1).</summary>
internal sealed class AccessLog(RequestDelegate next, ILogger<AccessLog> logger, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        // A handler may rewrite neither: taken before anyone has touched them.
        var (method, path) = (context.Request.Method, context.Request.Path.Value ?? "");
        try
        {
            await next(context);
        }
        finally
        {
            if (path is not ("/health" or "/health/live"))
                Write(context, method, path, time.GetElapsedTime(started));
        }
    }

    private void Write(HttpContext context, string method, string path, TimeSpan duration)
    {
        var status = context.Response.StatusCode;
        var level = status switch { >= 500 => LogLevel.Error, >= 400 => LogLevel.Warning, _ => LogLevel.Information };
        if (!logger.IsEnabled(level))
            return;
        var milliseconds = Math.Round(duration.TotalMilliseconds, 3);
        logger.RequestAnswered(
            level, method, path, status, milliseconds, context.Request.ContentLength ?? 0, ResponseSize.Of(context));
    }
}
