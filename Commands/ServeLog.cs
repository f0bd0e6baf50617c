namespace Rat.Commands;

/// <summary>Log messages of the server's start and stop.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void SettingWarning(this ILogger logger, string warning);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "stopping")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information,
        Message = "no cache folder for DuckDB's library ({Reason}): its first use unpacks it into memory, about 60 MB")]
    public static partial void LibraryNotCached(this ILogger logger, string reason);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "what an earlier process has left behind could not be removed")]
    public static partial void NotSwept(this ILogger logger, Exception exception);
}
