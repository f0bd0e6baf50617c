namespace Rat.Commands;

/// <summary>Log messages of the server's start and stop.</summary>
internal static partial class ServeLog
{
    [LoggerMessage(EventId = 1100, Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void SettingWarning(this ILogger logger, string warning);

    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "stopping")]
    public static partial void Stopping(this ILogger logger);
}
