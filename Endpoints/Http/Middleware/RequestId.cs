namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// <c>X-Request-ID</c>: taken from the client if it is 1–128 printable ASCII characters, else a new UUID; echoed, and a field of every log
/// record of the request. <see cref="HttpContext.TraceIdentifier"/> holds it for whoever passes it on.
/// </summary>
internal sealed class RequestId(RequestDelegate next, ILogger<RequestId> logger)
{
    private const string Header = "X-Request-ID";
    private const int MaxLength = 128;

    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Header];
        var id = given is [{ Length: > 0 and <= MaxLength } sent] && sent.All(letter => letter is >= ' ' and <= '~')
            ? sent
            : Guid.NewGuid().ToString();
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        using (logger.BeginScope(new KeyValuePair<string, object?>("request_id", id)))
            await next(context);
    }
}
