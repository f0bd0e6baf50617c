namespace Rat.Tests.Contract;

/// <summary>Quality tests as files: list, create, delete, run, under both addresses (behaviour §9).</summary>
public class QualityTestsTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Theory]
    [InlineData("/api/v1/pipelines/{0}/silver/orders/tests")]
    [InlineData("/api/v1/tests/{0}/silver/orders")]
    public async Task A_test_lives_from_creation_to_deletion(string address)
    {
        var (ns, pipeline) = await NewPipelineAsync();
        var tests = string.Format(System.Globalization.CultureInfo.InvariantCulture, address, ns);
        var empty = (await Client.GetAsync(tests)).Expect(200);
        Assert.Empty(empty["tests"]!.AsArray());
        Assert.Equal(0, (int)empty["total"]!);
        Assert.Equal("""{"results":[],"passed":0,"failed":0,"total":0}""", (await Client.PostAsync($"{tests}/run")).Expect(200).Text);
        Assert.False((bool)(await Client.GetAsync(pipeline)).Expect(200)["draft_dirty"]!);

        var created = (await Client.PostAsync(tests, new { name = "no_nulls", sql = "SELECT 1", severity = "warning", description = "Every order\nhas an id" })).Expect(201);
        Assert.Equal($"{ns}/pipelines/silver/orders/tests/quality/no_nulls.sql", created.TextOf("path"));
        Assert.Equal("warn", created.TextOf("severity"));
        Assert.True((bool)(await Client.GetAsync(pipeline)).Expect(200)["draft_dirty"]!);
        Assert.Equal("a quality test named no_nulls already exists",
            (await Client.PostAsync(tests, new { name = "no_nulls", sql = "SELECT 2" })).ExpectError(409, "ALREADY_EXISTS"));

        var listed = Assert.Single((await Client.GetAsync(tests)).Expect(200)["tests"]!.AsArray())!;
        Assert.Equal("""
            {"name":"no_nulls","sql":"-- @severity: warn\n-- @description: Every order has an id\nSELECT 1","severity":"warn","description":"Every order has an id","published":false,"tags":[],"remediation":""}
            """, listed.ToJsonString());
        var run = (await Client.PostAsync($"{tests}/run")).Expect(200);
        Assert.Equal("error", (string)run["results"]![0]!["status"]!); // there is no table yet

        (await Client.DeleteAsync($"{tests}/no_nulls")).Expect(204);
        Assert.Equal("quality test not found", (await Client.DeleteAsync($"{tests}/no_nulls")).ExpectError(404, "NOT_FOUND"));
        Assert.Empty((await Client.GetAsync(tests)).Expect(200)["tests"]!.AsArray());
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "")]
    [InlineData("POST", "/run")]
    [InlineData("DELETE", "/t")]
    public async Task Without_a_pipeline_there_are_no_tests(string method, string rest)
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var tests in (string[])[$"/api/v1/pipelines/{ns}/gold/nothing/tests", $"/api/v1/tests/{ns}/gold/nothing"])
        {
            using var body = method == "POST" && rest.Length == 0 ? new StringContent("""{"name": "t", "sql": "SELECT 1"}""") : null;
            Assert.Equal("pipeline not found", (await Client.SendAsync(method, tests + rest, body)).ExpectError(404, "NOT_FOUND"));
            (await Client.SendAsync(method, tests.Replace("gold", "iron", StringComparison.Ordinal) + rest)).ExpectError(400);
        }

        Assert.Empty((await Client.GetAsync($"/api/v1/files?prefix={ns}/")).Expect(200)["files"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"sql": "SELECT 1"}""", "name is required")]
    [InlineData("""{"name": "", "sql": "SELECT 1"}""", "name is required")]
    [InlineData("""{"name": "t"}""", "sql is required")]
    [InlineData("""{"name": "t", "sql": ""}""", "sql is required")]
    [InlineData("""{"name": "T", "sql": "SELECT 1"}""", "name must start")]
    [InlineData("""{"name": "a/b", "sql": "SELECT 1"}""", "name must start")]
    [InlineData("""{"name": "../../pipeline", "sql": "SELECT 1"}""", "name must start")]
    [InlineData("""{"name": "t", "sql": "SELECT 1", "severity": "critical"}""", "severity must be error or warn")]
    [InlineData("""{"name": "t", "sql": "SELECT 1", "severity": 1}""", "invalid request body")]
    [InlineData("""{"name": "t", "sql": ["SELECT 1"]}""", "invalid request body")]
    [InlineData("""{"name": "t", "sql": "\ud800"}""", "invalid request body")]
    [InlineData("[]", "invalid request body")]
    [InlineData("", "invalid request body")]
    public async Task What_is_no_test_is_refused_and_leaves_nothing(string json, string message)
    {
        var (ns, pipeline) = await NewPipelineAsync();
        Assert.StartsWith(message, (await Client.PostAsync($"{pipeline}/tests", json)).ExpectError(400), StringComparison.Ordinal);
        Assert.Empty((await Client.GetAsync($"{pipeline}/tests")).Expect(200)["tests"]!.AsArray());
        Assert.False((bool)(await Client.GetAsync(pipeline)).Expect(200)["draft_dirty"]!);
        Assert.Equal(2, (await Client.GetAsync($"/api/v1/files?prefix={ns}/")).Expect(200)["files"]!.AsArray().Count);
    }

    [Fact]
    public async Task Lengths_end_where_the_contract_says()
    {
        var (_, pipeline) = await NewPipelineAsync();
        (await Client.PostAsync($"{pipeline}/tests", new { name = new string('t', 128), sql = new string('x', 500_000), description = new string('d', 5000) })).Expect(201);
        (await Client.PostAsync($"{pipeline}/tests", new { name = new string('t', 129), sql = "SELECT 1" })).ExpectError(400);
        (await Client.PostAsync($"{pipeline}/tests", $$"""{"name": "u", "sql": "{{new string('ü', 250_001)}}"}""")).ExpectError(400);
        (await Client.PostAsync($"{pipeline}/tests", new { name = "u", sql = "SELECT 1", description = new string('d', 5001) })).ExpectError(400);
        (await Client.PostAsync($"{pipeline}/tests", new { name = "u", sql = new string('x', 1 << 20) })).ExpectError(413);
        Assert.Single((await Client.GetAsync($"{pipeline}/tests")).Expect(200)["tests"]!.AsArray());
    }

    [Theory]
    [InlineData("SELECT 1\n-- @severity: warn", "error", "d", "-- @description: d\nSELECT 1\n-- @severity: warn", "warn", "d")]
    [InlineData("-- @description: its own\nSELECT 1", "warn", "d", "-- @severity: warn\n-- @description: its own\nSELECT 1", "warn", "its own")]
    [InlineData("SELECT 1", null, null, "SELECT 1", "error", "")]
    [InlineData("SELECT 1", "error", "", "-- @severity: error\nSELECT 1", "error", "")]
    [InlineData("\ufeffSELECT 1", "error", "x\u2028DROP", "-- @severity: error\n-- @description: x DROP\nSELECT 1", "error", "x DROP")]
    [InlineData("SELECT 1", null, "{{ x }} {% y %}", "-- @description: { { x }} { % y %}\nSELECT 1", "error", "{ { x }} { % y %}")]
    public async Task Annotations_of_the_file_win_over_the_request(
        string sql, string? severity, string? description, string stored, string effective, string described)
    {
        var (_, pipeline) = await NewPipelineAsync();
        Assert.Equal(effective, (await Client.PostAsync($"{pipeline}/tests", new { name = "t", sql, severity, description })).Expect(201).TextOf("severity"));
        var listed = Assert.Single((await Client.GetAsync($"{pipeline}/tests")).Expect(200)["tests"]!.AsArray())!;
        Assert.Equal([stored, effective, described], new[] { "sql", "severity", "description" }.Select(field => (string)listed[field]!));
    }

    [Fact]
    public async Task Files_of_any_name_are_listed_in_order_and_others_are_not()
    {
        var (ns, pipeline) = await NewPipelineAsync();
        foreach (var file in (string[])["tests/quality/b.sql", "tests/quality/deep/a.sql", "tests/quality/A b.sql", "tests/quality/notes.md", "tests/other.sql", "quality/x.sql"])
            (await Client.PutAsync($"/api/v1/files/{ns}/pipelines/silver/orders/{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}", new { content = "SELECT 1" })).Expect(200);
        var tests = (await Client.GetAsync($"{pipeline}/tests")).Expect(200);
        Assert.Equal(["A b", "b", "deep/a"], tests["tests"]!.AsArray().Select(test => (string)test!["name"]!));
        Assert.Equal(3, (int)tests["total"]!);
        (await Client.DeleteAsync($"{pipeline}/tests/A%20b")).ExpectError(400);
    }

    [Fact]
    public async Task A_name_is_taken_once_however_many_ask()
    {
        var (_, pipeline) = await NewPipelineAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Client.PostAsync($"{pipeline}/tests", new { name = "t", sql = $"SELECT {i}" })));
        var index = Assert.Single(answers.Index(), answer => answer.Item.Status == 201).Index;
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.ExpectError(409, "ALREADY_EXISTS"));
        Assert.Equal($"SELECT {index}", (string)(await Client.GetAsync($"{pipeline}/tests"))["tests"]![0]!["sql"]!);
    }

    private async Task<(string Namespace, string Path)> NewPipelineAsync()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "silver", name = "orders" })).Expect(201);
        return (ns, $"/api/v1/pipelines/{ns}/silver/orders");
    }
}
