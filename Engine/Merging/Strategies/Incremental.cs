namespace Rat.Engine.Merging.Strategies;

/// <summary>Each row of the result takes the place of those with its key; of several in the result the last one counts (engine.md 4.6.2).</summary>
internal sealed class Incremental(IReadOnlyList<string> key) : IMergeStrategy
{
    public string Verb => "Merging";
    public MergeKey Key { get; } = new("unique_key", key);

    public MergePlan Plan(MergeColumns columns) => columns.ReplaceMatches() with { KeepsLast = true };
}
