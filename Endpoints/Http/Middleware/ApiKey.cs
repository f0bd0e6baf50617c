using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace Rat.Endpoints.Http.Middleware;

/// <summary>
/// The static key: <c>X-Api-Key: key</c> or <c>Authorization: Bearer key</c>; either one matching suffices. Not part of the pipeline
/// without a key, or with an identity provider.
/// </summary>
internal sealed class ApiKey(RequestDelegate next, string key)
{
    /// <summary>Hashes are compared: equal lengths, so that the time taken tells nothing about the key, not even how long it is.</summary>
    private readonly byte[] _expected = Hash(key);

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        return Matches(headers["X-Api-Key"]) || Matches(BearerToken(headers.Authorization))
            ? next(context)
            : ErrorEnvelope.WriteAsync(context, StatusCodes.Status401Unauthorized);
    }

    private bool Matches(StringValues sent) =>
        sent is [{ Length: > 0 } text] && CryptographicOperations.FixedTimeEquals(Hash(text), _expected);

    /// <summary>RFC 9110 §11.1: the scheme's name has no case.</summary>
    private static string? BearerToken(StringValues header) =>
        header is [{ } text] && text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? text["Bearer ".Length..].Trim() : null;

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
