using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Removes what runs of an earlier process left below the lake's root without committing it.</summary>
internal sealed class LakeSweep(DataDirectory directory, MetadataDatabase database, TimeProvider time)
{
    /// <summary>One pass over the lake.</summary>
    public void Sweep(CancellationToken cancellation) => throw new NotImplementedException($"{directory} {database} {time}");
}
