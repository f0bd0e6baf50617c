using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Holds the server's own document against the contract: parameters, statuses, content types, shapes. It knows nothing of how that
/// was made.</summary>
internal sealed class ContractComparison(JsonObject contract, JsonObject ours)
{
    private readonly List<string> _differences = [];

    public IReadOnlyList<string> Differences => _differences;

    /// <summary>Compares one operation; both documents have it.</summary>
    public void Compare(string path, string method)
    {
        var (item, expected) = ((JsonObject)contract["paths"]![path]!, (JsonObject)contract["paths"]![path]![method]!);
        var actual = (JsonObject)ours["paths"]![path]![method]!;
        var place = $"{method.ToUpperInvariant()} {path}";
        if (!JsonNode.DeepEquals(expected["operationId"], actual["operationId"]))
            Differ(place, $"operationId {actual["operationId"]}");
        if (((expected["security"] as JsonArray)?.Count == 0) != ((actual["security"] as JsonArray)?.Count == 0))
            Differ(place, "security");
        Parameters(place, Parameters(contract, item, expected), Parameters(ours, (JsonObject)ours["paths"]![path]!, actual));
        Body(place, expected["requestBody"] as JsonObject, actual["requestBody"] as JsonObject);
        Responses(place, (JsonObject)expected["responses"]!, (JsonObject)actual["responses"]!);
    }

    private static Dictionary<string, JsonObject> Parameters(JsonObject document, JsonObject item, JsonObject operation) =>
        (item["parameters"] as JsonArray ?? []).Concat(operation["parameters"] as JsonArray ?? [])
        .Select(parameter => Resolve(document, (JsonObject)parameter!)).ToDictionary(parameter => $"{parameter["in"]} {parameter["name"]}");

    private void Parameters(string place, Dictionary<string, JsonObject> expected, Dictionary<string, JsonObject> actual)
    {
        Same(place, "parameters", expected.Keys, actual.Keys);
        foreach (var (name, parameter) in expected.Where(entry => actual.ContainsKey(entry.Key)))
        {
            string[] flags = ["required", "x-multi-segment"];
            if (flags.Any(flag => (bool?)parameter[flag] != (bool?)actual[name][flag]))
                Differ($"{place} {name}", "required or x-multi-segment");
            Shape($"{place} {name}", (JsonObject)parameter["schema"]!, (JsonObject)actual[name]["schema"]!, isBody: true);
        }
    }

    private void Body(string place, JsonObject? expected, JsonObject? actual)
    {
        if (expected is null || actual is null)
        {
            if (expected is not null || actual is not null)
                Differ(place, "one has a body");
            return;
        }

        if (((bool?)expected["required"] ?? false) != ((bool?)actual["required"] ?? false))
            Differ(place, "body required");
        Content($"{place} body", expected, actual, isBody: true);
    }

    private void Responses(string place, JsonObject expected, JsonObject actual)
    {
        Same(place, "statuses", expected.Select(entry => entry.Key), actual.Where(entry => !IsExtension(entry.Value)).Select(entry => entry.Key));
        foreach (var (status, response) in expected.Where(entry => actual.ContainsKey(entry.Key)))
            Content($"{place} {status}", Resolve(contract, (JsonObject)response!), Resolve(ours, (JsonObject)actual[status]!), isBody: false);
    }

    private void Content(string place, JsonObject expected, JsonObject actual, bool isBody)
    {
        var (wanted, given) = (expected["content"] as JsonObject ?? [], actual["content"] as JsonObject ?? []);
        Same(place, "content types", wanted.Select(entry => entry.Key), given.Select(entry => entry.Key));
        foreach (var (type, media) in wanted.Where(entry => given.ContainsKey(entry.Key)))
            Shape($"{place} {type}", (JsonObject)media!["schema"]!, (JsonObject)given[type]!["schema"]!, isBody);
    }

    private void Shape(string place, JsonObject expectedSchema, JsonObject actualSchema, bool isBody)
    {
        var (expected, actual) = (Plain(contract, expectedSchema), Plain(ours, actualSchema));
        Same(place, "types", Types(expected), Types(actual));
        if (expected["format"] is { } format && !JsonNode.DeepEquals(format, actual["format"]))
            Differ(place, $"format {format} is {actual["format"]}");
        if (expected["enum"] is JsonArray values)
            Same(place, "values", values.Select(value => (string)value!), (actual["enum"] as JsonArray ?? []).Select(value => (string)value!));

        var (fields, ourFields) = (expected["properties"] as JsonObject ?? [], actual["properties"] as JsonObject ?? []);
        var ownFields = ourFields.Where(field => !IsExtension(field.Value)).Select(field => field.Key).ToList();
        var (required, ourRequired) = (Texts(expected["required"]), Texts(actual["required"]));
        if (isBody)
        {
            Same(place, "fields", fields.Select(field => field.Key), ownFields);
            Same(place, "required fields", required, ourRequired);
        }
        else
        {
            // An answer may leave out what the contract doesn't promise, and promise more.
            Within(place, "fields", ownFields, fields.Select(field => field.Key));
            Within(place, "required fields", required, ourRequired);
        }

        foreach (var (field, schema) in fields.Where(field => ourFields.ContainsKey(field.Key)))
            Shape($"{place}.{field}", (JsonObject)schema!, (JsonObject)ourFields[field]!, isBody);
        Part(place, "items", expected, actual, isBody);
        Part(place, "additionalProperties", expected, actual, isBody);
    }

    private void Part(string place, string keyword, JsonObject expected, JsonObject actual, bool isBody)
    {
        if (expected[keyword] is JsonObject part && actual[keyword] is JsonObject ourPart)
            Shape($"{place}.{keyword}", part, ourPart, isBody);
        else if (expected[keyword] is not null || actual[keyword] is not null)
            Differ(place, $"{keyword}: {expected[keyword]?.ToJsonString()} is {actual[keyword]?.ToJsonString()}");
    }

    /// <summary>The schema with references, <c>allOf</c> of one and <c>oneOf</c> with null taken apart.</summary>
    private static JsonObject Plain(JsonObject document, JsonObject schema)
    {
        var plain = (JsonObject)Resolve(document, schema).DeepClone();
        if (plain["allOf"] is JsonArray { Count: 1 } all)
            return Plain(document, (JsonObject)all[0]!);
        if (plain["allOf"] is JsonArray several)
            return Merged(document, several);
        if (plain["anyOf"] is JsonArray alternatives)
        {
            var any = Merged(document, alternatives);
            any["required"] = new JsonArray();
            return any;
        }

        if (plain["oneOf"] is not JsonArray { Count: 2 } either)
            return plain;
        var parts = either.Select(part => Plain(document, (JsonObject)part!)).ToList();
        var known = parts.Single(part => (string?)(part["type"] as JsonValue) != "null");
        known["type"] = new JsonArray([.. Types(known), "null"]);
        return known;
    }

    private static JsonObject Merged(JsonObject document, JsonArray parts)
    {
        var (fields, required) = (new JsonObject(), new JsonArray());
        foreach (var part in parts.Select(part => Plain(document, (JsonObject)part!)))
        {
            foreach (var (name, schema) in part["properties"] as JsonObject ?? [])
                fields[name] = schema!.DeepClone();
            foreach (var name in Texts(part["required"]))
                required.Add((JsonNode)name);
        }

        return new JsonObject { ["type"] = "object", ["properties"] = fields, ["required"] = required };
    }

    private static JsonObject Resolve(JsonObject document, JsonObject node)
    {
        while ((string?)node["$ref"] is { } reference)
        {
            JsonNode found = document;
            foreach (var step in reference.Split('/').Skip(1))
                found = found[step]!;
            node = (JsonObject)found;
        }

        return node;
    }

    private static List<string> Types(JsonObject schema) =>
        schema["type"] is JsonArray list ? Texts(list) : schema["type"] is { } one ? [(string)one!] : [];

    private static List<string> Texts(JsonNode? list) => [.. (list as JsonArray ?? []).Select(item => (string)item!)];

    private static bool IsExtension(JsonNode? node) => (bool?)node?["x-rat-extension"] == true;

    private void Same(string place, string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (wanted, given) = (expected.ToHashSet(), actual.ToHashSet());
        if (!wanted.SetEquals(given))
            Differ(place, $"{what}: missing [{string.Join(", ", wanted.Except(given))}], more [{string.Join(", ", given.Except(wanted))}]");
    }

    private void Within(string place, string what, IEnumerable<string> inner, IEnumerable<string> outer)
    {
        var missing = inner.Except(outer).ToList();
        if (missing.Count > 0)
            Differ(place, $"{what} that only one has: {string.Join(", ", missing)}");
    }

    private void Differ(string place, string what) => _differences.Add($"{place}: {what}");
}
