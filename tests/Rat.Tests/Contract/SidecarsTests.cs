namespace Rat.Tests.Contract;

/// <summary>The YAML files beside a pipeline, at both of their addresses.</summary>
public class SidecarsTests(ContractServer server) : IClassFixture<ContractServer>
{
    [Theory]
    [InlineData("pipeline.meta.yaml", "pipelines/NS/silver/orders/metadata", "metadata/NS/pipeline/silver/orders")]
    [InlineData("tests/quality.meta.yaml", "pipelines/NS/silver/orders/metadata/quality", "metadata/NS/quality/silver/orders")]
    public async Task A_sidecar_is_read_as_it_is(string file, string nested, string legacy)
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        var (path, alias) = (Address(nested), Address(legacy));
        Assert.Equal("metadata not found", (await server.Client.GetAsync(path)).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("metadata not found", (await server.Client.GetAsync(alias)).ExpectError(404, "NOT_FOUND"));

        const string Yaml = "description: Ünïcode\nnot: [yaml\n";
        await platform.PutFileAsync($"pipelines/silver/orders/{file}", Yaml);
        var read = (await server.Client.GetAsync(path)).Expect(200);
        Assert.Equal(($"{platform.Namespace}/pipelines/silver/orders/{file}", Yaml), (read.TextOf("path"), read.TextOf("content")));
        Assert.Null(read.Header("Deprecation"));

        var old = (await server.Client.GetAsync(alias)).Expect(200);
        Assert.Equal(read.Text, old.Text);
        Assert.Equal(("true", $"<{path}>; rel=\"successor-version\""), (old.Header("Deprecation"), old.Header("Link")));

        string Address(string template) => "/api/v1/" + template.Replace("NS", platform.Namespace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/pipelines/Default/silver/orders/metadata")]
    [InlineData("/api/v1/pipelines/default/iron/orders/metadata/quality")]
    [InlineData("/api/v1/metadata/default/pipeline/silver/.orders")]
    [InlineData("/api/v1/metadata/default/quality/silver/or%20ders")]
    public async Task A_name_that_can_not_be_is_refused(string path) => (await server.Client.GetAsync(path)).ExpectError(400);
}
