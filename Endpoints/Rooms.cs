using Rat.Endpoints.Health;
using Rat.Endpoints.Http;
using Rat.Engine.Observation;

namespace Rat.Endpoints;

/// <summary>Where the rooms of the server come together: one line each for their services and their routes.</summary>
internal static class Rooms
{
    public static IServiceCollection AddRooms(this IServiceCollection services) => services
        .AddSingleton<EngineCounters>()
        .AddHealth()
        .AddSingleton(new ReadinessCheck("database", NotYet))
        .AddSingleton(new ReadinessCheck("storage", NotYet))
        .AddSingleton(new ReadinessCheck("runner", NotYet))
        .AddSingleton(new ReadinessCheck("query", NotYet));

    public static void MapRooms(this WebApplication app)
    {
        var root = app.MapGroup("").WithHead();
        root.MapHealth();

        var api = root.MapGroup("/api/v1");
        api.MapFeatures();
    }

    /// <summary>Stands in for the check of a room that isn't wired yet; each room takes its line out.</summary>
    private static Task<Storage.Failure?> NotYet(CancellationToken ct) => Task.FromResult<Storage.Failure?>(null);
}
