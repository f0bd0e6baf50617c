using System.Text.Json.Serialization;
using Rat.Endpoints.Hosting;

namespace Rat.Endpoints.Health;

/// <summary>Answer of <c>/api/v1/features</c>; it depends on the options only.</summary>
internal sealed record FeaturesResponse(
    string Edition,
    IReadOnlyDictionary<string, PluginFeature> Plugins,
    bool Namespaces,
    bool MultiUser,
    bool LandingZones,
    LicenseInfo? License)
{
    /// <param name="now">Decides whether the licence has expired.</param>
    public static FeaturesResponse Of(ServerOptions options, DateTimeOffset now)
    {
        var hasUsers = options.Oidc is not null;
        var plugins = new OrderedDictionary<string, PluginFeature>
        {
            ["auth"] = new(hasUsers),
            ["sharing"] = new(hasUsers),
            ["executor"] = new(Enabled: true, "warmpool"),
            // False although the audit log is always on: the slot says whether a plugin took it over (behaviour §2).
            ["audit"] = new(Enabled: false),
            ["enforcement"] = new(hasUsers),
            ["cloud"] = new(Enabled: false),
        };
        return new FeaturesResponse(
            options.Edition, plugins, options.Edition != "community", hasUsers, LandingZones: true,
            LicenseInfo.Decode(options.LicenseKey, now));
    }
}

/// <summary>One plugin slot.</summary>
internal sealed record PluginFeature(
    bool Enabled, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type = null);
