namespace Rat.Tests.Contract;

/// <summary>Namespaces: list, create, describe, delete (behaviour §11, DECISIONS 8 and 24).</summary>
public class NamespacesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/namespaces";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_namespace_lives_from_creation_to_deletion()
    {
        var name = ContractServer.NewName();
        var created = (await Client.PostAsync(Path, new { name, description = "Fähren ⛴" })).Expect(201);
        Assert.Equal(name, (string)created["name"]!);
        Assert.Equal("Fähren ⛴", (string)created["description"]!);
        Assert.Null(created["created_by"]);

        (await Client.PutAsync($"{Path}/{name}", new { description = "" })).Expect(204);
        Assert.Equal("", (string)(await FindAsync(name))!["description"]!);
        (await Client.DeleteAsync($"{Path}/{name}")).Expect(204);
        Assert.Null(await FindAsync(name));
        Assert.Equal("namespace not found", (await Client.DeleteAsync($"{Path}/{name}")).ExpectError(404, "NOT_FOUND"));
        (await Client.PostAsync(Path, new { name })).Expect(201);
    }

    [Fact]
    public async Task The_default_namespace_is_there_first_and_stays()
    {
        var first = (await Client.GetAsync($"{Path}?limit=1")).Expect(200)["namespaces"]![0]!;
        Assert.Equal("default", (string)first["name"]!);
        Assert.Equal("cannot delete the default namespace", (await Client.DeleteAsync($"{Path}/default")).ExpectError(403, "FORBIDDEN"));
        (await Client.PutAsync($"{Path}/default", new { description = "ours" })).Expect(204);
        Assert.Equal("ours", (string)(await FindAsync("default"))!["description"]!);
    }

    [Theory]
    [InlineData("{}", "name is required")]
    [InlineData("""{"name": null}""", "name is required")]
    [InlineData("""{"name": ""}""", "name is required")]
    [InlineData("""{"name": 1}""", "invalid request body")]
    [InlineData("""{"name": "Shop"}""", "name must start with a lower-case letter")]
    [InlineData("""{"name": "1shop"}""", "name must start")]
    [InlineData("""{"name": "_shop"}""", "name must start")]
    [InlineData("""{"name": "sh.op"}""", "name must start")]
    [InlineData("""{"name": "sh/op"}""", "name must start")]
    [InlineData("""{"name": "shop "}""", "name must start")]
    [InlineData("""{"name": "shop\n"}""", "name must start")]
    [InlineData("""{"name": "shöp"}""", "name must start")]
    [InlineData("""{"name": "shop\u0000"}""", "name must start")]
    [InlineData("""{"name": "ok", "description": 5}""", "invalid request body")]
    [InlineData("[]", "invalid request body")]
    [InlineData("", "invalid request body")]
    [InlineData("{", "invalid request body")]
    public async Task What_is_no_namespace_is_refused(string json, string message)
    {
        Assert.StartsWith(message, (await Client.PostAsync(Path, json)).ExpectError(400), StringComparison.Ordinal);
        Assert.Null(await FindAsync("ok"));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("memory")]
    [InlineData("system")]
    [InlineData("temp")]
    [InlineData("information_schema")]
    [InlineData("pg_catalog")]
    [InlineData("bronze")]
    [InlineData("silver")]
    [InlineData("gold")]
    public async Task A_reserved_name_is_refused_with_the_reason(string name)
    {
        Assert.Contains("reserved", (await Client.PostAsync(Path, new { name })).ExpectError(400), StringComparison.Ordinal);
        Assert.Null(await FindAsync(name));
    }

    [Fact]
    public async Task Lengths_end_where_the_contract_says()
    {
        var longest = ContractServer.NewName().PadRight(63, 'x');
        (await Client.PostAsync(Path, new { name = longest, description = new string('ü', 2500) })).Expect(201);
        Assert.Contains("63", (await Client.PostAsync(Path, new { name = longest + "x" })).ExpectError(400), StringComparison.Ordinal);
        // Bytes count, not characters.
        var name = ContractServer.NewName();
        Assert.Contains("5000", (await Client.PostAsync(Path, new { name, description = new string('ü', 2501) })).ExpectError(400),
            StringComparison.Ordinal);
        Assert.Null(await FindAsync(name));
        Assert.Contains("5000", (await Client.PutAsync($"{Path}/{longest}", new { description = new string('x', 5001) })).ExpectError(400),
            StringComparison.Ordinal);
        Assert.Equal(new string('ü', 2500), (string)(await FindAsync(longest))!["description"]!);
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var name = await server.NewNamespaceAsync();
        Assert.Contains(name, (await Client.PostAsync(Path, new { name, description = "other" })).ExpectError(409, "ALREADY_EXISTS"),
            StringComparison.Ordinal);
        Assert.Equal("", (string)(await FindAsync(name))!["description"]!);

        var contested = ContractServer.NewName();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Client.PostAsync(Path, new { name = contested })));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.Equal(7, answers.Count(answer => answer.Status == 409));
    }

    [Theory]
    [InlineData("{}", "description is required")]
    [InlineData("""{"description": null}""", "description is required")]
    [InlineData("""{"description": []}""", "invalid request body")]
    [InlineData("nonsense", "invalid request body")]
    public async Task A_description_has_to_be_given(string json, string message) =>
        Assert.StartsWith(message, (await Client.PutAsync($"{Path}/default", json)).ExpectError(400), StringComparison.Ordinal);

    [Fact]
    public async Task Unknown_and_malformed_names_are_told_apart()
    {
        (await Client.PutAsync($"{Path}/nobody", new { description = "" })).ExpectError(404, "NOT_FOUND");
        (await Client.DeleteAsync($"{Path}/nobody")).ExpectError(404, "NOT_FOUND");
        (await Client.PutAsync($"{Path}/No-body", new { description = "" })).ExpectError(400);
        (await Client.DeleteAsync($"{Path}/a%2Fb")).ExpectError(400);
    }

    [Fact]
    public async Task One_that_is_not_empty_is_kept_and_what_is_left_is_counted()
    {
        var name = await server.NewNamespaceAsync();
        foreach (var pipeline in new[] { "a", "b" })
            (await Client.PostAsync("/api/v1/pipelines", new { @namespace = name, layer = "bronze", name = pipeline })).Expect(201);
        (await Client.PostAsync("/api/v1/landing-zones", new { @namespace = name, name = "z" })).Expect(201);

        Assert.Contains("2 pipelines, 1 landing zone", (await Client.DeleteAsync($"{Path}/{name}")).ExpectError(409, "CONFLICT"),
            StringComparison.Ordinal);
        (await Client.DeleteAsync($"/api/v1/pipelines/{name}/bronze/a")).Expect(204);
        Assert.Contains("1 pipeline", (await Client.DeleteAsync($"{Path}/{name}")).ExpectError(409, "CONFLICT"), StringComparison.Ordinal);
        (await Client.DeleteAsync($"/api/v1/pipelines/{name}/bronze/b")).Expect(204);
        (await Client.DeleteAsync($"/api/v1/landing-zones/{name}/z")).Expect(204);
        // What is left are two soft-deleted pipelines: they don't count and go with it.
        (await Client.DeleteAsync($"{Path}/{name}")).Expect(204);
        Assert.Null(await FindAsync(name));
    }

    [Theory]
    [InlineData("", 50)]
    [InlineData("limit=2", 2)]
    [InlineData("limit=0", 50)]
    [InlineData("limit=-1", 50)]
    [InlineData("limit=many", 50)]
    [InlineData("limit=201", 200)]
    [InlineData("limit=99999999999", 50)]
    [InlineData("limit=2&offset=-3", 2)]
    [InlineData("limit=2&offset=x", 2)]
    public async Task Paging_corrects_what_is_wrong(string query, int expected)
    {
        await EnsureAsync(201);
        var page = (await Client.GetAsync($"{Path}?{query}")).Expect(200);
        Assert.Equal(expected, page["namespaces"]!.AsArray().Count);
        Assert.Equal("default", (string)page["namespaces"]![0]!["name"]!);
        Assert.True((int)page["total"]! >= 201);
    }

    [Fact]
    public async Task Pages_follow_each_other_oldest_first()
    {
        await EnsureAsync(201);
        var whole = (await Client.GetAsync($"{Path}?limit=200")).Expect(200)["namespaces"]!.AsArray().Select(item => (string)item!["name"]!).ToList();
        var parts = new List<string>();
        for (var offset = 0; offset < 200; offset += 50)
            parts.AddRange((await Client.GetAsync($"{Path}?offset={offset}")).Expect(200)["namespaces"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Equal(whole, parts);
        Assert.Empty((await Client.GetAsync($"{Path}?offset=100000")).Expect(200)["namespaces"]!.AsArray());
    }

    private async Task EnsureAsync(int count)
    {
        while ((int)(await Client.GetAsync(Path))["total"]! < count)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.NewNamespaceAsync()));
    }

    private async Task<System.Text.Json.Nodes.JsonNode?> FindAsync(string name)
    {
        for (var offset = 0; ; offset += 200)
        {
            var page = (await Client.GetAsync($"{Path}?limit=200&offset={offset}")).Expect(200)["namespaces"]!.AsArray();
            if (page.Count == 0)
                return null;
            if (page.FirstOrDefault(item => (string)item!["name"]! == name) is { } found)
                return found;
        }
    }
}
