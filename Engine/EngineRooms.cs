using Rat.Engine.Duck;
using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Landing;
using Rat.Engine.Merging;
using Rat.Engine.Namespaces;
using Rat.Engine.Observation;
using Rat.Engine.Pipelines;
using Rat.Engine.Previews;
using Rat.Engine.Quality;
using Rat.Engine.Queries;
using Rat.Engine.Runs;
using Rat.Engine.Tables;
using Rat.Storage.Metadata;
using Rat.Storage.Objects;

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
        .AddSingleton<TableDescriptions>()
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
        .AddRuns()
        .AddSingleton(provider => new ReadinessCheck("database", _ => Task.FromResult(Check(provider.GetRequiredService<MetadataDatabase>()))))
        .AddSingleton(provider => new ReadinessCheck("storage", _ => Task.FromResult(provider.GetRequiredService<IObjectStore>().Check())));

    private static IServiceCollection AddQuality(this IServiceCollection services) => services
        .AddSingleton<QualityTests>()
        .AddSingleton<QualityTestCall>()
        .AddSingleton<TestCompiler>()
        .AddSingleton<QualityTestRunner>()
        .AddSingleton<QualityGate>();

    private static IServiceCollection AddRuns(this IServiceCollection services) => services
        .AddSingleton<RunRegistry>()
        .AddSingleton<RunLogFlusher>()
        .AddSingleton<TableLocks>()
        .AddSingleton<PipelineSources>()
        .AddSingleton<RunConfiguration>()
        .AddSingleton<PipelineCompiler>()
        .AddSingleton<TableWriter>()
        .AddSingleton<Storage.Lake.IDeleteFileWriter, DeleteFileWriter>()
        .AddSingleton<RunCommit>()
        .AddSingleton<RunAttempt>()
        .AddSingleton<RunExecutor>()
        .AddSingleton<RunQueue>()
        .AddSingleton<RunService>()
        .AddSingleton(provider => new ReadinessCheck("runner", _ => Task.FromResult(
            provider.GetRequiredService<RunQueue>().IsRunning ? null : Storage.Failure.Unavailable("runs are not dispatched"))));

    private static Storage.Failure? Check(MetadataDatabase database)
    {
        database.Read(connection => NamespaceStore.Exists(connection, NamespaceService.Default));
        return null;
    }
}
