using System.Text;
using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.BadInput;

/// <summary>
/// All cases of an operation, from its description in the contract alone: each parameter, each field and the body as a whole, wrong in each way
/// that there is a list for. Everything else of the request is right and names what is really there.
/// </summary>
internal sealed class CaseGenerator(JsonObject contract, IReadOnlyDictionary<string, string> names)
{
    private const string Json = "application/json";

    public IEnumerable<BadCase> Of(ContractOperation operation)
    {
        var item = (JsonObject)contract["paths"]![operation.Template]!;
        var node = (JsonObject)item[operation.Method.ToLowerInvariant()]!;
        var parameters = (item["parameters"] as JsonArray ?? []).Concat(node["parameters"] as JsonArray ?? [])
            .Select(parameter => Resolve((JsonObject)parameter!)).ToList();
        var body = node["requestBody"] as JsonObject;
        return [.. InPath(operation, body), .. InQuery(operation, parameters, body), .. InBody(operation, body), .. InForm(operation, body)];
    }

    private IEnumerable<BadCase> InPath(ContractOperation operation, JsonObject? body)
    {
        var segments = operation.Template.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            if (!segments[i].StartsWith('{'))
                continue;
            foreach (var value in BadValues.InPath)
            {
                var target = string.Join('/', segments.Select((segment, at) => at == i ? value : Good(segment)));
                // Files may have odd names.
                var verdict = segments[i] is "{path}" or "{filename}" ? Verdict.Answered : Verdict.Refused;
                yield return new BadCase(operation, target, GoodBody(body), ContentType(body), verdict, $"path {segments[i]} = {Short(value)}");
            }
        }
    }

    private IEnumerable<BadCase> InQuery(ContractOperation operation, List<JsonObject> parameters, JsonObject? body)
    {
        if (operation.Method != "GET" && parameters.All(parameter => (string?)parameter["in"] != "query"))
            yield break;
        var path = GoodPath(operation);
        BadCase Case(string query, string what) =>
            new(operation, path + query, GoodBody(body), ContentType(body), Verdict.Answered, $"query {what}");
        foreach (var parameter in parameters.Where(parameter => (string?)parameter["in"] == "query"))
        {
            var name = (string)parameter["name"]!;
            // What filters or pages is corrected or matches nothing (behaviour §1).
            foreach (var value in BadValues.Texts)
                yield return Case($"?{name}={Escaped(value)}", $"{name} = {Short(value)}");
            foreach (var raw in (string[])["=", "=%", "=%zz", "=%FF", "=%00", "[]=1", "=1&" + name + "=2", "", ".x=1", "=+", "%00=1"])
                yield return Case($"?{name}{raw}", name + raw);
        }

        foreach (var raw in (string[])["?", "??", "?&&&", "?unknown=1", "?%00", "?" + new string('a', 3000), "?a=b#c", "?=", "?%FF=%FF"])
            yield return Case(raw, Short(raw));
    }

    private IEnumerable<BadCase> InBody(ContractOperation operation, JsonObject? body)
    {
        if (body?["content"]?[Json]?["schema"] is not JsonObject reference)
            yield break;
        var target = GoodPath(operation);
        var isRequired = (bool?)body["required"] == true;
        var schema = Plain(reference);
        var good = (JsonObject)Sample(reference, "")!;
        BadCase Case(string text, Verdict verdict, string what, string? mentions = null) =>
            new(operation, target, Encoding.UTF8.GetBytes(text), Json, verdict, what, mentions);

        var required = (schema["required"] as JsonArray ?? []).Select(field => (string)field!).ToHashSet();
        foreach (var (name, fieldSchema) in schema["properties"] as JsonObject ?? [])
        {
            var field = Plain((JsonObject)fieldSchema!);
            var type = field["type"] is JsonArray types ? (string)types[0]! : (string?)field["type"] ?? "";
            string With(string value) => Replaced(good, name, value);

            // Optional bodies that can't be read are ignored where the contract says so (publish, preview).
            foreach (var value in BadValues.NotOf(type))
                yield return Case(With(value), isRequired ? Verdict.Refused : Verdict.Answered, $"{name} = {value}", isRequired ? name : null);
            if (required.Contains(name))
            {
                yield return Case(Without(good, name), Verdict.Refused, $"{name} missing", name);
                yield return Case(With("null"), Verdict.Refused, $"{name} = null", name);
                if (type == "string" && (string?)fieldSchema!["$ref"] is not null)
                    yield return Case(With("\"\""), Verdict.Refused, $"{name} empty", name);
            }
            else
            {
                yield return Case(With("null"), Verdict.Answered, $"{name} = null");
            }

            if (type == "string")
            {
                var isClosed = field["enum"] is not null || field["pattern"] is not null;
                foreach (var text in BadValues.Texts.Where(text => text.Length > 0 || required.Contains(name)))
                {
                    var verdict = !isClosed || Allows(field, text) ? Verdict.Answered : Verdict.Refused;
                    yield return Case(With(JsonValue.Create(text).ToJsonString()), verdict, $"{name} = {Short(text)}");
                }

                if ((long?)field["maxLength"] is { } longest and < 900_000)
                    yield return Case(With($"\"{new string('x', (int)longest + 1)}\""), Verdict.Refused, $"{name} too long", name);
                yield return Case(With($"\"{new string('x', 300_000)}\""), Verdict.Answered, $"{name} very long");
                foreach (var choice in field["enum"] as JsonArray ?? [])
                {
                    foreach (var wrong in (string[])[((string)choice!).ToUpperInvariant(), $" {choice}", $"{choice} ", $"{choice}\0"])
                        yield return Case(With(JsonValue.Create(wrong).ToJsonString()), Verdict.Refused, $"{name} = {Short(wrong)}");
                }
            }

            yield return Case($"{{{JsonValue.Create(name).ToJsonString()}:1,{good.ToJsonString()[1..]}", Verdict.Answered, $"{name} twice");
            yield return Case(With(new string('[', 500) + new string(']', 500)), Verdict.Answered, $"{name} deep");
        }

        var whole = good.ToJsonString();
        foreach (var (what, bytes) in BadValues.Bodies)
        {
            var verdict = isRequired && required.Count > 0 || what is "over 1 MiB" ? Verdict.Refused : Verdict.Answered;
            yield return new BadCase(operation, target, bytes, Json, verdict, $"body {what}");
        }

        for (var cut = 1; cut < whole.Length; cut += Math.Max(1, whole.Length / 12))
            yield return Case(whole[..cut], isRequired ? Verdict.Refused : Verdict.Answered, $"body cut at {cut}");
        foreach (var type in BadValues.ContentTypes)
        {
            var verdict = required.Count > 0 ? Verdict.Refused : Verdict.Answered;
            yield return new BadCase(operation, target, Encoding.UTF8.GetBytes("{\"unknown\":1}"), type, verdict, $"content type {type}");
        }

        yield return Case(Replaced(good, "unknown", "{\"a\":[1,2,{\"b\":null}]}"), Verdict.Answered, "unknown field");
        yield return Case(whole + "}}}", Verdict.Answered, "rubbish behind");
    }

    private IEnumerable<BadCase> InForm(ContractOperation operation, JsonObject? body)
    {
        if (body?["content"]?["multipart/form-data"] is null)
            return [];
        var parts = body["content"]!["multipart/form-data"]!["schema"]!["required"]!.AsArray().Select(part => (string)part!).ToList();
        return FormCases.Of(operation, GoodPath(operation), parts.Contains("path") ? $"{names["{namespace}"]}/bad/input.txt" : null);
    }

    /// <summary>True when the schema's own keywords don't exclude the text.</summary>
    private static bool Allows(JsonObject field, string text) =>
        (field["enum"] as JsonArray)?.Any(value => (string)value! == text)
        ?? System.Text.RegularExpressions.Regex.IsMatch(text, $"{(string)field["pattern"]!}\\z".Replace("$\\z", "\\z", StringComparison.Ordinal))
        && text.Length <= ((long?)field["maxLength"] ?? int.MaxValue);

    private string GoodPath(ContractOperation operation) => string.Join('/', operation.Template.Split('/').Select(Good));

    private string Good(string segment) => segment.StartsWith('{') ? names.GetValueOrDefault(segment, "x") : segment;

    private byte[]? GoodBody(JsonObject? body) =>
        body?["content"]?[Json]?["schema"] is JsonObject schema ? Encoding.UTF8.GetBytes(Sample(schema, "")!.ToJsonString()) : null;

    private static string? ContentType(JsonObject? body) => body?["content"]?[Json] is null ? null : Json;

    /// <summary>A value that the schema allows and, where the name tells, that names what is there.</summary>
    private JsonNode? Sample(JsonObject reference, string name)
    {
        var schema = Plain(reference);
        if (names.GetValueOrDefault($"{{{name}}}") is { } known)
            return known;
        if (schema["enum"] is JsonArray { Count: > 0 } values)
            return values[0]!.DeepClone();
        return ((schema["type"] as JsonArray)?[0] ?? schema["type"])?.GetValue<string>() switch
        {
            // What may be left out and is no text is left out: a setting of a number would take effect.
            "object" => new JsonObject((schema["properties"] as JsonObject ?? [])
                .Where(field => IsWanted(schema, field.Key, (JsonObject)field.Value!))
                .Select(field => KeyValuePair.Create(field.Key, Sample((JsonObject)field.Value!, field.Key)))),
            "array" => new JsonArray(),
            "integer" => 1,
            "boolean" => false,
            _ => "x",
        };
    }

    private bool IsWanted(JsonObject schema, string field, JsonObject fieldSchema) =>
        (schema["required"] as JsonArray)?.Any(name => (string)name! == field) == true
        || (Plain(fieldSchema)["type"] is JsonValue type && (string)type! == "string");

    private JsonObject Plain(JsonObject schema)
    {
        var plain = Resolve(schema);
        if (plain["allOf"] is JsonArray { Count: 1 } all)
            return Plain((JsonObject)all[0]!);
        return plain["oneOf"] is JsonArray either ? Plain((JsonObject)either[0]!) : plain;
    }

    private JsonObject Resolve(JsonObject node)
    {
        while ((string?)node["$ref"] is { } reference)
        {
            JsonNode found = contract;
            foreach (var step in reference.Split('/').Skip(1))
                found = found[step]!;
            node = (JsonObject)found;
        }

        return node;
    }

    // As text: values that no JSON library would write.
    private static string Replaced(JsonObject good, string name, string value) =>
        $"{{{string.Join(',', good.Where(field => field.Key != name).Select(Pair).Append($"{JsonValue.Create(name).ToJsonString()}:{value}"))}}}";

    private static string Without(JsonObject good, string name) => $"{{{string.Join(',', good.Where(field => field.Key != name).Select(Pair))}}}";

    private static string Pair(KeyValuePair<string, JsonNode?> field) =>
        $"{JsonValue.Create(field.Key).ToJsonString()}:{field.Value?.ToJsonString() ?? "null"}";

    private static string Escaped(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(letter => $"%{letter:X2}"));

    private static string Short(string text) => text.Length <= 40 ? JsonValue.Create(text).ToJsonString() : $"{text[..10]}… ({text.Length})";
}
