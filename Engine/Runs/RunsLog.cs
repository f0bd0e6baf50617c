using Rat.Storage;

namespace Rat.Engine.Runs;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class RunsLog
{
    [LoggerMessage(2001, LogLevel.Warning, "run {RunId} of {Pipeline} was in flight when the process before this one ended; it is failed now")]
    public static partial void RunInterrupted(this ILogger logger, Guid runId, TableName pipeline);

    [LoggerMessage(2002, LogLevel.Error, "run {RunId} ended without its end being stored; the next start will do it")]
    public static partial void RunLost(this ILogger logger, Exception exception, Guid runId);

    [LoggerMessage(2003, LogLevel.Error, "run {RunId} of {Pipeline} failed for a reason that is not its own")]
    public static partial void RunBroke(this ILogger logger, Exception exception, Guid runId, TableName pipeline);

    [LoggerMessage(2004, LogLevel.Warning, "the state of run {RunId} can't be stored; trying again in {Pause}")]
    public static partial void StateNotStored(this ILogger logger, Exception exception, Guid runId, TimeSpan pause);

    [LoggerMessage(2005, LogLevel.Warning, "landing files of run {RunId} could not be moved to the archive; they are tried again")]
    public static partial void ArchiveBroke(this ILogger logger, Exception exception, Guid runId);
}
