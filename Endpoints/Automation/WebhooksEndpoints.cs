using Rat.Endpoints.Http;
using Rat.Endpoints.Http.Middleware;
using Rat.Engine.Automation.Triggers;
using Rat.Storage;

namespace Rat.Endpoints.Automation;

/// <summary>Starts a run for whoever has a webhook's token. The body is not looked at.</summary>
internal static class WebhooksEndpoints
{
    private const string Scheme = "Bearer ";

    public static void MapWebhooks(this IEndpointRouteBuilder api) => api.MapPost("/webhooks", Fire);

    private static async Task<IResult> Fire(HttpContext context, Webhooks webhooks)
    {
        if (TokenOf(context.Request.Headers) is not { } token)
            return ApiResults.Failure(Failure.Invalid("a webhook token is required, as X-Webhook-Token or Authorization: Bearer"));
        var answer = await webhooks.FireAsync(token, context.RequestAborted);
        if (!answer.Succeeded)
            return ApiResults.Failure(answer.Failure);
        return answer.Value.RunId is { } run
            ? ApiResults.Created(new WebhookFiredModel(run), AutomationJson.Default.WebhookFiredModel)
            : new TooEarly(answer.Value.RetryAfterSeconds);
    }

    private static string? TokenOf(IHeaderDictionary headers)
    {
        var own = headers["X-Webhook-Token"].ToString().Trim();
        if (own.Length > 0)
            return own;
        var authorization = headers.Authorization.ToString();
        var bearer = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
        return bearer.Length > 0 ? bearer : null;
    }

    private sealed class TooEarly(int retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => RateLimit.RefuseAsync(httpContext, retryAfterSeconds);
    }
}
