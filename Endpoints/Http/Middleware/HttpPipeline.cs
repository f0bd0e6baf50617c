using Rat.Endpoints.Health;
using Rat.Endpoints.Hosting;
using Rat.Engine.Observation;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>The order in which a request passes (behaviour §1). Each step is a file of its own beside this one.</summary>
internal static class HttpPipeline
{
    private const string ApiPrefix = "/api/v1";
    private const string WebhookPath = "/api/v1/webhooks";

    /// <summary>Call once, before the endpoints are mapped.</summary>
    public static void UseHttpPipeline(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ServerOptions>();
        var time = app.Services.GetRequiredService<TimeProvider>();
        var origins = new AllowedOrigins(options);
        var hosts = new OwnHosts(options);

        // Headers that belong on every answer come before CORS, which answers preflights itself.
        app.Use(next => new UnparsedRequests(next).InvokeAsync);
        app.Use(next => new SecurityHeaders(next).InvokeAsync);
        app.Use(next => new Cors(next, origins).InvokeAsync);
        app.Use(next => new RequestId(next, Logger<RequestId>(app)).InvokeAsync);
        app.Use(next => new ClientAddress(next, options).InvokeAsync);
        app.Use(next => new AccessLog(next, Logger<AccessLog>(app), time).InvokeAsync);
        app.Use(next => new RequestMetrics(next, app.Services.GetRequiredService<MetricsRegistry>(), time).InvokeAsync);
        app.Use(next => new PanicGuard(next, Logger<PanicGuard>(app)).InvokeAsync);
        if (!options.Listen.IsPublic)
            app.Use(next => new HostCheck(next, hosts).InvokeAsync);
        app.Use(next => new ForeignOrigins(next, origins, hosts).InvokeAsync);
        app.UseRouting();
        app.Use(next => new ExactRoutes(next).InvokeAsync);
        app.UseWhen(IsApi, api => UseApi(api, options, time));
        app.UseWhen(IsWebhook, webhook => webhook.Use(next => new WebhookLimit(next, time).InvokeAsync));
    }

    private static void UseApi(IApplicationBuilder api, ServerOptions options, TimeProvider time)
    {
        api.Use(next => new BodyLimit(next, options).InvokeAsync);
        if (options.RateLimit > 0)
            api.Use(next => new RateLimit(next, options, time).InvokeAsync);
        if (options is { Oidc: null, ApiKey: { Length: > 0 } key })
            api.Use(next => new ApiKey(next, key).InvokeAsync);
        api.Use(next => new Audit(next, api.ApplicationServices.GetRequiredService<AuditTrail>()).InvokeAsync);
        api.Use(next => new PathNames(next).InvokeAsync);
    }

    /// <summary>Unknown paths and wrong methods below the prefix are part of it; the webhook has its own limiter and token.</summary>
    private static bool IsApi(HttpContext context) =>
        context.Request.Path.StartsWithSegments(ApiPrefix, StringComparison.Ordinal) && !IsWebhook(context);

    private static bool IsWebhook(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && string.Equals(context.Request.Path.Value, WebhookPath, StringComparison.Ordinal);

    private static ILogger<T> Logger<T>(WebApplication app) => app.Services.GetRequiredService<ILogger<T>>();
}
