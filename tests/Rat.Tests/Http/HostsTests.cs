namespace Rat.Tests.Http;

/// <summary>DNS rebinding: on loopback only known host names are answered; a proxy's is one once it is allowed.</summary>
public sealed class HostsTests(HostsTests.ProxiedServer server) : IClassFixture<HostsTests.ProxiedServer>
{
    private const string Proxy = "rat.example";

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1234")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("127.9.9.9")]
    [InlineData("[::1]:8080")]
    [InlineData(Proxy)]
    [InlineData("RAT.example:443")]
    public async Task Names_of_this_machine_and_allowed_ones_are_answered(string host)
    {
        using var response = await server.Client.SendAsync("GET", "/api/v1/features", null, ("Host", host));
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("evil.example", "GET", "/api/v1/features")]
    [InlineData("evil.example:8080", "POST", "/api/v1/query")]
    [InlineData("localhost.evil.example", "GET", "/api/v1/namespaces")]
    [InlineData("127.0.0.1.evil.example", "GET", "/metrics")]
    [InlineData("192.0.2.1", "DELETE", "/api/v1/namespaces/x")]
    [InlineData("sub.rat.example", "GET", "/health")]
    public async Task Any_other_name_is_refused_and_the_answer_names_the_setting(string host, string method, string path)
    {
        using var response = await server.Client.SendAsync(method, path, null, ("Host", host));
        Assert.Contains("RAT_ALLOWED_HOSTS", await response.AssertEnvelopeAsync(403, "FORBIDDEN", "AUTHORIZATION"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Proxy, "https://rat.example", 405)]
    [InlineData("127.0.0.1", "https://rat.example", 405)]
    [InlineData("127.0.0.1", "https://rat.example:8443", 405)]
    [InlineData(Proxy, "https://evil.example", 403)]
    [InlineData(Proxy, "https://rat.example.evil.example", 403)]
    public async Task Pages_of_the_proxys_name_may_write(string host, string origin, int expected)
    {
        // 405 is how far a permitted POST gets on a route that only reads.
        using var response = await server.Client.SendAsync("POST", "/api/v1/features", null, ("Host", host), ("Origin", origin));
        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_server_for_others_has_any_name()
    {
        await using var rat = await RatProcess.ServeAsync(null, null, "--listen", "0.0.0.0:0");
        using var response = await rat.Client.SendAsync("GET", "/api/v1/features", null, ("Host", "whatever.example"));
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains(rat.Output, line => line.Contains("RAT_API_KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_malformed_name_stops_the_start()
    {
        await using var rat = RatProcess.Start(["serve"], new Dictionary<string, string> { ["RAT_ALLOWED_HOSTS"] = "rat.example, https://rat.example" });
        Assert.Equal(2, await rat.WaitForExitAsync());
        Assert.StartsWith("rat serve: RAT_ALLOWED_HOSTS: \"https://rat.example\"", Assert.Single(rat.Output), StringComparison.Ordinal);
    }

    public sealed class ProxiedServer : IAsyncLifetime
    {
        private RatProcess? _rat;

        internal HttpClient Client => _rat!.Client;

        public async Task InitializeAsync() =>
            _rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RAT_ALLOWED_HOSTS"] = $" other.example ,{Proxy}" });

        public async Task DisposeAsync() => await _rat!.DisposeAsync();
    }
}
