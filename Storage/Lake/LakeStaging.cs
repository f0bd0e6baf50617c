using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Writes new snapshots of tables up to the point where only the catalog's pointer is missing.</summary>
internal sealed class LakeStaging(DataDirectory directory, MetadataDatabase database, TimeProvider time)
{
    /// <summary>Names the table's folder and makes it, durable.</summary>
    public StagingTarget Begin(TableName name, TableState? current, Guid runId) => throw new NotImplementedException($"{directory} {database} {time}");

    /// <summary>A snapshot in which the given files are the whole table.</summary>
    public StagedCommit Replace(StagingTarget target, LakeSchema schema, IReadOnlyList<WrittenFile> files) => throw new NotImplementedException();

    /// <summary>A snapshot with the given files added.</summary>
    public StagedCommit Append(StagingTarget target, LakeSchema schema, IReadOnlyList<WrittenFile> files) => throw new NotImplementedException();

    /// <summary>Removes what the run wrote.</summary>
    public void Discard(StagingTarget target) => throw new NotImplementedException();

    /// <summary>To be called once the transaction of <see cref="LakeTables.TryCommit"/> is durable: what may only happen then.</summary>
    public void Finish(StagedCommit commit) => throw new NotImplementedException();
}
