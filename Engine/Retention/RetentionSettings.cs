using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Engine.Retention;

/// <summary>Settings of a pipeline: the system's, what it overrides, and what holds.</summary>
internal sealed record PipelineRetention(RetentionConfig System, RetentionOverrides? Overrides, RetentionConfig Effective);

/// <summary>Reads and changes the retention settings of the system and of pipelines.</summary>
internal sealed class RetentionSettings(MetadataDatabase database)
{
    public RetentionConfig System() => database.Read(SystemOf);

    public static RetentionConfig SystemOf(SqliteConnection connection) =>
        RetentionConfig.Default.With(RetentionOverrides.Parse(RetentionStore.Config(connection)));

    /// <summary>Sets what isn't null and returns what holds then.</summary>
    public async Task<Outcome<RetentionConfig>> ChangeSystemAsync(RetentionOverrides changes)
    {
        if (changes.Check() is { } failure)
            return failure;
        return await database.WriteAsync(connection =>
        {
            RetentionStore.SetConfig(connection, changes.Over(RetentionOverrides.Parse(RetentionStore.Config(connection))).ToJson());
            return SystemOf(connection);
        });
    }

    public Outcome<PipelineRetention> OfPipeline(TableName name) => database.Read<Outcome<PipelineRetention>>(connection =>
    {
        if (PipelineStore.Find(connection, name) is not { } pipeline)
            return Missing;
        var system = SystemOf(connection);
        var overrides = RetentionOverrides.Parse(pipeline.RetentionConfig);
        return new PipelineRetention(system, overrides.IsEmpty ? null : overrides, system.With(overrides));
    });

    /// <summary>Replaces the overrides of a pipeline as a whole.</summary>
    public async Task<Outcome<bool>> ReplacePipelineAsync(TableName name, RetentionOverrides overrides)
    {
        if (overrides.Check() is { } failure)
            return failure;
        return await database.WriteAsync<Outcome<bool>>(connection =>
        {
            if (PipelineStore.Find(connection, name) is not { } pipeline)
                return Missing;
            RetentionStore.SetPipelineConfig(connection, pipeline.Id, overrides.IsEmpty ? null : overrides.ToJson());
            return true;
        });
    }

    private static Failure Missing => Failure.NotFound("pipeline not found");
}
