using System.Text.Json.Serialization;
using Rat.Engine.Notifications;
using Rat.Storage.Metadata;

namespace Rat.Endpoints.Notifications;

/// <summary>Who is to be told. What isn't given is nobody and nothing.</summary>
internal sealed record NotificationsBody(string? Url, string? Secret, string? OpenlineageUrl, string? OpenlineageApiKey)
{
    public NotificationSettingsRow ToRow() => new(Url, Secret, OpenlineageUrl, OpenlineageApiKey);
}

/// <summary>Who is told. Of an address only scheme and host are shown, since its path may be a secret; of a secret whether there is one.</summary>
/// <param name="Source"><c>api</c> or <c>settings</c>.</param>
internal sealed record NotificationsModel(string Source, string? Url, bool HasSecret, string? OpenlineageUrl, bool HasOpenlineageApiKey)
{
    public static NotificationsModel Of(NotificationSettings settings, bool isSetByApi) => new(
        isSetByApi ? "api" : "settings", Origin(settings.Callback), settings.Secret is not null, Origin(settings.Lineage), settings.LineageKey is not null);

    // Without a name and a password, which Authority leaves out.
    private static string? Origin(Uri? address) => address is null ? null : $"{address.Scheme}://{address.Authority}";
}

/// <summary>JSON of this group.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, PropertyNameCaseInsensitive = true)]
[JsonSerializable(typeof(NotificationsBody))]
[JsonSerializable(typeof(NotificationsModel))]
internal sealed partial class NotificationsJson : JsonSerializerContext;
