using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Retention;

/// <summary>What the server's own settings say of the past of tables; null: the retention settings hold.</summary>
internal sealed record LakeLimits
{
    public int? MostSnapshots { get; init; }
    public TimeSpan? SnapshotMaxAge { get; init; }
    public TimeSpan? OrphanMaxAge { get; init; }
}

/// <summary>How much of each table's past is kept, by the settings of the system and of the pipeline that writes the table.</summary>
internal sealed class LakeRetention(MetadataDatabase database, LakeLimits limits) : ILakeSettings
{
    public LakeSettings Of(TableName table)
    {
        var config = database.Read(connection => RetentionSettings.SystemOf(connection).With(
            RetentionOverrides.Parse(PipelineStore.Find(connection, table)?.RetentionConfig)));
        return new LakeSettings(limits.MostSnapshots ?? LakeSettings.DefaultSnapshots)
        {
            SnapshotMaxAge = limits.SnapshotMaxAge ?? Age.OfDays(config.IcebergSnapshotMaxAgeDays),
            OrphanMaxAge = limits.OrphanMaxAge ?? Age.OfDays(config.IcebergOrphanFileMaxAgeDays),
        };
    }
}
