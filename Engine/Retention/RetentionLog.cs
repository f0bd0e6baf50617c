namespace Rat.Engine.Retention;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class RetentionLog
{
    [LoggerMessage(2701, LogLevel.Error, "the clean-up of {Task} failed; the next one will try again")]
    public static partial void TaskFailed(this ILogger logger, Exception exception, string task);
}
