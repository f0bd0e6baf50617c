namespace Rat.Tests.Http;

/// <summary>The static key: two headers, and what needs none.</summary>
public sealed class ApiKeyTests(ApiKeyTests.LockedServer server) : IClassFixture<ApiKeyTests.LockedServer>
{
    private const string Key = "correct horse";

    [Theory]
    [InlineData("X-Api-Key", Key)]
    [InlineData("Authorization", "Bearer " + Key)]
    [InlineData("Authorization", "bearer " + Key)]
    public async Task Either_header_opens(string header, string value)
    {
        using var response = await server.Client.SendAsync("GET", "/api/v1/features", null, (header, value));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("X-Api-Key", "wrong")]
    [InlineData("X-Api-Key", "")]
    [InlineData("Authorization", Key)]
    [InlineData("Authorization", "Basic " + Key)]
    [InlineData("Authorization", "Bearer")]
    public async Task Anything_else_is_a_401(string header, string value)
    {
        using var response = await server.Client.SendAsync("GET", "/api/v1/features", null, (header, value));
        Assert.Equal("missing or invalid credentials", await response.AssertEnvelopeAsync(401, "UNAUTHENTICATED", "AUTHENTICATION"));
        Assert.NotNull(response.Header("RateLimit-Limit"));
    }

    [Fact]
    public async Task A_right_key_beside_a_wrong_one_suffices()
    {
        using var response = await server.Client.SendAsync(
            "GET", "/api/v1/features", null, ("X-Api-Key", Key), ("Authorization", "Bearer wrong"));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nope")]
    [InlineData("DELETE", "/api/v1/features")]
    public async Task Unknown_paths_and_methods_are_behind_the_key(string method, string path)
    {
        using var response = await server.Client.SendAsync(method, path);
        Assert.Equal(401, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/health/live")]
    [InlineData("GET", "/health/ready")]
    [InlineData("GET", "/metrics")]
    [InlineData("POST", "/api/v1/webhooks")]
    public async Task Probes_and_webhooks_need_no_key(string method, string path)
    {
        using var response = await server.Client.SendAsync(method, path);
        Assert.NotEqual(401, (int)response.StatusCode);
        // Webhooks have a bucket of their own, the others none.
        Assert.Equal(method == "POST" ? "20" : null, response.Header("RateLimit-Limit"));
    }

    public sealed class LockedServer : IAsyncLifetime
    {
        private RatProcess? _rat;

        internal HttpClient Client => _rat!.Client;

        public async Task InitializeAsync() =>
            _rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RAT_API_KEY"] = Key });

        public async Task DisposeAsync() => await _rat!.DisposeAsync();
    }
}
