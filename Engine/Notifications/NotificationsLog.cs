namespace Rat.Engine.Notifications;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class NotificationsLog
{
    [LoggerMessage(2801, LogLevel.Warning, "the {Target} did not take the message about run {RunId}: {Reason}; trying again in {Pause}")]
    public static partial void NotTaken(this ILogger logger, string target, Guid runId, string reason, TimeSpan pause);

    [LoggerMessage(2802, LogLevel.Error, "the {Target} has not taken the message about run {RunId} for a day: {Reason}; it is given up")]
    public static partial void GivenUp(this ILogger logger, string target, Guid runId, string reason);

    [LoggerMessage(2803, LogLevel.Error, "messages can't be looked up; trying again in {Pause}")]
    public static partial void OutboxUnusable(this ILogger logger, Exception exception, TimeSpan pause);
}
