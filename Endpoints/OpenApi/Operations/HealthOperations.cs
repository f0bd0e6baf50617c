using Rat.Endpoints.Health;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class HealthOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/health", "getHealth", "Health", "Liveness")
        {
            Answers = [Answer.Json(200, () => HealthJson.Default.HealthResponse)],
        },
        new("GET", "/health/live", "getHealthLive", "Health", "Version and build information")
        {
            Answers = [Answer.Json(200, () => HealthJson.Default.HealthResponse)],
        },
        new("GET", "/health/ready", "getHealthReady", "Health", "Readiness")
        {
            Answers =
            [
                Answer.Json(200, () => HealthJson.Default.ReadinessResponse), Answer.Json(503, () => HealthJson.Default.ReadinessResponse),
            ],
        },
        new("GET", "/metrics", "getMetrics", "Health", "Prometheus metrics")
        {
            Answers = [Answer.Text(200, "text/plain")],
        },
        new("GET", "/api/v1/features", "getFeatures", "Health", "Edition, plugins and capabilities")
        {
            Answers = [Answer.Json(200, () => HealthJson.Default.FeaturesResponse)],
        },
    ];
}
