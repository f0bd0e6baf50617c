namespace Rat.Tests.Contract;

/// <summary>Sharing without an identity provider (behaviour §14), and what the features say of it.</summary>
public class SharingTests(ContractServer server) : IClassFixture<ContractServer>
{
    [Theory]
    [InlineData("POST", "/api/v1/sharing")]
    [InlineData("GET", "/api/v1/sharing")]
    [InlineData("GET", "/api/v1/sharing?resource_type=pipeline&resource_id=x")]
    [InlineData("DELETE", "/api/v1/sharing/anything")]
    [InlineData("POST", "/api/v1/sharing/transfer")]
    public async Task Nothing_is_shared_without_users(string method, string path)
    {
        Assert.Equal("sharing not available", (await server.Client.SendAsync(method, path)).ExpectError(501, "NOT_IMPLEMENTED"));
        if (method == "POST")
            (await server.Client.PostAsync(path, "{ broken")).ExpectError(501, "NOT_IMPLEMENTED");
    }

    [Fact]
    public async Task The_features_promise_no_more()
    {
        var features = (await server.Client.GetAsync("/api/v1/features")).Expect(200);
        Assert.Equal("""
            {"auth":{"enabled":false},"sharing":{"enabled":false},"executor":{"enabled":true,"type":"warmpool"},"audit":{"enabled":false},"enforcement":{"enabled":false},"cloud":{"enabled":false}}
            """.Trim(), features["plugins"]!.ToJsonString());
    }
}
