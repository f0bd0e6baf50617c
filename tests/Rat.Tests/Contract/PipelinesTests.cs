using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace Rat.Tests.Contract;

/// <summary>Pipelines: list, create with a scaffold, look at, change, delete (behaviour §3).</summary>
public class PipelinesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/pipelines";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_pipeline_lives_from_creation_to_deletion()
    {
        var ns = await server.NewNamespaceAsync();
        var created = (await Client.PostAsync(Path, new { @namespace = ns, layer = "silver", name = "orders", description = "d" })).Expect(201);
        Assert.Equal($"{ns}/pipelines/silver/orders/", (string)created["s3_path"]!);
        Assert.Equal(["pipeline.sql", "config.yaml"], created["files_created"]!.AsArray().Select(file => (string)file!));

        var pipeline = (await Client.GetAsync($"{Path}/{ns}/silver/orders")).Expect(200);
        Assert.Equal("""["sql","d",null,null,{},false,50,null,null]""", Fields(pipeline.Json,
            "type", "description", "owner", "published_at", "published_versions", "draft_dirty", "max_versions", "retention_config", "last_run"));

        (await Client.DeleteAsync($"{Path}/{ns}/silver/orders")).Expect(204);
        Assert.Equal("pipeline not found", (await Client.GetAsync($"{Path}/{ns}/silver/orders")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("pipeline not found", (await Client.DeleteAsync($"{Path}/{ns}/silver/orders")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("pipeline not found", (await Client.PutAsync($"{Path}/{ns}/silver/orders", new { })).ExpectError(404, "NOT_FOUND"));
        Assert.Empty(await ListAsync($"namespace={ns}"));
        Assert.Empty(await FilesAsync(ns));

        // The name is free at once, for a pipeline of its own.
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "silver", name = "orders" })).Expect(201);
        Assert.NotEqual((string)pipeline["id"]!, (string)(await Client.GetAsync($"{Path}/{ns}/silver/orders"))["id"]!);
        Assert.Equal(2, (await FilesAsync(ns)).Count);
    }

    [Theory]
    [InlineData("{}", 400, "namespace is required")]
    [InlineData("""{"namespace": "default", "name": "x"}""", 400, "layer is required")]
    [InlineData("""{"namespace": "default", "layer": "gold"}""", 400, "name is required")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": ""}""", 400, "name is required")]
    [InlineData("""{"namespace": "Default", "layer": "gold", "name": "x"}""", 400, "namespace must start")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "../x"}""", 400, "name must start")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x y"}""", 400, "name must start")]
    [InlineData("""{"namespace": "default", "layer": "Gold", "name": "x"}""", 400, "layer must be bronze, silver or gold")]
    [InlineData("""{"namespace": "default", "layer": "platinum", "name": "X"}""", 400, "name must start")]
    [InlineData("""{"namespace": "default", "layer": "platinum", "name": "x", "type": "r"}""", 400, "layer must be")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x", "type": "r"}""", 400, "type must be sql or python")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x", "type": "SQL"}""", 400, "type must be")]
    [InlineData("""{"namespace": "nobody", "layer": "gold", "name": "x", "type": "r"}""", 400, "type must be")]
    [InlineData("""{"namespace": "nobody", "layer": "gold", "name": "x"}""", 404, "namespace nobody not found")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": 7}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x", "source": {}}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x", "unique_key": ["a"]}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "default", "layer": "gold", "name": "x", "description": "\ud800"}""", 400, "invalid request body")]
    [InlineData("null", 400, "invalid request body")]
    [InlineData("", 400, "invalid request body")]
    public async Task What_is_no_pipeline_is_refused_and_leaves_nothing(string json, int status, string message)
    {
        Assert.StartsWith(message, (await Client.PostAsync(Path, json)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT"),
            StringComparison.Ordinal);
        Assert.Empty(await ListAsync("namespace=default&layer=gold"));
        Assert.Empty((await Client.GetAsync("/api/v1/files?prefix=default/pipelines/gold/")).Expect(200)["files"]!.AsArray());
    }

    [Fact]
    public async Task Lengths_end_where_the_contract_says()
    {
        var ns = await server.NewNamespaceAsync();
        var longest = new string('p', 128);
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = longest, description = new string('ü', 2500) })).Expect(201);
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = longest + "p" })).ExpectError(400);
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = "q", description = new string('ü', 2501) })).ExpectError(400);
        (await Client.PutAsync($"{Path}/{ns}/gold/{longest}", new { description = new string('x', 5001) })).ExpectError(400);
        (await Client.PostAsync(Path, $$"""{"namespace": "{{ns}}", "layer": "gold", "name": "q", "description": "{{new string('x', 1 << 20)}}"}""")).ExpectError(413);
        Assert.Single(await ListAsync($"namespace={ns}"));
    }

    [Fact]
    public async Task A_name_is_taken_once_per_layer()
    {
        var ns = await server.NewNamespaceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0,
            8).Select(_ => Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = "x" })));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer =>
            Assert.Equal("a pipeline with this namespace, layer, and name already exists", answer.ExpectError(409, "ALREADY_EXISTS")));
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "silver", name = "x" })).Expect(201);
        Assert.Equal(2, (await ListAsync($"namespace={ns}")).Count);
    }

    [Theory]
    [InlineData("GET", "/Ns/gold/x")]
    [InlineData("GET", "/ns/GOLD/x")]
    [InlineData("GET", "/ns/gold/x.y")]
    [InlineData("PUT", "/ns/iron/x")]
    [InlineData("DELETE", "/ns/gold/%C3%BC")]
    [InlineData("DELETE", "/ns/gold/a%2Fb")]
    public async Task A_malformed_name_in_the_path_is_a_400(string method, string path) =>
        (await Client.SendAsync(method, Path + path)).ExpectError(400);

    [Fact]
    public async Task A_change_touches_only_what_is_given()
    {
        var ns = await server.NewNamespaceAsync();
        var path = $"{Path}/{ns}/bronze/p";
        (await Client.PostAsync(Path, new { @namespace = ns, layer = "bronze", name = "p", description = "before" })).Expect(201);
        var before = (await Client.GetAsync(path)).Json;
        var files = await FilesAsync(ns);

        var owned = (await Client.PutAsync(path, new { owner = "ann", TYPE = "python" })).Expect(200).Json;
        Assert.Equal("""["python","before","ann"]""", Fields(owned, "type", "description", "owner"));
        Assert.True(owned["updated_at"]!.GetValue<DateTimeOffset>() > before["updated_at"]!.GetValue<DateTimeOffset>());
        Assert.Equal((string)before["created_at"]!, (string)owned["created_at"]!);
        Assert.Equal(files, await FilesAsync(ns)); // a new type neither renames nor creates files

        Assert.Equal("""["python","after","ann"]""", Fields((await Client.PutAsync(path, new { description = "after" })).Json, "type", "description", "owner"));
        Assert.Equal("""["python","","ann"]""", Fields((await Client.PutAsync(path, new { description = "" })).Json, "type", "description", "owner"));
        Assert.Null((await Client.PutAsync(path, """{"owner": null}""")).Expect(200)["owner"]);
        (await Client.PutAsync(path, new { owner = "bob" })).Expect(200);
        Assert.Null((await Client.PutAsync(path, new { owner = "" })).Expect(200)["owner"]);
        Assert.Equal((await Client.GetAsync(path)).Text, (await Client.GetAsync(path)).Text);
        foreach (var wrong in (string[])["""{"type": "r"}""", """{"owner": 1}""", """{"owner": {}}""", """{"description": []}""", "[]", ""])
            (await Client.PutAsync(path, wrong)).ExpectError(400);
        Assert.Equal("""["python","",null]""", Fields((await Client.GetAsync(path)).Json, "type", "description", "owner"));
    }

    [Theory]
    [InlineData("bronze", null, "FROM source_table")]
    [InlineData("silver", null, "ref('bronze.TODO_source')")]
    [InlineData("gold", "", "ref('silver.TODO_source')")]
    [InlineData("bronze", "uploads", "read_csv_auto('{{ landing_zone(\"uploads\") }}')")]
    [InlineData("silver", "orders", "{{ ref('bronze.orders') }}")]
    [InlineData("gold", "orders", "{{ ref('silver.orders') }}")]
    [InlineData("bronze", "silver.orders", "{{ ref('silver.orders') }}")]
    [InlineData("gold", "shop.bronze.orders", "{{ ref('shop.bronze.orders') }}")]
    [InlineData("silver", "x') }}; DROP TABLE y --", "ref('bronze.TODO_source')")]
    [InlineData("bronze", "a\nb", "FROM source_table")]
    [InlineData("gold", "a.b.c.d", "ref('silver.TODO_source')")]
    public async Task The_scaffold_of_sql_is_one_select_over_the_source(string layer, string? source, string expected)
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync(Path, new { @namespace = ns, layer, name = "p", source })).Expect(201);
        var lines = (await ReadAsync($"{ns}/pipelines/{layer}/p/pipeline.sql")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var comments = lines.TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToList();
        Assert.Contains(comments, line => line.Contains($"{ns}.{layer}.p", StringComparison.Ordinal));
        Assert.DoesNotContain(comments, line => line.Contains('@', StringComparison.Ordinal)); // annotations would win over config.yaml
        var statement = string.Join('\n', lines.Skip(comments.Count));
        Assert.StartsWith("SELECT", statement, StringComparison.Ordinal);
        Assert.Contains(expected, statement, StringComparison.Ordinal);
        Assert.DoesNotContain("DROP", statement, StringComparison.Ordinal);
        Assert.DoesNotContain(";", statement, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scaffold_of_python_assigns_result()
    {
        var ns = await server.NewNamespaceAsync();
        var created = (await Client.PostAsync(Path,
            new { @namespace = ns, layer = "silver", name = "p", type = "python", source = "orders" })).Expect(201);
        Assert.Equal(["pipeline.py", "config.yaml"], created["files_created"]!.AsArray().Select(file => (string)file!));
        var source = await ReadAsync($"{ns}/pipelines/silver/p/pipeline.py");
        Assert.Contains("result = ", source, StringComparison.Ordinal);
        Assert.Contains("ref('bronze.orders')", source, StringComparison.Ordinal);
        Assert.DoesNotContain((await FilesAsync(ns)).Keys, key => key.EndsWith("pipeline.sql", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "full_refresh", "")]
    [InlineData("", "full_refresh", "")]
    [InlineData(" , ", "full_refresh", "")]
    [InlineData("id", "incremental", "id")]
    [InlineData(" id , \"day\" ,", "incremental", "id|\"day\"")]
    public async Task The_scaffold_of_the_config_says_how_to_merge(string? uniqueKey, string strategy, string keys)
    {
        const string Description = "quotes \" and ' and \\, # no comment: {a}\nsecond line \t é ⛴ 🚀 \u0085\u2028\u0007\u007f";
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync(Path, new
        {
            @namespace = ns,
            layer = "gold",
            name = "p",
            unique_key = uniqueKey,
            description = Description
        })).Expect(201);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await ReadAsync($"{ns}/pipelines/gold/p/config.yaml")));
        var config = (YamlMappingNode)yaml.Documents[0].RootNode;
        Assert.Equal(Description, (string?)config["description"]);
        Assert.Equal("table", (string?)config["materialized"]);
        Assert.Equal(strategy, (string?)config["merge_strategy"]);
        var listed = config.Children.TryGetValue("unique_key", out var list) ? ((YamlSequenceNode)list).Select(key => (string?)key) : [];
        Assert.Equal(keys, string.Join('|', listed));
    }

    [Fact]
    public async Task Files_that_are_there_stay_as_they_are()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PutAsync($"/api/v1/files/{ns}/pipelines/gold/p/pipeline.sql", new { content = "SELECT 1" })).Expect(200);
        var created = (await Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = "p" })).Expect(201);
        Assert.Equal(["config.yaml"], created["files_created"]!.AsArray().Select(file => (string)file!));
        Assert.Equal("SELECT 1", await ReadAsync($"{ns}/pipelines/gold/p/pipeline.sql"));
    }

    [Fact]
    public async Task The_draft_is_dirty_after_any_write_below_it()
    {
        foreach (var (change, isDirty) in ((Func<string, string, Task>, bool)[])[
            ((_, folder) => Client.PutAsync($"/api/v1/files/{folder}/pipeline.sql", new { content = "SELECT 1" }), true),
            ((_, folder) => Client.PutAsync($"/api/v1/files/{folder}/tests/quality/t.sql", new { content = "SELECT 1" }), true),
            ((_, folder) => Client.DeleteAsync($"/api/v1/files/{folder}/config.yaml"), true),
            ((_, folder) => Client.DeleteAsync($"/api/v1/files/{folder}/never-there.sql"), false),
            ((_, folder) => Client.UploadAsync("/api/v1/files/upload", "x.sql", "SELECT 1"u8.ToArray(), null, ("path", $"{folder}/x.sql")), true),
            ((ns, _) => Client.PutAsync($"/api/v1/files/{ns}/pipelines/gold/other.sql", new { content = "" }), false),
            ((ns, _) => Client.PutAsync($"/api/v1/files/{ns}/pipelines/gold/pp/x.sql", new { content = "" }), false),
            ((ns, _) => Client.GetAsync($"/api/v1/pipelines/{ns}/gold/p"), false)])
        {
            var ns = await server.NewNamespaceAsync();
            (await Client.PostAsync(Path, new { @namespace = ns, layer = "gold", name = "p" })).Expect(201);
            await change(ns, $"{ns}/pipelines/gold/p");
            Assert.Equal(isDirty, (bool)(await Client.GetAsync($"{Path}/{ns}/gold/p")).Expect(200)["draft_dirty"]!);
        }
    }

    [Fact]
    public async Task Filters_are_exact_and_searches_look_inside_the_name()
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var (layer, name) in new[] { ("bronze", "a_b"), ("bronze", "axb"), ("silver", "orders"), ("gold", "daily-orders") })
            (await Client.PostAsync(Path, new { @namespace = ns, layer, name })).Expect(201);

        Assert.Equal("a_b axb", Names(await ListAsync($"namespace={ns}&layer=bronze&sort=name&order=asc")));
        Assert.Equal("daily-orders orders", Names(await ListAsync($"namespace={ns}&search=ORDERS&sort=name&order=asc")));
        Assert.Equal("a_b", Names(await ListAsync($"namespace={ns}&search=a_b"))); // _ is a letter here, no wildcard
        Assert.Equal("", Names(await ListAsync($"namespace={ns}&search=%25")));
        Assert.Equal("", Names(await ListAsync($"namespace={ns}&layer=platinum")));
        Assert.Equal("", Names(await ListAsync($"namespace={ns.ToUpperInvariant()}")));
        Assert.Equal("orders", Names(await ListAsync($"namespace={ns}&layer=silver&search=")));
        Assert.Equal(4, (await ListAsync($"namespace={ns}&layer=")).Count);
    }

    [Theory]
    [InlineData("", "c b a")]
    [InlineData("sort=created_at&order=asc", "a b c")]
    [InlineData("sort=name", "c b a")]
    [InlineData("sort=-name", "c b a")]
    [InlineData("sort=name&order=asc", "a b c")]
    [InlineData("sort=name&order=ASC", "c b a")]
    [InlineData("sort=layer&order=asc", "c a b")]
    [InlineData("sort=type&order=desc", "a c b|c a b")]
    [InlineData("sort=updated_at&order=asc", "b c a")]
    [InlineData("sort=nonsense&order=asc", "c b a")]
    [InlineData("sort=name;drop&order=asc", "c b a")]
    [InlineData("order=asc", "a b c")]
    [InlineData("limit=1&sort=name&order=asc", "a")]
    [InlineData("limit=1&offset=1&sort=name&order=asc", "b")]
    [InlineData("limit=0&offset=-1&sort=name&order=asc", "a b c")]
    [InlineData("offset=3", "")]
    public async Task Sorting_and_paging(string query, string expected)
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var (layer, name, type) in new[] { ("gold", "a", "sql"), ("silver", "b", "python"), ("bronze", "c", "sql") })
            (await Client.PostAsync(Path, new { @namespace = ns, layer, name, type })).Expect(201);
        (await Client.PutAsync($"{Path}/{ns}/gold/a", new { description = "x" })).Expect(200);

        var answer = (await Client.GetAsync($"{Path}?namespace={ns}&{query}")).Expect(200);
        Assert.Contains(Names(answer["pipelines"]!.AsArray()),
            query.Contains("sort=type", StringComparison.Ordinal) ? expected.Split('|') : [expected]);
        Assert.Equal(3, (int)answer["total"]!);
    }

    private async Task<JsonArray> ListAsync(string query)
    {
        var answer = (await Client.GetAsync($"{Path}?{query}")).Expect(200);
        Assert.Equal(answer["pipelines"]!.AsArray().Count, (int)answer["total"]!);
        return answer["pipelines"]!.AsArray();
    }

    private async Task<string> ReadAsync(string path) => (string)(await Client.GetAsync($"/api/v1/files/{path}")).Expect(200)["content"]!;

    /// <summary>Version ids by path of all files of a namespace.</summary>
    private async Task<Dictionary<string, string>> FilesAsync(string ns) =>
        (await Client.GetAsync($"/api/v1/files?prefix={ns}/")).Expect(200)["files"]!.AsArray().ToDictionary(file => (string)file!["path"]!,
            file => (string)file!["version_id"]!);

    private static string Names(JsonArray pipelines) => string.Join(' ', pipelines.Select(pipeline => (string)pipeline!["name"]!));

    private static string Fields(JsonNode node,
        params string[] names) => new JsonArray([.. names.Select(name => node[name]?.DeepClone())]).ToJsonString();
}
