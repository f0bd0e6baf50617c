using Rat.Endpoints.Files;
using Rat.Endpoints.Hosting;
using Rat.Endpoints.Http;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.LandingZones;

/// <summary>Files in a landing zone: uploads that pipelines read, and samples for previews.</summary>
internal static class LandingFilesEndpoints
{
    public static void MapLandingFiles(this IEndpointRouteBuilder api, string zone)
    {
        api.MapGet(zone + "/files", List);
        api.MapPost(zone + "/files", Upload);
        api.MapGet(zone + "/files/{file_id}", Get);
        api.MapDelete(zone + "/files/{file_id}", Delete);
        api.MapGet(zone + "/samples", ListSamples);
        api.MapPost(zone + "/samples", UploadSample);
        api.MapDelete(zone + "/samples/{filename}", DeleteSample);
    }

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var paging = Paging.Of(context.Request);
        var (ns, name) = LandingZonesEndpoints.NameOf(context);
        return pages.Answer(context, LandingZonesJson.Default.LandingFileListModel, LandingZoneStore.Listed | LandingFileStore.Listed, () =>
            database.Read<Outcome<LandingFileListModel>>(connection =>
            {
                if (LandingZoneStore.Find(connection, ns, name) is not { } zone)
                    return LandingZonesEndpoints.Missing;
                var files = LandingFileStore.List(connection, zone.Id, zone.FileCount, paging.Limit, paging.Offset);
                return new LandingFileListModel([.. files.Select(LandingFileModel.Of)], zone.FileCount);
            }));
    }

    private static async Task<IResult> Upload(
        HttpContext context, MetadataDatabase database, Engine.Landing.LandingZones zones, DataDirectory directory, ServerOptions options)
    {
        var form = await ReadAsync(context, database, directory, options);
        if (!form.Succeeded)
            return ApiResults.Failure(form.Failure);
        var (zone, file) = form.Value;
        using (file)
        {
            var stored = await zones.UploadAsync(zone, file.FileName, file.ContentType, file.Content!, context.RequestAborted);
            return stored.Succeeded
                ? ApiResults.Created(LandingFileModel.Of(stored.Value), LandingZonesJson.Default.LandingFileModel)
                : ApiResults.Failure(stored.Failure);
        }
    }

    private static IResult Get(HttpContext context, MetadataDatabase database)
    {
        var found = FindFile(context, database);
        return found.Succeeded
            ? ApiResults.Ok(LandingFileModel.Of(found.Value), LandingZonesJson.Default.LandingFileModel)
            : ApiResults.Failure(found.Failure);
    }

    private static async Task<IResult> Delete(HttpContext context, MetadataDatabase database, Engine.Landing.LandingZones zones)
    {
        var found = FindFile(context, database);
        if (!found.Succeeded)
            return ApiResults.Failure(found.Failure);
        await zones.DeleteFileAsync(found.Value);
        return ApiResults.NoContent();
    }

    private static IResult ListSamples(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var (ns, name) = LandingZonesEndpoints.NameOf(context);
        return pages.Answer(context, LandingZonesJson.Default.SampleListModel, LandingZoneStore.Listed | FileStore.Listed, () =>
            database.Read<Outcome<SampleListModel>>(connection =>
            {
                if (LandingZoneStore.Find(connection, ns, name) is not { } zone)
                    return LandingZonesEndpoints.Missing;
                var samples = Engine.Landing.LandingZones.ListSamples(connection, zone);
                return new SampleListModel([.. samples.Select(FileInfoModel.Of)], samples.Count);
            }));
    }

    private static async Task<IResult> UploadSample(
        HttpContext context, MetadataDatabase database, Engine.Landing.LandingZones zones, DataDirectory directory, ServerOptions options)
    {
        var form = await ReadAsync(context, database, directory, options);
        if (!form.Succeeded)
            return ApiResults.Failure(form.Failure);
        var (zone, file) = form.Value;
        using (file)
        {
            var stored = await zones.PutSampleAsync(zone, file.FileName, file.ContentType, file.Content!, context.RequestAborted);
            return stored.Succeeded
                ? ApiResults.Created(
                    new UploadedSampleModel(stored.Value.Key, Path.GetFileName(stored.Value.Key), stored.Value.SizeBytes, "uploaded"),
                    LandingZonesJson.Default.UploadedSampleModel)
                : ApiResults.Failure(stored.Failure);
        }
    }

    private static async Task<IResult> DeleteSample(HttpContext context, MetadataDatabase database, Engine.Landing.LandingZones zones)
    {
        if (LandingZonesEndpoints.Find(context, database) is not { } zone)
            return LandingZonesEndpoints.NotFound();
        var prefix = $"/api/v1/landing-zones/{zone.Namespace}/{zone.Name}/samples/";
        var name = RawPath.After(context, prefix, (string)context.Request.RouteValues["filename"]!);
        if (name is "" or "." || name.Contains("..", StringComparison.Ordinal) || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
            return ApiResults.Failure(Failure.Invalid("invalid filename"));
        return (await zones.DeleteSampleAsync(zone, name)).ToNoContent();
    }

    // The zone is looked up before the body is read.
    private static async Task<Outcome<(LandingZoneRow Zone, UploadForm Form)>> ReadAsync(
        HttpContext context, MetadataDatabase database, DataDirectory directory, ServerOptions options)
    {
        if (LandingZonesEndpoints.Find(context, database) is not { } zone)
            return LandingZonesEndpoints.Missing;
        var form = await UploadForm.ReadAsync(context, directory.Temporary, options.MaxUploadBytes);
        if (!form.Succeeded)
            return form.Failure;
        if (form.Value.Content is not null)
            return (zone, form.Value);
        form.Value.Dispose();
        return Failure.Invalid("file form field is required");
    }

    private static Outcome<LandingFileRow> FindFile(HttpContext context, MetadataDatabase database)
    {
        if (!Guid.TryParseExact((string?)context.Request.RouteValues["file_id"], "D", out var id))
            return Failure.Invalid("invalid file ID");
        if (LandingZonesEndpoints.Find(context, database) is not { } zone)
            return LandingZonesEndpoints.Missing;
        return database.Read(connection => LandingFileStore.Find(connection, zone.Id, id)) is { } file
            ? file
            : Failure.NotFound("file not found");
    }
}
