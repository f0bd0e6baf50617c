using System.Text.Json;
using System.Text.Json.Serialization;
using Rat.Endpoints.Files;
using Rat.Endpoints.Http;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.LandingZones;

/// <summary>A landing zone (schema <c>LandingZone</c>).</summary>
internal sealed record LandingZoneModel(
    Guid Id,
    string Namespace,
    string Name,
    string Description,
    string? Owner,
    string ExpectedSchema,
    int? ProcessedMaxAgeDays,
    bool AutoPurge,
    long FileCount,
    long TotalBytes,
    [property: JsonConverter(typeof(Timestamp))] long CreatedAt,
    [property: JsonConverter(typeof(Timestamp))] long UpdatedAt)
{
    public static LandingZoneModel Of(LandingZoneRow zone) => new(
        zone.Id, zone.Namespace, zone.Name, zone.Description, zone.Owner, zone.ExpectedSchema, zone.ProcessedMaxAgeDays, zone.AutoPurge,
        zone.FileCount, zone.TotalBytes, zone.CreatedAt, zone.UpdatedAt);
}

/// <summary>One page of zones (schema <c>LandingZoneList</c>).</summary>
internal sealed record LandingZoneListModel(IReadOnlyList<LandingZoneModel> Zones, long Total);

/// <summary>Body of <c>POST /landing-zones</c>.</summary>
internal sealed record CreateLandingZoneBody(string? Namespace, string? Name, string? Description);

/// <summary>Body of <c>PUT /landing-zones/…</c>: absent means unchanged.</summary>
internal sealed record UpdateLandingZoneBody(string? Description, JsonElement Owner, string? ExpectedSchema);

/// <summary>An uploaded file (schema <c>LandingFile</c>).</summary>
internal sealed record LandingFileModel(
    Guid Id,
    Guid ZoneId,
    [property: JsonPropertyName("filename")] string FileName,
    [property: JsonPropertyName("s3_path")] string Path,
    long SizeBytes,
    string ContentType,
    string? UploadedBy,
    [property: JsonConverter(typeof(Timestamp))] long UploadedAt)
{
    public static LandingFileModel Of(LandingFileRow file) =>
        new(file.Id, file.ZoneId, file.FileName, file.Key, file.SizeBytes, file.ContentType, file.UploadedBy, file.UploadedAt);
}

/// <summary>One page of files (schema <c>LandingFileList</c>).</summary>
internal sealed record LandingFileListModel(IReadOnlyList<LandingFileModel> Files, long Total);

/// <summary>All samples (schema <c>SampleList</c>).</summary>
internal sealed record SampleListModel(IReadOnlyList<FileInfoModel> Files, long Total);

/// <summary>Answer of a sample upload (schema <c>SampleUploadResponse</c>).</summary>
internal sealed record UploadedSampleModel(string Path, [property: JsonPropertyName("filename")] string FileName, long Size, string Status);

/// <summary>What happens to archived files (schema <c>ZoneLifecycle</c>).</summary>
internal sealed record LifecycleModel(int? ProcessedMaxAgeDays, bool AutoPurge);

/// <summary>Body of <c>PUT …/lifecycle</c>: absent means unchanged, a null age restores the default.</summary>
internal sealed record UpdateLifecycleBody(JsonElement ProcessedMaxAgeDays, bool? AutoPurge);

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(LandingZoneModel))]
[JsonSerializable(typeof(LandingZoneListModel))]
[JsonSerializable(typeof(CreateLandingZoneBody))]
[JsonSerializable(typeof(UpdateLandingZoneBody))]
[JsonSerializable(typeof(LandingFileModel))]
[JsonSerializable(typeof(LandingFileListModel))]
[JsonSerializable(typeof(SampleListModel))]
[JsonSerializable(typeof(UploadedSampleModel))]
[JsonSerializable(typeof(LifecycleModel))]
[JsonSerializable(typeof(UpdateLifecycleBody))]
internal sealed partial class LandingZonesJson : JsonSerializerContext;
