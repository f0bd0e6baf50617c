namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// A page can let its own name point to 127.0.0.1 (DNS rebinding): to the browser it then is of our origin, and whatever looks for a foreign
/// one sees nothing. What gives it away is the name that it asks for. Part of the pipeline only while nobody but this machine can connect:
/// elsewhere any name may be the server's.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, OwnHosts hosts)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Every browser names a host; what names none (HTTP/1.0) is no page.
        var host = context.Request.Host.Host;
        return host.Length == 0 || hosts.Contains(host)
            ? next(context)
            : ErrorEnvelope.WriteAsync(context, StatusCodes.Status403Forbidden,
                $"the host {host} is not one of this server's; RAT_ALLOWED_HOSTS names those that a proxy serves it under");
    }
}
