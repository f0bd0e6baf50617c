using Rat.Endpoints.Audit;
using Rat.Endpoints.Automation;
using Rat.Endpoints.Files;
using Rat.Endpoints.Health;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Http;
using Rat.Endpoints.LandingZones;
using Rat.Endpoints.Lineage;
using Rat.Endpoints.Namespaces;
using Rat.Endpoints.Notifications;
using Rat.Endpoints.OpenApi;
using Rat.Endpoints.Pipelines;
using Rat.Endpoints.Previews;
using Rat.Endpoints.Publishing;
using Rat.Endpoints.Quality;
using Rat.Endpoints.Queries;
using Rat.Endpoints.Retention;
using Rat.Endpoints.Runs;
using Rat.Endpoints.Sharing;
using Rat.Endpoints.Sidecars;
using Rat.Endpoints.Tables;
using Rat.Engine;

namespace Rat.Endpoints;

/// <summary>Where the rooms of the server come together: one line each for their services and their routes.</summary>
internal static class Rooms
{
    public static IServiceCollection AddRooms(this IServiceCollection services, ServerOptions options) => services
        .AddEngine(SettingsOf(options))
        .AddSingleton(options.Lake)
        .AddHealth()
        .AddSingleton<PageCache>()
        .AddSingleton<StreamSlots>();

    public static void MapRooms(this WebApplication app)
    {
        var root = app.MapGroup("").WithHead();
        root.MapHealth();

        var api = root.MapGroup("/api/v1");
        api.MapFeatures();
        api.MapNamespaces();
        api.MapPipelines();
        api.MapPublishing();
        api.MapQualityTests();
        api.MapPreviews();
        api.MapFiles();
        api.MapLandingZones();
        api.MapRuns();
        api.MapSchedules();
        api.MapTriggers();
        api.MapWebhooks();
        api.MapRetention();
        api.MapNotifications();
        api.MapQueries();
        api.MapTables();
        api.MapSnapshots();
        api.MapSidecars();
        api.MapSharing();
        api.MapAudit();
        api.MapLineage();
        api.MapOpenApi();
    }

    private static EngineSettings SettingsOf(ServerOptions options) => new()
    {
        Bucket = options.Bucket,
        BackgroundWork = options.Engine.SchedulerEnabled,
        Notifications = options.Notifications,
        MaxConcurrentRuns = options.Engine.MaxConcurrentRuns,
        QueryTimeout = options.Engine.QueryTimeout,
        QualityTestTimeout = options.Engine.QualityTestTimeout,
        MemoryLimitBytes = options.Engine.MemoryLimitBytes,
        Threads = options.Engine.Threads,
        SmallFileBytes = options.Engine.SmallFileBytes,
        Compaction = options.Engine.CompactionEnabled,
    };
}
