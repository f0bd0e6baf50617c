namespace Rat.Engine.Lineage;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class LineageLog
{
    [LoggerMessage(2901, LogLevel.Warning, "what sources refer to was not stored: they will be read again")]
    public static partial void ReferencesNotStored(this ILogger logger, Exception exception);
}
