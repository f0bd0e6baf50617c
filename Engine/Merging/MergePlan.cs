using Rat.Engine.Pipelines;
using Rat.Storage;

namespace Rat.Engine.Merging;

/// <summary>What happens to the rows that a table has when a result is written to it.</summary>
internal enum MergePlan
{
    /// <summary>They go: the result is the whole table.</summary>
    Replace,

    /// <summary>They stay: the result is added.</summary>
    Append,
}

/// <summary>Chooses the plan of a pipeline.</summary>
internal static class MergePlans
{
    /// <summary>Fails for what can't be carried out yet: another strategy in its place could cost rows.</summary>
    public static Outcome<MergePlan> Of(PipelineConfig? config) => config switch
    {
        { PartitionBy.Count: > 0 } => Failure.NotImplemented("partition_by is not supported yet: remove it from config.yaml to write an unpartitioned table"),
        null or { Strategy: MergeStrategy.FullRefresh } => MergePlan.Replace,
        { Strategy: MergeStrategy.AppendOnly } => MergePlan.Append,
        { Strategy: var strategy } => Failure.NotImplemented(
            $"merge_strategy {strategy.ToText()} is not supported yet: only full_refresh and append_only are; nothing was written"),
    };
}
