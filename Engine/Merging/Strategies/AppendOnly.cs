namespace Rat.Engine.Merging.Strategies;

/// <summary>The result is added to the table (engine.md 4.6.3).</summary>
internal sealed class AppendOnly : IMergeStrategy
{
    public string Verb => "Appending";
    public bool IsStaged => false;

    public MergePlan Plan(MergeColumns columns) => throw new NotSupportedException("the result is written as it is");
}
