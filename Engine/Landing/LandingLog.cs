namespace Rat.Engine.Landing;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class LandingLog
{
    [LoggerMessage(2501, LogLevel.Warning, "{Count} landing files of {Zone} that run {RunId} has read could not be moved to the archive; they are tried again")]
    public static partial void NotArchived(this ILogger logger, Exception exception, int count, string zone, Guid runId);
}
