using Rat.Engine.Pipelines;

namespace Rat.Engine.Merging.Strategies;

/// <summary>The strategy that a run carries out.</summary>
/// <param name="Warning">Set when it isn't the one that was asked for.</param>
internal sealed record StrategyChoice(IMergeStrategy Strategy, string? Warning = null)
{
    public bool IsFallback => Warning is not null;

    /// <summary>Of a configuration; without what it needs a strategy becomes a full refresh (engine.md 4.5).</summary>
    /// <param name="now">The run's start.</param>
    public static StrategyChoice Of(PipelineConfig? config, DateTimeOffset now) => config switch
    {
        null or { Strategy: MergeStrategy.FullRefresh } => new(new FullRefresh()),
        { Strategy: MergeStrategy.AppendOnly } => new(new AppendOnly()),
        { Strategy: MergeStrategy.Snapshot, PartitionColumn: { } column } => new(new PartitionSnapshot(column)),
        { Strategy: MergeStrategy.Snapshot } => Fallback(config, "partition_column"),
        { UniqueKey.Count: 0 } => Fallback(config, "unique_key"),
        { Strategy: MergeStrategy.Incremental } => new(new Incremental(config.UniqueKey)),
        { Strategy: MergeStrategy.DeleteInsert } => new(new DeleteInsert(config.UniqueKey)),
        _ => new(new Scd2(config.UniqueKey, config.ScdValidFrom, config.ScdValidTo, now)),
    };

    private static StrategyChoice Fallback(PipelineConfig config, string setting) =>
        new(new FullRefresh(), $"{config.Strategy.ToText()} strategy requires {setting}, falling back to full_refresh");
}
