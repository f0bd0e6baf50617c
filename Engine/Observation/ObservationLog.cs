namespace Rat.Engine.Observation;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class ObservationLog
{
    [LoggerMessage(2401, LogLevel.Warning, "the request {Action} {Resource} could not be recorded in the audit log")]
    public static partial void AuditNotWritten(this ILogger logger, Exception exception, string action, string resource);
}
