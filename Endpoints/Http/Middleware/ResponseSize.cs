namespace Rat.Endpoints.Http.Middleware;

/// <summary>How many bytes of body an answer had, for the access log. Whoever streams without a length adds what was written.</summary>
internal sealed class ResponseSize
{
    private long _streamed;

    /// <summary>Adds bytes of a body that has no Content-Length.</summary>
    public static void Add(HttpContext context, long bytes)
    {
        var size = context.Features.Get<ResponseSize>();
        if (size is null)
            context.Features.Set(size = new ResponseSize());
        Interlocked.Add(ref size._streamed, bytes);
    }

    public static long Of(HttpContext context) =>
        context.Response.ContentLength ?? context.Features.Get<ResponseSize>()?._streamed ?? 0;
}
