using Rat.Endpoints.Hosting;
using Rat.Endpoints.Http;

namespace Rat.Endpoints.Health;

/// <summary>Liveness, readiness, metrics and what this server can do (behaviour §2).</summary>
internal static class HealthEndpoints
{
    /// <summary>The routes outside <c>/api/v1</c>: never limited, never behind a key.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health", Live);
        app.MapGet("/health/live", Live);
        app.MapGet("/health/ready", ReadyAsync);
        app.MapGet("/metrics", (HttpContext context, MetricsRegistry metrics) => metrics.WriteAsync(context));
    }

    public static void MapFeatures(this IEndpointRouteBuilder api) => api.MapGet("/features", Features);

    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<Readiness>()
        .AddSingleton<MetricsRegistry>();

    private static IResult Live() => ApiResults.Ok(HealthResponse.Ok, HealthJson.Default.HealthResponse);

    private static async Task<IResult> ReadyAsync(Readiness readiness, CancellationToken ct)
    {
        var answer = await readiness.CheckAsync(ct);
        return ApiResults.Json(answer.Status == "ready" ? 200 : 503, answer, HealthJson.Default.ReadinessResponse);
    }

    private static IResult Features(ServerOptions options, TimeProvider time) =>
        ApiResults.Ok(FeaturesResponse.Of(options, time.GetUtcNow()), HealthJson.Default.FeaturesResponse);
}
