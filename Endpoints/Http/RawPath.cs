using Microsoft.AspNetCore.Http.Features;

namespace Rat.Endpoints.Http;

/// <summary>
/// A path parameter that may hold slashes, percent-decoded once. The server's own decoding leaves <c>%2F</c> as it is, so that a slash that a
/// client has encoded and a name with these three letters look the same; and it resolves dots, which the contract refuses.
/// </summary>
internal static class RawPath
{
    /// <summary>What follows <paramref name="prefix"/> in the request's target.</summary>
    /// <param name="routed">What routing made of it; taken when the target spells the prefix in another way.</param>
    public static string After(HttpContext context, string prefix, string routed)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.Split('?', '#')[0];
        return path.StartsWith(prefix, StringComparison.Ordinal)
            ? Uri.UnescapeDataString(path[prefix.Length..])
            : routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
