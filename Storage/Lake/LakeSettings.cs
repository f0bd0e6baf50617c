namespace Rat.Storage.Lake;

/// <summary>How much of a table's past is kept.</summary>
/// <param name="MostSnapshots">At least 1. The oldest expire beyond it, however young.</param>
internal sealed record LakeSettings(int MostSnapshots = LakeSettings.DefaultSnapshots)
{
    public const int DefaultSnapshots = 500;
}
