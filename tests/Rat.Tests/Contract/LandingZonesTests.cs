using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Landing zones themselves and the lifecycle of what is archived in them (behaviour §7).</summary>
public class LandingZonesTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/landing-zones";

    private ContractClient Client => server.Client;

    [Fact]
    public async Task A_zone_lives_from_creation_to_deletion()
    {
        var ns = await server.NewNamespaceAsync();
        var created = (await Client.PostAsync(Path, new { @namespace = ns, name = "z", description = "d" })).Expect(201);
        Assert.Equal("""["d",null,"",null,false,0,0]""", Fields(created.Json));
        Assert.Equal(created.Text, (await Client.GetAsync($"{Path}/{ns}/z")).Expect(200).Text);

        (await Client.DeleteAsync($"{Path}/{ns}/z")).Expect(204);
        Assert.Equal("landing zone not found", (await Client.GetAsync($"{Path}/{ns}/z")).ExpectError(404, "NOT_FOUND"));
        Assert.Equal("landing zone not found", (await Client.DeleteAsync($"{Path}/{ns}/z")).ExpectError(404, "NOT_FOUND"));
        var again = (await Client.PostAsync(Path, new { @namespace = ns, name = "z" })).Expect(201);
        Assert.NotEqual(created.TextOf("id"), again.TextOf("id"));
    }

    [Theory]
    [InlineData("{}", 400, "namespace is required")]
    [InlineData("""{"namespace": "default"}""", 400, "name is required")]
    [InlineData("""{"namespace": "default", "name": ""}""", 400, "name is required")]
    [InlineData("""{"namespace": "DEFAULT", "name": "z"}""", 400, "namespace must start")]
    [InlineData("""{"namespace": "default", "name": "z/y"}""", 400, "name must start")]
    [InlineData("""{"namespace": "default", "name": "_samples"}""", 400, "name must start")]
    [InlineData("""{"namespace": "default", "name": 1}""", 400, "invalid request body")]
    [InlineData("""{"namespace": "nobody", "name": "z"}""", 404, "namespace nobody not found")]
    [InlineData("[]", 400, "invalid request body")]
    [InlineData("", 400, "invalid request body")]
    public async Task What_is_no_zone_is_refused(string json, int status, string message)
    {
        Assert.StartsWith(message, (await Client.PostAsync(Path, json)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT"),
            StringComparison.Ordinal);
        Assert.Empty((await Client.GetAsync($"{Path}?namespace=default")).Expect(200)["zones"]!.AsArray());
    }

    [Fact]
    public async Task A_name_is_taken_once_and_lengths_end()
    {
        var ns = await server.NewNamespaceAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Client.PostAsync(Path, new { @namespace = ns, name = "z" })));
        Assert.Single(answers, answer => answer.Status == 201);
        Assert.All(answers.Where(answer => answer.Status != 201), answer => answer.ExpectError(409, "ALREADY_EXISTS"));
        (await Client.PostAsync(Path, new { @namespace = ns, name = new string('z', 128), description = new string('ü', 2500) })).Expect(201);
        (await Client.PostAsync(Path, new { @namespace = ns, name = new string('z', 129) })).ExpectError(400);
        (await Client.PostAsync(Path, new { @namespace = ns, name = "y", description = new string('ü', 2501) })).ExpectError(400);
        (await Client.PostAsync(Path, $$"""{"namespace": "{{ns}}", "name": "y", "description": "{{new string('x', 1 << 20)}}"}""")).ExpectError(413);
        Assert.Equal(2, (int)(await Client.GetAsync($"{Path}?namespace={ns}"))["total"]!);
    }

    [Fact]
    public async Task A_change_touches_only_what_is_given()
    {
        var ns = await server.NewNamespaceAsync();
        var path = $"{Path}/{ns}/z";
        var created = (await Client.PostAsync(Path, new { @namespace = ns, name = "z", description = "d" })).Expect(201);
        var changed = (await Client.PutAsync(path, new { owner = "ann", expected_schema = "id:int" })).Expect(200);
        Assert.Equal("""["d","ann","id:int",null,false,0,0]""", Fields(changed.Json));
        Assert.True(changed["updated_at"]!.GetValue<DateTimeOffset>() > created["updated_at"]!.GetValue<DateTimeOffset>());
        Assert.Equal("""["e","ann","id:int",null,false,0,0]""", Fields((await Client.PutAsync(path, new { description = "e" })).Expect(200).Json));
        Assert.Equal("""["","ann","",null,false,0,0]""", Fields((await Client.PutAsync(path, new { description = "", expected_schema = "" })).Expect(200).Json));
        Assert.Null((await Client.PutAsync(path, """{"owner": null}""")).Expect(200)["owner"]);
        (await Client.PutAsync(path, new { owner = "bob" })).Expect(200);
        Assert.Null((await Client.PutAsync(path, new { owner = "" })).Expect(200)["owner"]);
        foreach (var wrong in (string[])["""{"owner": 1}""", """{"description": 1}""", """{"expected_schema": {}}""", "[]", "", $$"""{"description": "{{new string('x', 5001)}}"}"""])
            (await Client.PutAsync(path, wrong)).ExpectError(400);
        Assert.Equal("""["",null,"",null,false,0,0]""", Fields((await Client.GetAsync(path)).Json));
        (await Client.PutAsync($"{Path}/{ns}/y", new { })).ExpectError(404, "NOT_FOUND");
    }

    [Fact]
    public async Task The_lifecycle_is_kept_and_null_restores_the_default()
    {
        var ns = await server.NewNamespaceAsync();
        (await Client.PostAsync(Path, new { @namespace = ns, name = "z" })).Expect(201);
        var path = $"{Path}/{ns}/z/lifecycle";
        Assert.Equal("""{"processed_max_age_days":null,"auto_purge":false}""", (await Client.GetAsync(path)).Expect(200).Text);
        (await Client.PutAsync(path, new { processed_max_age_days = 7 })).Expect(204);
        (await Client.PutAsync(path, new { auto_purge = true })).Expect(204);
        Assert.Equal("""{"processed_max_age_days":7,"auto_purge":true}""", (await Client.GetAsync(path)).Text);
        Assert.Equal("""["",null,"",7,true,0,0]""", Fields((await Client.GetAsync($"{Path}/{ns}/z")).Json));
        foreach (var wrong in (string[])["""{"processed_max_age_days": 0}""", """{"processed_max_age_days": -1}""", """{"processed_max_age_days": 1.5}""",
            """{"processed_max_age_days": "7"}""", """{"processed_max_age_days": 99999999999}""", """{"auto_purge": "yes"}""", """{"auto_purge": 1}""", "", "[]"])
        {
            (await Client.PutAsync(path, wrong)).ExpectError(400);
        }

        (await Client.PutAsync(path, "{}")).Expect(204);
        Assert.Equal("""{"processed_max_age_days":7,"auto_purge":true}""", (await Client.GetAsync(path)).Text);
        (await Client.PutAsync(path, """{"processed_max_age_days": null}""")).Expect(204);
        Assert.Equal("""{"processed_max_age_days":null,"auto_purge":true}""", (await Client.GetAsync(path)).Text);
        (await Client.GetAsync($"{Path}/{ns}/y/lifecycle")).ExpectError(404, "NOT_FOUND");
        (await Client.PutAsync($"{Path}/{ns}/y/lifecycle", new { auto_purge = true })).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("GET", "/Ns/z")]
    [InlineData("PUT", "/ns/Z")]
    [InlineData("DELETE", "/ns/z.z")]
    [InlineData("GET", "/ns/Z/files")]
    [InlineData("POST", "/ns/Z/files")]
    [InlineData("GET", "/Ns/z/files/1")]
    [InlineData("DELETE", "/ns/Z/files/1")]
    [InlineData("GET", "/ns/Z/samples")]
    [InlineData("POST", "/ns/Z/samples")]
    [InlineData("DELETE", "/Ns/z/samples/x")]
    [InlineData("GET", "/ns/Z/lifecycle")]
    [InlineData("PUT", "/ns/Z/lifecycle")]
    public async Task A_malformed_name_in_the_path_is_a_400(string method,
        string path) => (await Client.SendAsync(method, Path + path)).ExpectError(400);

    [Fact]
    public async Task Zones_are_listed_newest_first_in_pages()
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var name in new[] { "a", "b", "c" })
            (await Client.PostAsync(Path, new { @namespace = ns, name })).Expect(201);
        Assert.Equal("c b a", await NamesAsync($"namespace={ns}"));
        Assert.Equal("b", await NamesAsync($"namespace={ns}&limit=1&offset=1"));
        Assert.Equal("", await NamesAsync($"namespace={ns}&offset=3"));
        Assert.Equal("c b a", await NamesAsync($"namespace={ns}&limit=x&offset=x"));
        Assert.StartsWith("c b a", await NamesAsync("namespace="), StringComparison.Ordinal);
        Assert.Equal("", (await Client.GetAsync($"{Path}?namespace=nobody")).Expect(200)["zones"]!.AsArray().ToString().Trim('[', ']'));
    }

    [Fact]
    public async Task A_deleted_zone_takes_everything_below_it_and_nothing_beside_it()
    {
        var ns = await server.NewNamespaceAsync();
        foreach (var name in new[] { "z", "zz", "z-z" })
        {
            (await Client.PostAsync(Path, new { @namespace = ns, name })).Expect(201);
            (await Client.UploadAsync($"{Path}/{ns}/{name}/files", "a.csv", "1")).Expect(201);
            (await Client.UploadAsync($"{Path}/{ns}/{name}/samples", "s.csv", "1")).Expect(201);
            (await Client.PutAsync($"/api/v1/files/{ns}/landing/{name}/_processed/r/p.csv", new { content = "1" })).Expect(200);
        }

        (await Client.DeleteAsync($"{Path}/{ns}/z")).Expect(204);
        Assert.Empty((await Client.GetAsync($"/api/v1/files?prefix={ns}/landing/z/")).Expect(200)["files"]!.AsArray());
        Assert.Empty(server.Process.Files.Objects($"{ns}/landing/z/"));
        Assert.Equal(6, server.Process.Files.Objects($"{ns}/landing/").Count);
        Assert.Equal(3, (await Client.GetAsync($"/api/v1/files?prefix={ns}/landing/zz/")).Expect(200)["files"]!.AsArray().Count);

        // A new zone of the name begins empty.
        (await Client.PostAsync(Path, new { @namespace = ns, name = "z" })).Expect(201);
        Assert.Equal(0, (int)(await Client.GetAsync($"{Path}/{ns}/z/files"))["total"]!);
        Assert.Equal(0, (int)(await Client.GetAsync($"{Path}/{ns}/z/samples"))["total"]!);
    }

    [Fact]
    public async Task Uploads_that_race_the_deletion_of_their_zone_leave_nothing()
    {
        var ns = await server.NewNamespaceAsync();
        for (var round = 0; round < 8; round++)
        {
            (await Client.PostAsync(Path, new { @namespace = ns, name = "z" })).Expect(201);
            var uploads = Enumerable.Range(0,
                8).Select(i => Client.UploadAsync($"{Path}/{ns}/z/{(i % 2 == 0 ? "files" : "samples")}", "a.csv", new byte[10_000])).ToList();
            (await Client.DeleteAsync($"{Path}/{ns}/z")).Expect(204);
            Assert.All(await Task.WhenAll(uploads), answer => Assert.True(answer.Status is 201 or 404, answer.Text));
            Assert.Empty((await Client.GetAsync($"/api/v1/files?prefix={ns}/")).Expect(200)["files"]!.AsArray());
            Assert.Empty(server.Process.Files.Objects($"{ns}/"));
        }
    }

    private async Task<string> NamesAsync(string query) =>
        string.Join(' ', (await Client.GetAsync($"{Path}?{query}")).Expect(200)["zones"]!.AsArray().Select(zone => (string)zone!["name"]!));

    private static string Fields(JsonNode zone) => new JsonArray([.. new[] { "description", "owner", "expected_schema", "processed_max_age_days",
        "auto_purge", "file_count", "total_bytes" }
        .Select(name => zone[name]?.DeepClone())]).ToJsonString();
}
