namespace Rat.Storage.Lake;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class LakeLog
{
    [LoggerMessage(3001, LogLevel.Warning, "{Table}: files that nothing names any more stay until the next start: {Reason}")]
    public static partial void LeftFiles(this ILogger logger, TableName table, string reason);

    [LoggerMessage(3002, LogLevel.Information, "removed {Files} files below the lake that nothing names any more")]
    public static partial void Swept(this ILogger logger, int files);

    [LoggerMessage(3004, LogLevel.Warning, "{Location} below the lake holds a table that the catalog doesn't know; it is left as it is")]
    public static partial void UnknownTable(this ILogger logger, string location);

    [LoggerMessage(3003, LogLevel.Warning, "the lake can't be swept at {Place}: {Reason}")]
    public static partial void NotSwept(this ILogger logger, string place, string reason);
}
