using Rat.Engine.Automation;
using Rat.Engine.Automation.Clock;
using Rat.Engine.Automation.Schedules;
using Rat.Engine.Automation.Triggers;
using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.History;
using Rat.Engine.Landing;
using Rat.Engine.Lineage;
using Rat.Engine.Maintenance;
using Rat.Engine.Merging;
using Rat.Engine.Merging.Files;
using Rat.Engine.Namespaces;
using Rat.Engine.Notifications;
using Rat.Engine.Observation;
using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Publishing;
using Rat.Engine.Pipelines.Validation;
using Rat.Engine.Previews;
using Rat.Engine.Quality;
using Rat.Engine.Queries;
using Rat.Engine.Retention;
using Rat.Engine.Runs;
using Rat.Engine.Tables;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine;

/// <summary>What the rooms of the engine put into the container.</summary>
internal static class EngineRooms
{
    public static IServiceCollection AddEngine(this IServiceCollection services, EngineSettings settings) => services
        .AddSingleton(settings)
        .AddSingleton<EngineCounters>()
        .AddSingleton<AuditTrail>()
        .AddSingleton<NamespaceService>()
        .AddSingleton<PipelineService>()
        .AddSingleton<PipelineValidator>()
        .AddSingleton<Publications>()
        .AddSingleton<TableDescriptions>()
        .AddSingleton<TableRollback>()
        .AddSingleton<LandingZones>()
        .AddSingleton<LandingLookup>()
        .AddSingleton<LandingArchive>()
        .AddDuck()
        .AddSingleton<ErrorTexts>()
        .AddSingleton<ViewCatalogs>()
        .AddSingleton<SqlGate>()
        .AddSingleton<ResultExporter>()
        .AddSingleton<QueryService>()
        .AddQuality()
        .AddSingleton<PreviewSource>()
        .AddSingleton<PreviewCompiler>()
        .AddSingleton<PreviewService>()
        .AddSingleton<LineageSources>()
        .AddSingleton<LineageImage>()
        .AddSingleton<LineageService>()
        .AddRuns()
        .AddAutomation()
        .AddRetention()
        .AddSingleton<NotificationConfig>()
        .AddSingleton<NotificationSender>()
        .AddSingleton(provider => new ReadinessCheck("database", _ => Task.FromResult(Check(provider.GetRequiredService<MetadataDatabase>()))))
        .AddSingleton(provider => new ReadinessCheck("storage", provider.GetRequiredService<StorageCheck>().Invoke));

    private static IServiceCollection AddQuality(this IServiceCollection services) => services
        .AddSingleton<QualityTests>()
        .AddSingleton<QualityTestCall>()
        .AddSingleton<TestCompiler>()
        .AddSingleton<QualityTestRunner>()
        .AddSingleton<QualityGate>();

    private static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<RunRegistry>()
        .AddSingleton<WaitingRuns>()
        .AddSingleton<RunLogFlusher>()
        .AddSingleton<TableLocks>()
        .AddSingleton<PipelineSources>()
        .AddSingleton<RunConfiguration>()
        .AddSingleton<Watermark>()
        .AddSingleton<PipelineCompiler>()
        .AddSingleton<TableWriter>()
        .AddSingleton<IDeleteFileWriter, DeleteFileWriter>()
        .AddSingleton<RunCommit>()
        .AddSingleton<RunAttempt>()
        .AddSingleton<MaintenanceQueue>()
        .AddSingleton<Compaction>()
        .AddSingleton<TableMaintenance>()
        .AddSingleton<MaintenanceWorker>()
        .AddSingleton<RunSlots>()
        .AddSingleton<RunExecutor>()
        .AddSingleton<RunQueue>()
        .AddSingleton<RunService>()
        .AddSingleton(provider => new ReadinessCheck("runner", _ => Task.FromResult(
            provider.GetRequiredService<RunQueue>().IsRunning ? null : Failure.Unavailable("runs are not dispatched"))));

    private static IServiceCollection AddAutomation(this IServiceCollection services) => services
        .AddSingleton(provider => Alarms.Create(provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FollowUps>()
        .AddSingleton<ScheduleService>()
        .AddSingleton<TriggerService>()
        .AddSingleton<Webhooks>()
        .AddSingleton<AutomationTimer>();

    private static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<RetentionSettings>()
        .AddSingleton<ILakeSettings, LakeRetention>()
        .AddSingleton<RunPruning>()
        .AddSingleton<PipelinePurge>()
        .AddSingleton<StorageCleaning>()
        .AddSingleton<Reaper>();

    private static Failure? Check(MetadataDatabase database)
    {
        database.Read(connection => NamespaceStore.Exists(connection, NamespaceService.Default));
        return null;
    }
}
