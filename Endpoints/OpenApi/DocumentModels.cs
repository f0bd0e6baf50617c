using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Endpoints.Http;
using Rat.Endpoints.Previews;
using Rat.Endpoints.Queries;
using Rat.Endpoints.Runs;

namespace Rat.Endpoints.OpenApi;

/// <summary>A query's answer, whose rows the engine writes itself.</summary>
internal sealed record QueryDocument(
    IReadOnlyList<ColumnModel> Columns,
    IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Rows,
    long TotalRows,
    long DurationMs,
    bool Truncated);

/// <summary>A preview's answer, likewise.</summary>
internal sealed record PreviewDocument(
    IReadOnlyList<ColumnModel> Columns,
    IReadOnlyList<IReadOnlyDictionary<string, JsonElement>> Rows,
    long TotalRowCount,
    IReadOnlyList<PhaseModel> Phases,
    string ExplainOutput,
    long MemoryPeakBytes,
    IReadOnlyList<LogEntryModel> Logs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    IReadOnlyList<string> Warnings);

/// <summary>Bodies and answers of sharing, which needs an identity provider: without one it is 501 before a body is read.</summary>
internal sealed record ShareBody(string? GranteeId, string? ResourceType, string? ResourceId, string? Permission);

/// <inheritdoc cref="ShareBody"/>
internal sealed record AccessGrantModel(
    string Id, string GrantorId, string GranteeId, string ResourceType, string ResourceId, string Permission,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt);

/// <inheritdoc cref="ShareBody"/>
internal sealed record AccessGrantListModel(IReadOnlyList<AccessGrantModel> Grants, long Total);

/// <inheritdoc cref="ShareBody"/>
internal sealed record TransferBody(string? ResourceType, string? ResourceId, string? ToUserId);

/// <inheritdoc cref="ShareBody"/>
internal sealed record TransferredModel(bool Transferred, string ResourceId, string NewOwner);

/// <summary>The lineage, which the engine writes itself.</summary>
internal sealed record LineageGraphModel(IReadOnlyList<LineageNodeModel> Nodes, IReadOnlyList<LineageEdgeModel> Edges);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageNodeModel(
    string Id,
    string Type,
    string Namespace,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Layer,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LineageRunModel? LatestRun,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LineageQualityModel? Quality,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LineageTableModel? TableStats,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] LineageLandingModel? LandingInfo);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageRunModel(
    Guid Id,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)][property: JsonConverter(typeof(Timestamp))] long? StartedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? DurationMs);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageQualityModel(long Total, long Passed, long Failed, long Warned);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageTableModel(long RowCount, long SizeBytes);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageLandingModel(long FileCount);

/// <inheritdoc cref="LineageGraphModel"/>
internal sealed record LineageEdgeModel(string Source, string Target, string Type);

/// <summary>Metadata of these; nothing of them is ever serialized.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(QueryDocument))]
[JsonSerializable(typeof(PreviewDocument))]
[JsonSerializable(typeof(LineageGraphModel))]
[JsonSerializable(typeof(ShareBody))]
[JsonSerializable(typeof(AccessGrantListModel))]
[JsonSerializable(typeof(TransferBody))]
[JsonSerializable(typeof(TransferredModel))]
internal sealed partial class DocumentJson : JsonSerializerContext;
