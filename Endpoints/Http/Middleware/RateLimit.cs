using System.Globalization;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>The API's limit per client address (behaviour §1, "Rate limiting"). Not part of the pipeline when it is 0.</summary>
internal sealed class RateLimit(RequestDelegate next, ServerOptions options, TimeProvider time)
{
    private readonly AddressBuckets _buckets = new(options.RateLimit, options.RateLimit * 2, time);

    public Task InvokeAsync(HttpContext context)
    {
        var grant = Take(context, _buckets);
        return grant.Granted ? next(context) : RefuseAsync(context, grant.RetryAfterSeconds);
    }

    /// <summary>Takes a token for the client of this request and sets the two headers that go on every limited answer.</summary>
    public static TokenGrant Take(HttpContext context, AddressBuckets buckets)
    {
        var grant = buckets.Take(ClientAddress.Of(context));
        var headers = context.Response.Headers;
        headers["RateLimit-Limit"] = buckets.Burst.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Remaining"] = grant.Remaining.ToString(CultureInfo.InvariantCulture);
        return grant;
    }

    /// <summary>Answers 429; every 429 of the server goes out through here.</summary>
    /// <param name="retryAfterSeconds">At least 1.</param>
    public static Task RefuseAsync(HttpContext context, int retryAfterSeconds)
    {
        var seconds = retryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        context.Response.Headers.RetryAfter = seconds;
        return ErrorEnvelope.WriteAsync(
            context, StatusCodes.Status429TooManyRequests, $"Too many requests. Retry after {seconds} seconds.");
    }
}
