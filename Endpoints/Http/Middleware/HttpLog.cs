namespace Rat.Endpoints.Http.Middleware;

/// <summary>Log messages of the HTTP layer.</summary>
internal static partial class HttpLog
{
    /// <param name="duration">Milliseconds.</param>
    [LoggerMessage(EventId = 1000, Message = "{Method} {Path} {Status} {Duration} ms, {RequestSize} B in, {ResponseSize} B out")]
    public static partial void RequestAnswered(
        this ILogger logger, LogLevel level, string method, string path, int status, double duration, long requestSize, long responseSize);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "unhandled failure in {Method} {Path}")]
    public static partial void HandlerFailed(this ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Warning, Message = "{Method} {Path} refused: {Reason}")]
    public static partial void TableDamaged(this ILogger logger, string method, string path, string reason);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Warning, Message = "{Method} {Path} not answered: {Reason}")]
    public static partial void StorageUnavailable(this ILogger logger, string method, string path, string reason);
}
