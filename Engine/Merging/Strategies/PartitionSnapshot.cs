namespace Rat.Engine.Merging.Strategies;

/// <summary>The values of one column that the result has are replaced as a whole, NULL among them (engine.md 4.6.6).</summary>
internal sealed class PartitionSnapshot(string column) : IMergeStrategy
{
    public string Verb => "Snapshotting";
    public MergeKey Key { get; } = new("partition_column", [column]);

    public MergePlan Plan(MergeColumns columns) => columns.ReplaceMatches();
}
