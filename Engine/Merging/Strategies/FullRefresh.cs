namespace Rat.Engine.Merging.Strategies;

/// <summary>The result is the whole table (engine.md 4.6.1).</summary>
internal sealed class FullRefresh : IMergeStrategy
{
    public string Verb => "Writing";
    public bool ReplacesTable => true;
    public bool IsStaged => false;

    public MergePlan Plan(MergeColumns columns) => throw new NotSupportedException("the result is written as it is");
}
