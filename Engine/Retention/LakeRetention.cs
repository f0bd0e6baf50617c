using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Retention;

/// <summary>How much of each table's past is kept, by the settings of the system and of the pipeline that writes the table.</summary>
internal sealed class LakeRetention(MetadataDatabase database) : ILakeSettings
{
    public LakeSettings Of(TableName table)
    {
        var config = database.Read(connection => RetentionSettings.SystemOf(connection).With(
            RetentionOverrides.Parse(PipelineStore.Find(connection, table)?.RetentionConfig)));
        return new LakeSettings
        {
            SnapshotMaxAge = Age.OfDays(config.IcebergSnapshotMaxAgeDays),
            OrphanMaxAge = Age.OfDays(config.IcebergOrphanFileMaxAgeDays),
        };
    }
}
