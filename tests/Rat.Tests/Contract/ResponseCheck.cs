using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rat.Tests.Contract;

/// <summary>Holds an answer against the contract: operation, status, headers, content type, body.</summary>
internal static partial class ResponseCheck
{
    private static readonly string[] OnEveryResponse =
        ["X-Request-ID", "X-Content-Type-Options", "X-Frame-Options", "X-XSS-Protection", "Referrer-Policy", "Permissions-Policy"];

    /// <summary>Fails the test unless the answer is one that the contract describes; counts it otherwise.</summary>
    /// <param name="path">Percent-encoded, without the query.</param>
    public static void Verify(string method, string path, ContractResponse response)
    {
        var operation = ContractDocument.Instance.Find(method, path);
        if (operation is null && ContractExtensions.HasOperation(method, path))
        {
            // What holds for every answer; the rest is the test's to check.
            Assert.All(OnEveryResponse, name => Assert.False(string.IsNullOrEmpty(response.Header(name)), name));
            Assert.Equal("application/json", response.MediaType);
            Assert.Empty(response.Status >= 400 ? Envelope(null, response) : []);
            return;
        }

        Assert.True(operation is not null, $"the contract has no operation {method} {path}");
        var errors = Errors(operation, method, response).ToList();
        Assert.True(errors.Count == 0, $"{operation.Id} ({method} {path}) answered {response.Status}:\n{string.Join('\n', errors)}\n{response.Text}");
        ContractCoverage.Count(operation, response.Status);
    }

    private static IEnumerable<string> Errors(ContractOperation operation, string method, ContractResponse response)
    {
        var status = response.Status.ToString(CultureInfo.InvariantCulture);
        var documented = operation.Responses[status] as JsonObject;
        if (documented is null && !ContractExtensions.AllowsStatus(operation, response.Status))
            yield return $"the contract doesn't list the status {status}";
        documented = documented is null ? null : ContractDocument.Instance.Schemas.Resolve(documented);

        foreach (var error in Headers(operation, documented, response))
            yield return error;
        if (method == "HEAD")
        {
            if (response.RawBody.Length > 0)
                yield return "HEAD with a body";
            yield break;
        }

        foreach (var error in documented is null ? [] : Body(documented, response))
            yield return error;
        foreach (var error in response.Status >= 400 && response.MediaType == "application/json" ? Envelope(documented, response) : [])
            yield return error;
    }

    private static IEnumerable<string> Headers(ContractOperation operation, JsonObject? documented, ContractResponse response)
    {
        foreach (var name in OnEveryResponse.Where(name => string.IsNullOrEmpty(response.Header(name))))
            yield return $"header {name} missing";

        // Both or neither: the limiter can be off.
        var limit = response.Header("RateLimit-Limit");
        if (limit is null != response.Header("RateLimit-Remaining") is null)
            yield return "RateLimit-Limit and RateLimit-Remaining go together";
        if (limit is not null && !operation.Template.StartsWith("/api/v1/", StringComparison.Ordinal))
            yield return "this path is never limited";
        if (response.Status == 429 != response.Header("Retry-After") is not null)
            yield return "Retry-After belongs on each 429 and only there";

        var schemas = ContractDocument.Instance.Schemas;
        foreach (var (name, header) in documented?["headers"] as JsonObject ?? [])
        {
            var schema = (JsonObject)schemas.Resolve((JsonObject)header!)["schema"]!;
            if (response.Header(name) is { } value)
            {
                JsonNode node = schema["type"]!.GetValue<string>() == "integer" && long.TryParse(value, out var number) ? number : value;
                foreach (var error in schemas.Validate(node, schema))
                    yield return $"header {name}: {error}";
            }
            else if (!name.StartsWith("RateLimit-", StringComparison.Ordinal))
            {
                yield return $"header {name} missing";
            }
        }
    }

    private static IEnumerable<string> Body(JsonObject documented, ContractResponse response)
    {
        if (documented["content"] is not JsonObject content)
        {
            if (response.RawBody.Length > 0 || response.MediaType is not null)
                yield return "the contract gives this answer no body";
            yield break;
        }

        if (response.MediaType is null || content[response.MediaType]?["schema"] is not JsonObject schema)
        {
            yield return $"content type {response.MediaType} is none of {string.Join(", ", content.Select(type => type.Key))}";
            yield break;
        }

        if (response.MediaType != "application/json")
            yield break;
        foreach (var error in ContractDocument.Instance.Schemas.Validate(response.Json, schema))
            yield return error;
    }

    // The code is one of those that the contract lists for the answer; the type follows the status (behaviour §1).
    private static IEnumerable<string> Envelope(JsonObject? documented, ContractResponse response)
    {
        if (response.Json["error"] is not JsonObject error)
            yield break; // /health/ready
        var type = response.Status switch
        {
            401 => "AUTHENTICATION",
            403 => "AUTHORIZATION",
            404 => "NOT_FOUND",
            409 => "CONFLICT",
            429 => "RATE_LIMIT",
            501 or 503 => "UNAVAILABLE",
            >= 500 => "INTERNAL",
            _ => "VALIDATION",
        };
        if (error["type"]?.GetValue<string>() != type)
            yield return $"type {error["type"]} doesn't follow the status";

        var codes = documented?["x-error-codes"] is JsonArray list
            ? list.Select(code => code!.GetValue<string>()).ToList()
            : [.. Codes.Matches(documented?["description"]?.GetValue<string>() ?? "").Select(match => match.Groups[1].Value)];
        if (codes.Count > 0 && !codes.Contains(error["code"]?.GetValue<string>() ?? ""))
            yield return $"code {error["code"]} is none of {string.Join(", ", codes)}";
        if (string.IsNullOrWhiteSpace(error["message"]?.GetValue<string>()))
            yield return "empty message";
    }

    [GeneratedRegex("`([A-Z_]+)`")]
    private static partial Regex Codes { get; }
}
