namespace Rat.Storage.Lake;

/// <summary>How much of a table's past is kept.</summary>
/// <param name="MostSnapshots">At least 1. The oldest expire beyond it, however young.</param>
internal sealed record LakeSettings(int MostSnapshots = LakeSettings.DefaultSnapshots) : ILakeSettings
{
    public const int DefaultSnapshots = 500;

    /// <summary>Snapshots that were committed longer ago expire, except the current one.</summary>
    public TimeSpan SnapshotMaxAge { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Files that nothing names are removed once they are older.</summary>
    public TimeSpan OrphanMaxAge { get; init; } = TimeSpan.FromDays(3);

    LakeSettings ILakeSettings.Of(TableName table) => this;
}

/// <summary>The settings in force, which may change while the server runs: asked each time they are needed.</summary>
internal interface ILakeSettings
{
    LakeSettings Of(TableName table);
}
