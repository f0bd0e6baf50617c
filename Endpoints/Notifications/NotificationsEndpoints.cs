using Rat.Endpoints.Http;
using Rat.Engine.Notifications;

namespace Rat.Endpoints.Notifications;

/// <summary>Who is told of runs; an addition to the contract.</summary>
internal static class NotificationsEndpoints
{
    private const string Path = "/admin/notifications";

    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        api.MapGet(Path, Get);
        api.MapPut(Path, Replace);
        api.MapDelete(Path, Clear);
    }

    private static IResult Get(NotificationConfig config) => Answer(config);

    private static async Task<IResult> Replace(HttpContext context, NotificationConfig config)
    {
        var body = await RequestBody.ReadAsync(context, NotificationsJson.Default.NotificationsBody);
        if (!body.Succeeded)
            return ApiResults.Failure(body.Failure);
        var set = await config.SetAsync(body.Value.ToRow());
        return set.Succeeded ? Answer(config) : ApiResults.Failure(set.Failure);
    }

    private static async Task<IResult> Clear(NotificationConfig config)
    {
        await config.ClearAsync();
        return Answer(config);
    }

    private static IResult Answer(NotificationConfig config) =>
        ApiResults.Ok(NotificationsModel.Of(config.Current, config.IsSetByApi), NotificationsJson.Default.NotificationsModel);
}
