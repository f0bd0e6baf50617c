namespace Rat.Engine.Duck;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class DuckLog
{
    [LoggerMessage(2301, LogLevel.Error, "DuckDB couldn't be opened for {Instance}")]
    public static partial void NotOpened(this ILogger logger, Exception exception, string instance);

    [LoggerMessage(2302, LogLevel.Error, "DuckDB broke down in {Instance}; a fresh instance takes over")]
    public static partial void Replaced(this ILogger logger, string instance);
}
