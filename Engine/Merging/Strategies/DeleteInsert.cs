namespace Rat.Engine.Merging.Strategies;

/// <summary>All rows of the result come in, duplicates too, and those of the table with a key of theirs go (engine.md 4.6.4).</summary>
internal sealed class DeleteInsert(IReadOnlyList<string> key) : IMergeStrategy
{
    public string Verb => "Delete-inserting";
    public MergeKey Key { get; } = new("unique_key", key);

    public MergePlan Plan(MergeColumns columns) => columns.ReplaceMatches();
}
