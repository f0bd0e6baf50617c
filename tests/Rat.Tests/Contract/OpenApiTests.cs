using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>The document that the server makes of its own routes.</summary>
public class OpenApiTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Path = "/api/v1/openapi.json";

    [Fact]
    public async Task What_is_built_of_the_contract_is_in_it_as_the_contract_has_it()
    {
        var contract = YamlToJson.Load(System.IO.Path.Combine(Repository.Root, "tests", "contract", "openapi.yaml"));
        var ours = await ReadAsync();
        var comparison = new ContractComparison(contract, ours);
        var compared = 0;
        foreach (var operation in ContractDocument.Instance.Operations)
        {
            var method = operation.Method.ToLowerInvariant();
            if (ours["paths"]![operation.Template]?[method] is null)
                continue;
            comparison.Compare(operation.Template, method);
            compared++;
        }

        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences));
        Assert.True(compared > 50, $"only {compared} operations");
    }

    [Fact]
    public async Task Every_route_is_described_and_every_reference_leads_somewhere()
    {
        var ours = await ReadAsync();
        Assert.Empty(Operations(ours).Where(entry => entry.Operation["x-rat-undescribed"] is not null).Select(entry => entry.Name));
        Assert.All(References(ours), reference => Assert.NotNull(ours["components"]!["schemas"]![reference.Split('/')[^1]]));
        var ids = Operations(ours).Select(entry => (string)entry.Operation["operationId"]!).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task What_rat_adds_is_marked_and_listed()
    {
        var ours = await ReadAsync();
        var listed = await File.ReadAllTextAsync(System.IO.Path.Combine(Repository.Root, "docs", "api-extensions.md"));
        var added = Operations(ours).Where(entry => (bool?)entry.Operation["x-rat-extension"] == true).Select(entry => entry.Name)
            .Concat(from component in ours["components"]!["schemas"]!.AsObject()
                    from field in component.Value!["properties"]?.AsObject() ?? []
                    where (bool?)field.Value!["x-rat-extension"] == true
                    select $"{component.Key}.{field.Key}").ToList();
        Assert.Contains($"GET {Path}", added);
        Assert.All(added, name => Assert.Contains($"`{name}`", listed, StringComparison.Ordinal));

        // And nothing else is beyond the contract.
        var known = ContractDocument.Instance.Operations.Select(operation => $"{operation.Method} {operation.Template}").ToHashSet();
        Assert.Empty(Operations(ours).Select(entry => entry.Name).Except(known).Except(added));
    }

    private async Task<JsonObject> ReadAsync() => (await server.Client.WithoutValidation.GetAsync(Path)).Expect(200).Json.AsObject();

    private static IEnumerable<(string Name, JsonObject Operation)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from method in path.Value!.AsObject()
        select ($"{method.Key.ToUpperInvariant()} {path.Key}", (JsonObject)method.Value!);

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(field => field.Key == "$ref" ? [(string)field.Value!] : References(field.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
