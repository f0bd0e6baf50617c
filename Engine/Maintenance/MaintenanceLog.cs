namespace Rat.Engine.Maintenance;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class MaintenanceLog
{
    [LoggerMessage(2601, LogLevel.Warning, "maintenance of {Place} failed; it is tried again after the next commit")]
    public static partial void MaintenanceFailed(this ILogger logger, Exception exception, string place);
}
