namespace Rat.Engine.Duck;

/// <summary>What DuckDB puts into the container.</summary>
internal static class DuckRooms
{
    public static IServiceCollection AddDuck(this IServiceCollection services) => services
        .AddSingleton<DuckInstances>();
}
