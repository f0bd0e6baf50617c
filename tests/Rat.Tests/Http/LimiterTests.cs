namespace Rat.Tests.Http;

/// <summary>The limiter: its headers, its 429, and whom it takes for the client.</summary>
public class LimiterTests
{
    private static readonly Dictionary<string, string> OnePerSecond = new() { ["RATE_LIMIT"] = "1" };

    [Fact]
    public async Task Past_the_burst_comes_a_429_that_says_when_to_return()
    {
        await using var rat = await RatProcess.ServeAsync(OnePerSecond);
        using var first = await rat.Client.SendAsync("GET", "/api/v1/features");
        Assert.Equal("2", first.Header("RateLimit-Limit"));
        Assert.Equal("1", first.Header("RateLimit-Remaining"));
        Assert.Null(first.Header("Retry-After"));

        // An unknown path counts as well.
        using var second = await rat.Client.SendAsync("GET", "/api/v1/nope");
        Assert.Equal(404, (int)second.StatusCode);

        using var third = await rat.Client.SendAsync("GET", "/api/v1/features");
        Assert.Equal("Too many requests. Retry after 1 seconds.", await third.AssertEnvelopeAsync(429, "RATE_LIMITED", "RATE_LIMIT"));
        Assert.Equal("1", third.Header("Retry-After"));
        Assert.Equal("0", third.Header("RateLimit-Remaining"));

        using var health = await rat.Client.SendAsync("GET", "/health/ready");
        Assert.Equal(200, (int)health.StatusCode);
        Assert.Null(health.Header("RateLimit-Limit"));
    }

    [Fact]
    public async Task Zero_turns_it_off()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        using var response = await rat.Client.SendAsync("GET", "/api/v1/features");
        Assert.Null(response.Header("RateLimit-Limit"));
    }

    [Fact]
    public async Task Webhooks_have_a_bucket_of_their_own()
    {
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0" });
        var statuses = new List<int>();
        for (var i = 0; i < 21; i++)
        {
            using var call = await rat.Client.SendAsync("POST", "/api/v1/webhooks");
            Assert.Equal("20", call.Header("RateLimit-Limit"));
            statuses.Add((int)call.StatusCode);
        }

        Assert.DoesNotContain(429, statuses[..20]);
        Assert.Equal(429, statuses[20]);
        using var other = await rat.Client.SendAsync("GET", "/api/v1/webhooks");
        Assert.NotEqual(429, (int)other.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public async Task Only_a_trusted_proxy_says_who_the_client_is(string trusted, bool isBelieved)
    {
        await using var rat = await RatProcess.ServeAsync(
            new Dictionary<string, string> { ["RATE_LIMIT"] = "1", ["RAT_TRUSTED_PROXIES"] = trusted });
        (string, string)[][] clients =
        [
            [("X-Forwarded-For", "192.0.2.1:4711, 127.0.0.1")],
            [("X-Real-IP", "192.0.2.2")],
            [("True-Client-IP", "2001:db8::1")],
            [("True-Client-IP", "garbage"), ("X-Real-IP", "192.0.2.4")],
        ];

        var statuses = new List<int>();
        foreach (var client in clients)
        {
            using var response = await rat.Client.SendAsync("GET", "/api/v1/features", null, client);
            statuses.Add((int)response.StatusCode);
        }

        // Believed, everyone is a client of their own; else they share the two tokens of their peer.
        Assert.Equal(isBelieved, statuses.TrueForAll(status => status == 200));
    }
}
