using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Automation.Triggers;

/// <summary>What a trigger names must be there, and it must not close a circle.</summary>
internal static class TriggerReferences
{
    /// <param name="changed">The trigger that gets these settings; null when it is new.</param>
    public static Failure? Check(SqliteConnection connection, TableName pipeline, string type, TriggerConfig config, Guid? changed) => type switch
    {
        TriggerTypes.Upload or TriggerTypes.FilePattern => LandingZoneStore.Find(connection, config.Namespace!, config.ZoneName!) is null
            ? Failure.NotFound("landing zone not found")
            : null,
        TriggerTypes.PipelineSuccess => Upstream(connection, pipeline, config.Upstream, changed),
        TriggerTypes.CronDependency => config.DependencyNames().FirstOrDefault(name => PipelineStore.Find(connection, name) is null) is { } missing
            ? Failure.NotFound($"dependency {missing}: pipeline not found")
            : null,
        _ => null,
    };

    private static Failure? Upstream(SqliteConnection connection, TableName pipeline, TableName upstream, Guid? changed)
    {
        if (PipelineStore.Find(connection, upstream) is null)
            return Failure.NotFound($"upstream {upstream}: pipeline not found");
        return TriggerCycles.Find(connection, upstream, pipeline, changed) is { } cycle
            ? Failure.Invalid($"the triggers would start each other in a circle: {cycle}")
            : null;
    }
}
