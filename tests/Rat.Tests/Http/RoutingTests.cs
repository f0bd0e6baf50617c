namespace Rat.Tests.Http;

/// <summary>Routing is exact, and whatever goes wrong is told in an envelope.</summary>
public sealed class RoutingTests(OpenServer server) : IClassFixture<OpenServer>
{
    [Theory]
    [InlineData("/nope")]
    [InlineData("/api/v1/nope")]
    [InlineData("/api/v1")]
    [InlineData("/health/")]
    [InlineData("/Health")]
    [InlineData("/health//live")]
    [InlineData("/api/v1/features/")]
    [InlineData("/API/v1/features")]
    [InlineData("/api/v1/%66eatures%2F")]
    public async Task An_unknown_path_is_a_404(string path)
    {
        using var response = await server.Client.GetAsync(new Uri(path, UriKind.Relative));
        await response.AssertEnvelopeAsync(404, "NOT_FOUND", "NOT_FOUND");
    }

    [Theory]
    [InlineData("POST", "/health")]
    [InlineData("DELETE", "/api/v1/features")]
    [InlineData("PATCH", "/metrics")]
    public async Task A_wrong_method_is_a_405_that_names_the_right_ones(string method, string path)
    {
        using var response = await server.Client.SendAsync(method, path);
        await response.AssertEnvelopeAsync(405, "METHOD_NOT_ALLOWED", "VALIDATION");
        Assert.Contains("GET", string.Join(',', response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Head_is_answered_like_get_without_a_body()
    {
        using var response = await server.Client.SendAsync("HEAD", "/health");
        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }
}
