using Rat.Storage;

namespace Rat.Engine.Automation;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class AutomationLog
{
    [LoggerMessage(2601, LogLevel.Error, "what is due could not be fired; trying again in {Pause}")]
    public static partial void NotFired(this ILogger logger, Exception exception, TimeSpan pause);

    [LoggerMessage(2602, LogLevel.Warning, "schedule {ScheduleId} of {Pipeline} does not fire: {Reason}")]
    public static partial void ScheduleBroken(this ILogger logger, Guid scheduleId, TableName pipeline, string reason);
}
