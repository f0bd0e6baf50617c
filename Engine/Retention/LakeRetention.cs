using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Retention;

/// <summary>What the server's own settings say of the past of tables; null: the retention settings hold.</summary>
internal sealed record LakeLimits
{
    public int? MostSnapshots { get; init; }
    public TimeSpan? SnapshotMaxAge { get; init; }
    public TimeSpan? OrphanMaxAge { get; init; }
}

/// <summary>How much of a table's past is kept: what its pipeline overrides, else the system's settings, read each time.</summary>
internal sealed class LakeRetention(RetentionSettings retention, LakeLimits limits) : ILakeSettings
{
    public LakeSettings Of(TableName table)
    {
        var pipeline = retention.OfPipeline(table);
        var config = pipeline.Succeeded ? pipeline.Value.Effective : retention.System();
        return new LakeSettings(limits.MostSnapshots ?? LakeSettings.DefaultSnapshots)
        {
            SnapshotMaxAge = limits.SnapshotMaxAge ?? Days(config.IcebergSnapshotMaxAgeDays),
            OrphanMaxAge = limits.OrphanMaxAge ?? Days(config.IcebergOrphanFileMaxAgeDays),
        };
    }

    // 0 means no limit.
    private static TimeSpan Days(int days) => days is 0 or > LakeSettings.LongestDays ? LakeSettings.NoLimit : TimeSpan.FromDays(days);
}
