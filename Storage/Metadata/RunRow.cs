namespace Rat.Storage.Metadata;

/// <summary>States of a run. <c>pending → running → success | failed | cancelled</c>; the last three are final.</summary>
internal enum RunStatus
{
    Pending,
    Running,
    Success,
    Failed,
    Cancelled,
}

/// <summary>The words of the contract and of the database for <see cref="RunStatus"/>.</summary>
internal static class RunStatusText
{
    public static string ToText(this RunStatus status) => status switch
    {
        RunStatus.Pending => "pending",
        RunStatus.Running => "running",
        RunStatus.Success => "success",
        RunStatus.Failed => "failed",
        _ => "cancelled",
    };

    public static RunStatus Parse(string text) => text switch
    {
        "pending" => RunStatus.Pending,
        "running" => RunStatus.Running,
        "success" => RunStatus.Success,
        "failed" => RunStatus.Failed,
        _ => RunStatus.Cancelled,
    };

    public static bool IsTerminal(this RunStatus status) => status is RunStatus.Success or RunStatus.Failed or RunStatus.Cancelled;
}

/// <summary>A run as it is stored. Times are UTC with microseconds.</summary>
/// <param name="Automatic">A trigger or a schedule started it: after a crash it is started again.</param>
/// <param name="Restarts">How many runs in a row before this one were ended by a crash.</param>
internal sealed record RunRow(
    Guid Id,
    Guid PipelineId,
    TableName Pipeline,
    RunStatus Status,
    string Trigger,
    bool Automatic,
    int Restarts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    long? DurationMs,
    long? RowsWritten,
    string? Error);

/// <summary>How a run ended.</summary>
internal sealed record RunResult(RunStatus Status, long DurationMs, long? RowsWritten, string? Error, string? PhaseProfile);

/// <summary>One line of a run's log.</summary>
/// <param name="Level"><c>debug</c>, <c>info</c>, <c>warn</c> or <c>error</c>.</param>
internal sealed record RunLogLine(DateTimeOffset Time, string Level, string Message);

/// <summary>Which runs a list shows, in what order. Null means no filter.</summary>
internal sealed record RunFilter(
    string? Namespace,
    string? Layer,
    string? Pipeline,
    string? Status,
    DateTimeOffset? CreatedFrom,
    DateTimeOffset? CreatedBefore,
    DateTimeOffset? StartedAfter,
    DateTimeOffset? StartedBefore,
    string Sort,
    bool Ascending,
    int Limit,
    int Offset);
