namespace Rat.Storage.Backup;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(3101, LogLevel.Information, "changes of the metadata are shipped to {Place}")]
    public static partial void Shipping(this ILogger logger, string place);

    [LoggerMessage(3102, LogLevel.Warning, "changes of the metadata can't be shipped to {Place}, which goes on trying: {Reason}")]
    public static partial void NotShipping(this ILogger logger, string place, string reason);

    [LoggerMessage(3103, LogLevel.Information, "changes of the metadata are shipped to {Place} again")]
    public static partial void ShippingAgain(this ILogger logger, string place);

    [LoggerMessage(3104, LogLevel.Error, "the backup at {Place} has ended for good: {Reason}")]
    public static partial void Ended(this ILogger logger, string place, string reason);

    [LoggerMessage(3105, LogLevel.Warning, "stopping before the last changes of the metadata are at {Place}: the next start ships them")]
    public static partial void NotShippedAtStop(this ILogger logger, string place);

    [LoggerMessage(3106, LogLevel.Warning, "{Key} could not be deleted and stays until the next start: {Reason}")]
    public static partial void NotDeleted(this ILogger logger, string key, string reason);
}
