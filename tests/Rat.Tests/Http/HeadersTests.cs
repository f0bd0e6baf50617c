namespace Rat.Tests.Http;

/// <summary>Headers that go on every answer: security, request id, CORS.</summary>
public sealed class HeadersTests(OpenServer server) : IClassFixture<OpenServer>
{
    private const string Portal = "http://localhost:3000";

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/nope")]
    [InlineData("POST", "/health")]
    [InlineData("GET", "/api/v1/features")]
    public async Task Security_headers_are_on_every_answer(string method, string path)
    {
        using var response = await server.Client.SendAsync(method, path);
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", response.Header("X-Frame-Options"));
        Assert.Equal("0", response.Header("X-XSS-Protection"));
        Assert.Equal("strict-origin-when-cross-origin", response.Header("Referrer-Policy"));
        Assert.Equal("camera=(), microphone=(), geolocation=()", response.Header("Permissions-Policy"));
        Assert.Null(response.Header("Server"));
    }

    [Theory]
    [InlineData("abc-123", true)]
    [InlineData("with space", true)]
    [InlineData("", false)]
    [InlineData("ümlaut", false)]
    public async Task A_request_id_is_kept_only_if_printable(string sent, bool isKept)
    {
        using var response = await server.Client.SendAsync("GET", "/health", null, ("X-Request-ID", sent));
        var id = response.Header("X-Request-ID");
        Assert.Equal(isKept, id == sent);
        if (!isKept)
            Assert.True(Guid.TryParse(id, out var made) && made.Version == 4, id);
    }

    [Theory]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_request_id_is_kept_only_up_to_128_characters(int length, bool isKept)
    {
        var sent = new string('x', length);
        using var response = await server.Client.SendAsync("GET", "/health", null, ("X-Request-ID", sent));
        Assert.Equal(isKept, response.Header("X-Request-ID") == sent);
    }

    [Fact]
    public async Task A_known_origin_may_read_with_credentials()
    {
        using var response = await server.Client.SendAsync("GET", "/api/v1/features", null, ("Origin", Portal));
        Assert.Equal(Portal, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Contains("Retry-After", response.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_origin_is_served_without_cors_headers()
    {
        using var response = await server.Client.SendAsync("GET", "/api/v1/features", null, ("Origin", "http://evil.example"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_preflight_names_methods_headers_and_age()
    {
        using var response = await server.Client.SendAsync(
            "OPTIONS", "/api/v1/anything", null, ("Origin", Portal), ("Access-Control-Request-Method", "PUT"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(Portal, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET, POST, PUT, DELETE, OPTIONS", response.Header("Access-Control-Allow-Methods"));
        Assert.Contains("X-Api-Key", response.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Equal("300", response.Header("Access-Control-Max-Age"));
        Assert.Equal("nosniff", response.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Sec-Fetch-Site", "same-origin", 405)]
    [InlineData("Origin", Portal, 405)]
    public async Task A_page_of_another_origin_may_not_write(string header, string value, int expected)
    {
        // 405 is how far a permitted POST gets on a route that only reads.
        using var response = await server.Client.SendAsync("POST", "/api/v1/features", null, (header, value));
        Assert.Equal(expected, (int)response.StatusCode);
        if (expected == 403)
            await response.AssertEnvelopeAsync(403, "FORBIDDEN", "AUTHORIZATION");
    }

    [Fact]
    public async Task Our_own_pages_may_write()
    {
        var own = server.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        using var response = await server.Client.SendAsync("POST", "/api/v1/features", null, ("Origin", own));
        Assert.Equal(405, (int)response.StatusCode);
    }
}
