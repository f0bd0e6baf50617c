using System.Text.Json.Serialization;
using Rat.Endpoints.Queries;
using Rat.Endpoints.Runs;
using Rat.Engine.Previews;

namespace Rat.Endpoints.Previews;

/// <summary>Body of <c>POST …/preview</c>; all of it may be missing.</summary>
internal sealed record PreviewBody(long? Limit, IReadOnlyList<string?>? SampleFiles, string? Code)
{
    public static PreviewBody Empty { get; } = new(null, null, null);
}

/// <summary>A phase that came to its end (schema <c>PhaseProfile</c>).</summary>
internal sealed record PhaseModel(string Name, long DurationMs, IReadOnlyDictionary<string, string> Metadata)
{
    public static PhaseModel Of(PreviewPhase phase) => new(phase.Name, (long)phase.Duration.TotalMilliseconds, phase.Metadata);
}

/// <summary>A preview without its columns and rows (schema <c>PreviewResponse</c>).</summary>
internal sealed record PreviewModel(
    long TotalRowCount,
    IReadOnlyList<PhaseModel> Phases,
    string ExplainOutput,
    long MemoryPeakBytes,
    IReadOnlyList<LogEntryModel> Logs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    IReadOnlyList<string> Warnings)
{
    public static PreviewModel Of(PreviewReport report) => new(
        report.TotalRows, [.. report.Phases.Select(PhaseModel.Of)], report.Explanation, report.MemoryPeakBytes,
        [.. report.Log.From(0).Lines.Select(LogEntryModel.Of)], report.Error, report.Warnings);
}

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(PreviewBody))]
[JsonSerializable(typeof(PreviewModel))]
[JsonSerializable(typeof(IReadOnlyList<ColumnModel>))]
internal sealed partial class PreviewsJson : JsonSerializerContext;
