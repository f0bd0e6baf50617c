using Rat.Endpoints.LandingZones;

namespace Rat.Endpoints.OpenApi.Operations;

/// <summary>The operations of the group, for the document.</summary>
internal static class LandingZonesOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/api/v1/landing-zones", "listLandingZones", "Landing Zones", "List zones with file statistics")
        {
            Parameters = [Parameter.Query("namespace"), .. Parameter.Page],
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LandingZoneListModel)],
        },
        new("POST", "/api/v1/landing-zones", "createLandingZone", "Landing Zones", "Create a zone")
        {
            Body = RequestContent.Json(() => LandingZonesJson.Default.CreateLandingZoneBody, "namespace", "name"),
            Answers = [Answer.Json(201, () => LandingZonesJson.Default.LandingZoneModel)],
            Errors = [400, 404, 409],
        },
        new("GET", "/api/v1/landing-zones/{namespace}/{zone_name}", "getLandingZone", "Landing Zones", "Get a zone")
        {
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LandingZoneModel)],
            Errors = [400, 404],
        },
        new("PUT", "/api/v1/landing-zones/{namespace}/{zone_name}", "updateLandingZone", "Landing Zones", "Partially update a zone")
        {
            Body = RequestContent.Json(() => LandingZonesJson.Default.UpdateLandingZoneBody),
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LandingZoneModel)],
            Errors = [400, 404],
        },
        new("DELETE", "/api/v1/landing-zones/{namespace}/{zone_name}", "deleteLandingZone", "Landing Zones", "Delete a zone and all its files")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/landing-zones/{namespace}/{zone_name}/files", "listLandingFiles", "Landing Zones", "List uploaded files")
        {
            Parameters = [.. Parameter.Page],
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LandingFileListModel)],
            Errors = [400, 404],
        },
        new("POST", "/api/v1/landing-zones/{namespace}/{zone_name}/files", "uploadLandingFile", "Landing Zones", "Upload a file")
        {
            Body = RequestContent.Form("file"),
            Answers = [Answer.Json(201, () => LandingZonesJson.Default.LandingFileModel)],
            Errors = [400, 404, 503],
        },
        new("GET", "/api/v1/landing-zones/{namespace}/{zone_name}/files/{file_id}", "getLandingFile", "Landing Zones", "File metadata")
        {
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LandingFileModel)],
            Errors = [400, 404],
        },
        new("DELETE", "/api/v1/landing-zones/{namespace}/{zone_name}/files/{file_id}", "deleteLandingFile", "Landing Zones", "Delete a file")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
        new("GET", "/api/v1/landing-zones/{namespace}/{zone_name}/samples", "listLandingSamples", "Landing Zones", "List sample files")
        {
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.SampleListModel)],
            Errors = [400, 404, 503],
        },
        new("POST", "/api/v1/landing-zones/{namespace}/{zone_name}/samples", "uploadLandingSample", "Landing Zones", "Upload or replace a sample")
        {
            Body = RequestContent.Form("file"),
            Answers = [Answer.Json(201, () => LandingZonesJson.Default.UploadedSampleModel)],
            Errors = [400, 404, 503],
        },
        new(
            "DELETE", "/api/v1/landing-zones/{namespace}/{zone_name}/samples/{filename}", "deleteLandingSample",
            "Landing Zones", "Delete a sample")
        {
            Answers = [Answer.Empty(204)],
            Errors = [400, 404, 503],
        },
        new("GET", "/api/v1/landing-zones/{namespace}/{zone_name}/lifecycle", "getLandingZoneLifecycle", "Landing Zones", "Lifecycle settings")
        {
            Answers = [Answer.Json(200, () => LandingZonesJson.Default.LifecycleModel)],
            Errors = [400, 404],
        },
        new(
            "PUT", "/api/v1/landing-zones/{namespace}/{zone_name}/lifecycle", "updateLandingZoneLifecycle",
            "Landing Zones", "Change lifecycle settings")
        {
            Body = RequestContent.Json(() => LandingZonesJson.Default.UpdateLifecycleBody),
            Answers = [Answer.Empty(204)],
            Errors = [400, 404],
        },
    ];
}
