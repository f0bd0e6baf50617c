using Rat.Engine.Observation;

namespace Rat.Engine.Duck;

/// <summary>What DuckDB puts into the container.</summary>
internal static class DuckRooms
{
    /// <summary>The check doesn't load the library: starting and being ready takes no DuckDB.</summary>
    public static IServiceCollection AddDuck(this IServiceCollection services) => services
        .AddSingleton<DuckInstances>()
        .AddSingleton(provider => new ReadinessCheck("query", _ => Task.FromResult(provider.GetRequiredService<DuckInstances>().LoadFailure)));
}
