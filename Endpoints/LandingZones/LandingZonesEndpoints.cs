using System.Text.Json;
using Rat.Endpoints.Http;
using Rat.Storage;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.LandingZones;

/// <summary>Landing zones themselves and the lifecycle of what was archived in them.</summary>
internal static class LandingZonesEndpoints
{
    private const string Zone = "/landing-zones/{namespace}/{zone_name}";

    public static void MapLandingZones(this IEndpointRouteBuilder api)
    {
        api.MapGet("/landing-zones", List);
        api.MapPost("/landing-zones", Create);
        api.MapGet(Zone, (HttpContext context, MetadataDatabase database) => WithZone(context, database, zone => Answer(zone)));
        api.MapPut(Zone, Update);
        api.MapDelete(Zone, Delete);
        api.MapGet(Zone + "/lifecycle", (HttpContext context, MetadataDatabase database) => WithZone(context, database, zone =>
            ApiResults.Ok(new LifecycleModel(zone.ProcessedMaxAgeDays, zone.AutoPurge), LandingZonesJson.Default.LifecycleModel)));
        api.MapPut(Zone + "/lifecycle", UpdateLifecycle);
        api.MapLandingFiles(Zone);
    }

    /// <summary>The zone that the path names, or null.</summary>
    public static LandingZoneRow? Find(HttpContext context, MetadataDatabase database)
    {
        var (ns, name) = NameOf(context);
        return database.Read(connection => LandingZoneStore.Find(connection, ns, name));
    }

    public static Failure Missing => Failure.NotFound("landing zone not found");

    public static IResult NotFound() => ApiResults.Failure(Missing);

    /// <summary>The zone that the path names.</summary>
    public static (string Namespace, string Name) NameOf(HttpContext context) =>
        ((string)context.Request.RouteValues["namespace"]!, (string)context.Request.RouteValues["zone_name"]!);

    private static IResult WithZone(HttpContext context, MetadataDatabase database, Func<LandingZoneRow, IResult> answer) =>
        Find(context, database) is { } zone ? answer(zone) : NotFound();

    private static IResult List(HttpContext context, MetadataDatabase database, PageCache pages)
    {
        var paging = Paging.Of(context.Request);
        var ns = context.Request.Filter("namespace");
        return pages.Answer(context, LandingZonesJson.Default.LandingZoneListModel, LandingZoneStore.Listed, () =>
        {
            var (zones, total) = database.Read(connection => LandingZoneStore.List(connection, ns, paging.Limit, paging.Offset));
            return new LandingZoneListModel([.. zones.Select(LandingZoneModel.Of)], total);
        });
    }

    private static async Task<IResult> Create(HttpContext context, Engine.Landing.LandingZones zones)
    {
        var body = await RequestBody.ReadAsync(context, LandingZonesJson.Default.CreateLandingZoneBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var request = body.Value;
        if (CheckCreate(request) is { } failure)
            return ApiResults.Failure(failure);
        var created = await zones.CreateAsync(request.Namespace!, request.Name!, request.Description ?? "", context.RequestAborted);
        return created.Succeeded
            ? ApiResults.Created(LandingZoneModel.Of(created.Value), LandingZonesJson.Default.LandingZoneModel)
            : ApiResults.Failure(created.Failure);
    }

    private static async Task<IResult> Update(HttpContext context, Engine.Landing.LandingZones zones)
    {
        var body = await RequestBody.ReadAsync(context, LandingZonesJson.Default.UpdateLandingZoneBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (description, ownerField, schema) = body.Value;
        if ((OptionalText.CheckDescription(description) ?? OptionalText.Clearable(ownerField, "owner", null).Failure) is { } failure)
            return ApiResults.Failure(failure);

        var (ns, name) = NameOf(context);
        var updated = await zones.UpdateAsync(ns, name, zone => zone with
        {
            Description = description ?? zone.Description,
            Owner = OptionalText.Clearable(ownerField, "owner", zone.Owner).Value,
            ExpectedSchema = schema ?? zone.ExpectedSchema,
        });
        return updated.Succeeded ? Answer(updated.Value) : ApiResults.Failure(updated.Failure);
    }

    private static async Task<IResult> Delete(HttpContext context, Engine.Landing.LandingZones zones)
    {
        var (ns, name) = NameOf(context);
        return (await zones.DeleteAsync(ns, name)).ToNoContent();
    }

    private static async Task<IResult> UpdateLifecycle(HttpContext context, Engine.Landing.LandingZones zones)
    {
        var body = await RequestBody.ReadAsync(context, LandingZonesJson.Default.UpdateLifecycleBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var (ageField, purge) = body.Value;
        var age = Age(ageField, current: null);
        if (!age.Succeeded)
            return ApiResults.Failure(age.Failure);

        var (ns, name) = NameOf(context);
        var updated = await zones.UpdateAsync(ns, name, zone => zone with
        {
            ProcessedMaxAgeDays = Age(ageField, zone.ProcessedMaxAgeDays).Value,
            AutoPurge = purge ?? zone.AutoPurge,
        });
        return updated.ToNoContent();
    }

    private static Outcome<int?> Age(JsonElement field, int? current) => field.ValueKind switch
    {
        JsonValueKind.Undefined => current,
        JsonValueKind.Null => (int?)null,
        JsonValueKind.Number when field.TryGetInt32(out var days) => days >= 1 ? days : Failure.Invalid("processed_max_age_days must be at least 1"),
        _ => Failure.Invalid("invalid request body: processed_max_age_days is not of the expected type"),
    };

    private static Failure? CheckCreate(CreateLandingZoneBody body) => body switch
    {
        { Namespace: null or "" } => Failure.Invalid("namespace is required"),
        { Name: null or "" } => Failure.Invalid("name is required"),
        _ when !Slug.IsValid(body.Namespace) => Failure.Invalid($"namespace {Slug.Rule}"),
        _ when !Slug.IsValid(body.Name) => Failure.Invalid($"name {Slug.Rule}"),
        _ => OptionalText.CheckDescription(body.Description),
    };

    private static IResult Answer(LandingZoneRow zone) => ApiResults.Ok(LandingZoneModel.Of(zone), LandingZonesJson.Default.LandingZoneModel);
}
