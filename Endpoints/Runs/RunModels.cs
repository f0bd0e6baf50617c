using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Runs;

/// <summary>A run (schema <c>Run</c>).</summary>
internal sealed record RunModel(
    Guid Id,
    Guid PipelineId,
    string Namespace,
    string Layer,
    string Pipeline,
    string Status,
    string Trigger,
    [property: JsonConverter(typeof(Timestamp))] long? StartedAt,
    [property: JsonConverter(typeof(Timestamp))] long? FinishedAt,
    long? DurationMs,
    long? RowsWritten,
    string? Error,
    [property: JsonPropertyName("logs_s3_path")] string? LogsPath,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt)
{
    public static RunModel Of(RunRow run) => new(
        run.Id, run.PipelineId, run.Pipeline.Namespace, run.Pipeline.Layer, run.Pipeline.Name, run.Status.ToText(), run.Trigger,
        Microseconds(run.StartedAt), Microseconds(run.FinishedAt), run.DurationMs, run.RowsWritten, run.Error, LogsPath: null,
        Timestamps.ToMicroseconds(run.CreatedAt));

    private static long? Microseconds(DateTimeOffset? time) => time is { } value ? Timestamps.ToMicroseconds(value) : null;
}

/// <summary>One page of runs (schema <c>RunList</c>).</summary>
internal sealed record RunListModel(IReadOnlyList<RunModel> Runs, long Total);

/// <summary>Body of <c>POST /runs</c>. All fields are optional here so that a missing one gets a message of its own.</summary>
internal sealed record CreateRunBody(string? Namespace, string? Layer, string? Pipeline, string? Trigger);

/// <summary>Answer of <c>POST /runs</c> and of a cancel (schema <c>RunRef</c>).</summary>
internal sealed record RunRefModel(Guid RunId, string Status);

/// <summary>A line of a log (schema <c>LogEntry</c>).</summary>
internal sealed record LogEntryModel([property: JsonConverter(typeof(Timestamp))] long Timestamp, string Level, string Message)
{
    public static LogEntryModel Of(RunLogLine line) => new(Timestamps.ToMicroseconds(line.Time), line.Level, line.Message);
}

/// <summary>A log as JSON (schema <c>RunLogs</c>).</summary>
internal sealed record RunLogsModel(IReadOnlyList<LogEntryModel> Logs, string Status);

/// <summary>Data of the event <c>status</c> (schema <c>SseStatusEvent</c>).</summary>
internal sealed record StatusEventModel(string Status, long? RowsWritten, long? DurationMs, string? Error);

/// <summary>Data of the event <c>error</c> (schema <c>SseErrorEvent</c>).</summary>
internal sealed record ErrorEventModel(string Code, string Message);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(RunModel))]
[JsonSerializable(typeof(RunListModel))]
[JsonSerializable(typeof(CreateRunBody))]
[JsonSerializable(typeof(RunRefModel))]
[JsonSerializable(typeof(RunLogsModel))]
[JsonSerializable(typeof(LogEntryModel))]
[JsonSerializable(typeof(StatusEventModel))]
[JsonSerializable(typeof(ErrorEventModel))]
internal sealed partial class RunsJson : JsonSerializerContext;
