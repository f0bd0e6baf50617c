namespace Rat.Endpoints.Http.Middleware;

/// <summary>The webhook's own limit per client address: 100 a minute, 20 at once, whatever the API's limit is (behaviour §1).</summary>
internal sealed class WebhookLimit(RequestDelegate next, TimeProvider time)
{
    private const double TokensPerSecond = 100.0 / 60;
    private const int Burst = 20;

    private readonly AddressBuckets _buckets = new(TokensPerSecond, Burst, time);

    public Task InvokeAsync(HttpContext context)
    {
        var grant = RateLimit.Take(context, _buckets);
        return grant.Granted ? next(context) : RateLimit.RefuseAsync(context, grant.RetryAfterSeconds);
    }
}
