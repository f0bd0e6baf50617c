using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rat.Storage.Objects.S3;

/// <summary>
/// Signs requests with Signature Version 4 ("Authenticating Requests: Using the Authorization Header" of Amazon's API reference). All headers
/// that the request has by then are signed.
/// </summary>
internal sealed class RequestSigner(string accessKey, string secretKey, string? sessionToken, string region)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private readonly byte[] _secret = Encoding.UTF8.GetBytes("AWS4" + secretKey);

    /// <param name="payloadHash">SHA-256 of the body, in lower-case hexadecimal: the store refuses a body that was changed on its way.</param>
    public void Sign(HttpRequestMessage request, string payloadHash, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var scope = $"{time[..8]}/{region}/s3/aws4_request";
        Add(request, "x-amz-content-sha256", payloadHash);
        Add(request, "x-amz-date", time);
        if (sessionToken is not null)
            Add(request, "x-amz-security-token", sessionToken);

        // 1. The canonical request. Path and query are as they are sent: encoded once, the query sorted.
        var address = request.RequestUri!;
        var headers = request.Headers.NonValidated
            .Select(header => (Name: header.Key.ToLowerInvariant(), Value: header.Value.ToString().Trim()))
            .Append((Name: "host", Value: address.Authority))
            .OrderBy(header => header.Name, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = $"{request.Method.Method}\n{address.AbsolutePath}\n{address.Query.TrimStart('?')}\n"
            + string.Concat(headers.Select(header => $"{header.Name}:{header.Value}\n")) + $"\n{names}\n{payloadHash}";

        // 2. What is signed, and the key of the day.
        var text = $"{Algorithm}\n{time}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        var key = new[] { time[..8], region, "s3", "aws4_request" }.Aggregate(_secret, Mac);

        // 3. The signature.
        var signature = Convert.ToHexStringLower(Mac(key, text));
        Add(request, "Authorization", $"{Algorithm} Credential={accessKey}/{scope},SignedHeaders={names},Signature={signature}");
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static void Add(HttpRequestMessage request, string name, string value) => request.Headers.TryAddWithoutValidation(name, value);
}
