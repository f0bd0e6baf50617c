using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rat.Tests.Http;

/// <summary>With a key set, every route of the running server's own list is behind it, except those that the contract exempts.</summary>
public partial class KeyOnEveryRouteTests
{
    private const string Key = "correct horse";

    private static readonly HashSet<string> Exempt =
        ["GET /health", "GET /health/live", "GET /health/ready", "GET /metrics", "POST /api/v1/webhooks"];

    private static readonly (string Name, string Value)[][] Wrong =
    [
        [],
        [("X-Api-Key", "wrong")],
        [("X-Api-Key", Key + "x")],
        [("Authorization", "Bearer wrong")],
        [("Authorization", Key)],
        [("X-Webhook-Token", Key)],
        [("Cookie", $"X-Api-Key={Key}")],
    ];

    [Fact]
    public async Task Without_the_key_or_with_a_wrong_one_everything_is_401_but_what_is_exempt()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RAT_API_KEY"] = Key, ["RATE_LIMIT"] = "0" });
        using var document = await rat.Client.SendAsync("GET", "/api/v1/openapi.json", null, ("X-Api-Key", Key));
        var routes = (from path in JsonNode.Parse(await document.Content.ReadAsStringAsync())!["paths"]!.AsObject()
                      from method in path.Value!.AsObject()
                      select (Method: method.Key.ToUpperInvariant(), Path: path.Key)).ToList();
        // A webhook is called by POST only; other methods and unknown paths are routes of the key, too.
        routes.AddRange(
        [
            ("POST", "/api/v1/webhooks"), ("GET", "/api/v1/webhooks"), ("GET", "/api/v1/nope"),
            ("PATCH", "/api/v1/query"), ("HEAD", "/api/v1/pipelines"),
        ]);
        Assert.True(routes.Count > 50, $"only {routes.Count} routes");

        var wrong = new List<string>();
        foreach (var (method, template) in routes)
        {
            var path = Placeholder.Replace(template, match => match.Value == "{layer}" ? "gold" : "x");
            foreach (var headers in Wrong)
            {
                using var body = method is "POST" or "PUT" ? new StringContent("{}") : null;
                using var answer = await rat.Client.SendAsync(method, path, body, headers);
                if ((answer.StatusCode == System.Net.HttpStatusCode.Unauthorized) == Exempt.Contains($"{method} {template}"))
                    wrong.Add($"{method} {template}: {(int)answer.StatusCode} with {string.Join(' ', headers)}");
                else if ((int)answer.StatusCode == 401 && method != "HEAD")
                    await answer.AssertEnvelopeAsync(401, "UNAUTHENTICATED", "AUTHENTICATION");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        // Nothing that was refused was done, and the key stands in no log.
        Assert.DoesNotContain(rat.Output, line => line.Contains(Key, StringComparison.Ordinal));
        using var allowed = await rat.Client.SendAsync("GET", "/api/v1/namespaces", null, ("Authorization", $"Bearer {Key}"));
        Assert.Equal(200, (int)allowed.StatusCode);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder { get; }
}
