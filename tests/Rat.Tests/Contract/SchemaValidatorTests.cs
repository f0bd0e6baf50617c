using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>The validator rejects: a check that lets everything through would prove nothing.</summary>
public class SchemaValidatorTests
{
    private const string Schemas = """
        {"S": {
          "Name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4},
          "Id": {"type": "string", "format": "uuid"},
          "Time": {"type": "string", "format": "date-time"},
          "Thing": {
            "type": "object",
            "properties": {
              "name": {"$ref": "#/S/Name"},
              "kind": {"type": "string", "enum": ["a", "b"]},
              "count": {"type": "integer", "minimum": 0, "maximum": 9},
              "owner": {"type": ["string", "null"]},
              "at": {"oneOf": [{"$ref": "#/S/Time"}, {"type": "null"}]},
              "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1}
            },
            "required": ["name"]
          },
          "Map": {"type": "object", "additionalProperties": {"type": "integer"}},
          "Both": {"allOf": [{"$ref": "#/S/Thing"}, {"type": "object", "properties": {"more": {"const": 1}}, "required": ["more"]}]},
          "Unknown": {"type": "string", "multipleOf": 2}
        }}
        """;

    [Theory]
    [InlineData("Thing", """{"name": "abc"}""")]
    [InlineData("Thing", """{"name": "ab", "kind": "b", "count": 9, "owner": null, "at": "2026-01-02T03:04:05.123456Z", "tags": ["x"], "extra": 1}""")]
    [InlineData("Thing", """{"name": "ab", "at": null, "owner": ""}""")]
    [InlineData("Map", """{"anything": 1}""")]
    [InlineData("Both", """{"name": "ab", "more": 1}""")]
    [InlineData("Id", "\"0d3cbf3e-5d6e-4d9c-8b57-0a4d3c0cf6a1\"")]
    public void Takes(string schema, string json) => Assert.Empty(Validate(schema, json));

    [Theory]
    [InlineData("Thing", "[]", "$: [] is not object")]
    [InlineData("Thing", "null", "$: null is not object")]
    [InlineData("Thing", "{}", "$: name missing")]
    [InlineData("Thing", """{"name": null}""", "$.name: null is not string")]
    [InlineData("Thing", """{"name": "a"}""", "minLength")]
    [InlineData("Thing", """{"name": "abcde"}""", "maxLength")]
    [InlineData("Thing", """{"name": "AB"}""", "pattern")]
    [InlineData("Thing", """{"name": "ab", "kind": "c"}""", "is not one of")]
    [InlineData("Thing", """{"name": "ab", "count": -1}""", "minimum")]
    [InlineData("Thing", """{"name": "ab", "count": 10}""", "maximum")]
    [InlineData("Thing", """{"name": "ab", "count": 1.0}""", "is not integer")]
    [InlineData("Thing", """{"name": "ab", "count": "1"}""", "is not integer")]
    [InlineData("Thing", """{"name": "ab", "owner": 1}""", "is not string or null")]
    [InlineData("Thing", """{"name": "ab", "at": "2026-01-02"}""", "0 alternatives fit")]
    [InlineData("Thing", """{"name": "ab", "tags": null}""", "is not array")]
    [InlineData("Thing", """{"name": "ab", "tags": []}""", "fewer than 1 items")]
    [InlineData("Thing", """{"name": "ab", "tags": ["x", 1]}""", "$.tags[1]: 1 is not string")]
    [InlineData("Thing", """{"name": "ab", "nmae": 1}""", "no field Thing.nmae")]
    [InlineData("Map", """{"a": "1"}""", "$.a: \"1\" is not integer")]
    [InlineData("Both", """{"name": "ab", "more": 2}""", "$.more: 2 is not 1")]
    [InlineData("Both", """{"more": 1}""", "name missing")]
    [InlineData("Both", """{"name": "ab", "more": 1, "other": 1}""", "no field Both.other")]
    [InlineData("Id", "\"0D3CBF3E-5D6E-4D9C-8B57-0A4D3C0CF6A1\"", "format")]
    [InlineData("Id", "\"0d3cbf3e5d6e4d9c8b570a4d3c0cf6a1\"", "format")]
    [InlineData("Time", "\"2026-01-02T03:04:05+00:00\"", "format")]
    [InlineData("Time", "\"2026-01-02T03:04:05.1234567Z\"", "format")]
    [InlineData("Time", "\"2026-02-30T03:04:05Z\"", "format")]
    public void Rejects(string schema, string json, string error) =>
        Assert.Contains(error, Assert.Single(Validate(schema, json)), StringComparison.Ordinal);

    [Fact]
    public void An_unknown_keyword_is_never_passed_over() =>
        Assert.Throws<InvalidDataException>(() => Validate("Unknown", "\"x\""));

    [Fact]
    public void The_contract_uses_only_keywords_that_are_known()
    {
        var root = YamlToJson.Load(Path.Combine(Repository.Root, "tests", "contract", "openapi.yaml"));
        var schemas = root["components"]!["schemas"]!.AsObject().SelectMany(schema => Subschemas(schema.Value!.AsObject())).ToList();
        Assert.True(schemas.Count > 400);
        // Every keyword of a schema is applied to any value.
        Assert.All(schemas, schema => ContractDocument.Instance.Schemas.Validate(JsonValue.Create(1.5), schema));
    }

    [Theory]
    [InlineData("GET", "/api/v1/files/ns/a/b.sql", "readFile")]
    [InlineData("POST", "/api/v1/files/upload", "uploadFile")]
    [InlineData("GET", "/api/v1/files/upload", "readFile")]
    [InlineData("GET", "/api/v1/files", "listFiles")]
    [InlineData("HEAD", "/api/v1/runs/1", "getRun")]
    [InlineData("GET", "/api/v1/nope", null)]
    [InlineData("PATCH", "/api/v1/runs", null)]
    public void An_operation_is_found_by_its_path(string method, string path, string? id) =>
        Assert.Equal(id, ContractDocument.Instance.Find(method, path)?.Id);

    private static IEnumerable<JsonObject> Subschemas(JsonObject schema)
    {
        var inner = (schema["properties"] as JsonObject ?? []).Select(field => field.Value)
            .Concat(new[] { "oneOf", "anyOf", "allOf" }.SelectMany(keyword => schema[keyword] as JsonArray ?? []))
            .Concat([schema["items"], schema["additionalProperties"]]);
        return inner.OfType<JsonObject>().SelectMany(Subschemas).Prepend(schema);
    }

    private static IReadOnlyList<string> Validate(string schema, string json)
    {
        var document = (JsonObject)JsonNode.Parse(Schemas)!;
        return new SchemaValidator(document, new HashSet<string> { "Thing.extra" })
            .Validate(JsonNode.Parse(json), (JsonObject)JsonNode.Parse($$"""{"$ref": "#/S/{{schema}}"}""")!);
    }
}
