
namespace Rat.Engine.Pipelines;

/// <summary>Messages of this room to the server's own log.</summary>
internal static partial class PipelinesLog
{
    [LoggerMessage(2101, LogLevel.Warning, "the scaffold file {Key} could not be written; the pipeline was made without it")]
    public static partial void ScaffoldNotWritten(this ILogger logger, Exception exception, string key);

    [LoggerMessage(2102, LogLevel.Warning, "the scaffold file {Key} was not written ({Reason}); the pipeline was made without it")]
    public static partial void ScaffoldRefused(this ILogger logger, string key, string reason);
}
