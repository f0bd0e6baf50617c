using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>What people write about a table (behaviour §5, engine.md 8.7).</summary>
public class TableMetadataTests(ContractServer server) : IClassFixture<ContractServer>
{
    [Fact]
    public async Task Descriptions_are_stored_and_shown_with_the_table()
    {
        var platform = await TableAsync("SELECT 1 AS id, 'x' AS label");
        var path = $"/api/v1/tables/{platform.Namespace}/bronze/t/metadata";
        var first = (await server.Client.PutAsync(path, new
        {
            description = "Orders as they came",
            owner = "ana",
            column_descriptions = new { id = "key", gone = "was there once" },
        })).Expect(200);
        Assert.Equal(("Orders as they came", "ana"), (first.TextOf("description"), first.TextOf("owner")));
        Assert.Equal("""{"id":"key","gone":"was there once"}""", first["column_descriptions"]!.ToJsonString());
        Assert.Equal(first.TextOf("created_at"), first.TextOf("updated_at"));

        var table = (await platform.TableAsync("t")).Expect(200);
        Assert.Equal(("Orders as they came", "ana"), (table.TextOf("description"), table.TextOf("owner")));
        Assert.Equal(
            """[{"name":"id","type":"INTEGER","description":"key"},{"name":"label","type":"VARCHAR","description":null}]""",
            table["columns"]!.ToJsonString());
        Assert.Equal("Orders as they came", (string)(await ListedAsync(platform))["description"]!);
        Assert.DoesNotContain("description", (await server.Client.GetAsync($"/api/v1/schema?namespace={platform.Namespace}")).Expect(200).Text, StringComparison.Ordinal);

        // Absent is unchanged, the map is replaced as a whole, null and {} clear.
        var second = (await server.Client.PutAsync(path, """{"column_descriptions": {"label": "text"}}""")).Expect(200);
        Assert.Equal((first.TextOf("id"), first.TextOf("created_at"), "ana"), (second.TextOf("id"), second.TextOf("created_at"), second.TextOf("owner")));
        Assert.Equal("""{"label":"text"}""", second["column_descriptions"]!.ToJsonString());
        Assert.True(second["updated_at"]!.GetValue<DateTimeOffset>() > first["updated_at"]!.GetValue<DateTimeOffset>());
        var third = (await server.Client.PutAsync(path, """{"description": null, "owner": null, "column_descriptions": {}, "other": 7}""")).Expect(200);
        Assert.Equal(("", "{}"), (third.TextOf("description"), third["column_descriptions"]!.ToJsonString()));
        Assert.Null(third["owner"]);
        table = (await platform.TableAsync("t")).Expect(200);
        Assert.Null(table["description"]);
        Assert.Null(table["owner"]);
        Assert.Null((await ListedAsync(platform))["description"]);
    }

    [Fact]
    public async Task Descriptions_outlive_the_next_run()
    {
        var platform = await TableAsync("SELECT 1 AS id");
        (await server.Client.PutAsync($"/api/v1/tables/{platform.Namespace}/bronze/t/metadata", new { description = "kept" })).Expect(200);
        (await platform.RunSqlAsync("t", "SELECT 2 AS id, 3 AS more")).ExpectSuccess();
        Assert.Equal("kept", (await platform.TableAsync("t")).Expect(200).TextOf("description"));
    }

    [Theory]
    [InlineData("", 400, "invalid request body")]
    [InlineData("[]", 400, "invalid request body")]
    [InlineData("""{"description": 7}""", 400, "invalid request body: description")]
    [InlineData("""{"description": "\ud800"}""", 400, "invalid request body: description")]
    [InlineData("""{"owner": {}}""", 400, "invalid request body: owner")]
    [InlineData("""{"column_descriptions": []}""", 400, "invalid request body: column_descriptions")]
    [InlineData("""{"column_descriptions": {"a": null}}""", 400, "invalid request body: column_descriptions.a")]
    [InlineData("""{"column_descriptions": {"\ud800": "x"}}""", 400, "invalid request body: column_descriptions")]
    [InlineData("""{"column_descriptions": {"a": "\udc00"}}""", 400, "invalid request body: column_descriptions.a")]
    public async Task What_is_no_description_changes_nothing(string json, int status, string message)
    {
        var platform = await TableAsync("SELECT 1 AS id");
        var path = $"/api/v1/tables/{platform.Namespace}/bronze/t/metadata";
        (await server.Client.PutAsync(path, """{"description": "before"}""")).Expect(200);
        Assert.StartsWith(message, (await server.Client.PutAsync(path, json)).ExpectError(status), StringComparison.Ordinal);
        Assert.Equal("before", (await platform.TableAsync("t")).Expect(200).TextOf("description"));
    }

    [Fact]
    public async Task A_description_has_at_most_5000_bytes()
    {
        var platform = await TableAsync("SELECT 1 AS id");
        var path = $"/api/v1/tables/{platform.Namespace}/bronze/t/metadata";
        (await server.Client.PutAsync(path, new { description = new string('é', 2500) })).Expect(200);
        (await server.Client.PutAsync(path, new { description = new string('é', 2500) + "x" })).ExpectError(400);
        (await server.Client.PutAsync(path, new { description = new string('x', 2_000_000) })).ExpectError(413);
    }

    [Fact]
    public async Task Only_a_table_that_is_there_is_described()
    {
        var ns = await server.NewNamespaceAsync();
        (await server.Client.PostAsync("/api/v1/pipelines", new { @namespace = ns, layer = "gold", name = "p" })).Expect(201);
        Assert.Equal("table not found", (await server.Client.PutAsync($"/api/v1/tables/{ns}/gold/p/metadata", new { description = "x" })).ExpectError(404, "NOT_FOUND"));
        (await server.Client.PutAsync($"/api/v1/tables/{ns}/iron/p/metadata", new { description = "x" })).ExpectError(400);
    }

    private async Task<TestPlatform> TableAsync(string sql)
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        (await platform.RunSqlAsync("t", sql)).ExpectSuccess();
        return platform;
    }

    private async Task<JsonNode> ListedAsync(TestPlatform platform) =>
        Assert.Single((await server.Client.GetAsync($"/api/v1/tables?namespace={platform.Namespace}")).Expect(200)["tables"]!.AsArray())!;
}
