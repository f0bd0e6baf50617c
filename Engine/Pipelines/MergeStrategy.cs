namespace Rat.Engine.Pipelines;

/// <summary>How the result of a pipeline gets into its table.</summary>
internal enum MergeStrategy
{
    FullRefresh,
    Incremental,
    AppendOnly,
    DeleteInsert,
    Scd2,
    Snapshot,
}

/// <summary>The names of merge strategies as they are written in configurations.</summary>
internal static class MergeStrategyNames
{
    /// <summary>All of them in alphabetical order, as messages list them.</summary>
    private const string All = "append_only, delete_insert, full_refresh, incremental, scd2, snapshot";

    public static string ToText(this MergeStrategy strategy) => strategy switch
    {
        MergeStrategy.FullRefresh => "full_refresh",
        MergeStrategy.Incremental => "incremental",
        MergeStrategy.AppendOnly => "append_only",
        MergeStrategy.DeleteInsert => "delete_insert",
        MergeStrategy.Scd2 => "scd2",
        _ => "snapshot",
    };

    /// <summary>Null for anything but one of the names in small letters.</summary>
    public static MergeStrategy? Parse(string text) => text switch
    {
        "full_refresh" => MergeStrategy.FullRefresh,
        "incremental" => MergeStrategy.Incremental,
        "append_only" => MergeStrategy.AppendOnly,
        "delete_insert" => MergeStrategy.DeleteInsert,
        "scd2" => MergeStrategy.Scd2,
        "snapshot" => MergeStrategy.Snapshot,
        _ => null,
    };

    /// <summary>What a text that <see cref="Parse"/> refuses is told.</summary>
    public static string Invalid(string text) => $"invalid merge_strategy '{text}': expected one of {All}";
}
