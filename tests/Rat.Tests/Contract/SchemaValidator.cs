using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Rat.Tests.Contract;

/// <summary>
/// Checks JSON against the schemas of an OpenAPI 3.1 document (JSON Schema 2020-12, the keywords that the contract uses). Stricter than the
/// specification in two ways: a field that an object's schema doesn't name is an error unless <paramref name="extensions"/> lists it, and a
/// keyword that this class doesn't know throws, so that nothing is passed over in silence.
/// </summary>
/// <param name="document">Root of the document, for <c>$ref</c>.</param>
/// <param name="extensions"><c>Schema.field</c> for fields that answers may have beyond the contract.</param>
internal sealed partial class SchemaValidator(JsonObject document, IReadOnlySet<string> extensions)
{
    private static readonly HashSet<string> SaysNothing = ["description", "default", "example", "examples", "title", "contentMediaType"];

    /// <summary>What is wrong, each with its place such as <c>$.pipelines[0].name</c>; empty when nothing is.</summary>
    public IReadOnlyList<string> Validate(JsonNode? value, JsonNode schema)
    {
        var errors = new List<string>();
        Check(value, (JsonObject)schema, "$", "", isWhole: true, errors);
        return errors;
    }

    /// <summary>The schema itself, or what its <c>$ref</c> names.</summary>
    public JsonObject Resolve(JsonObject node) =>
        node["$ref"] is { } reference ? Resolve(Find(reference.GetValue<string>())) : node;

    private JsonObject Find(string reference)
    {
        JsonNode? found = document;
        foreach (var step in reference.Split('/').Skip(1))
            found = found?[step];
        return found as JsonObject ?? throw new InvalidDataException($"{reference} names nothing");
    }

    /// <param name="name">The component that the schema came from, for extensions; empty for an inline one.</param>
    /// <param name="isWhole">False for a part of <c>allOf</c> and the like, which need not name all fields.</param>
    private void Check(JsonNode? value, JsonObject schema, string place, string name, bool isWhole, List<string> errors)
    {
        if (schema["$ref"] is { } reference)
        {
            var target = reference.GetValue<string>();
            Check(value, Find(target), place, target[(target.LastIndexOf('/') + 1)..], isWhole, errors);
            return;
        }

        foreach (var (keyword, argument) in schema)
        {
            if (!SaysNothing.Contains(keyword) && !keyword.StartsWith("x-", StringComparison.Ordinal)
                && Apply(keyword, argument!, value, schema, place, name, errors) is { } error)
            {
                errors.Add($"{place}: {error}");
            }
        }

        if (isWhole && value is JsonObject fields && NamedFields(schema) is { } named)
        {
            errors.AddRange(from field in fields
                            where !named.Contains(field.Key) && !extensions.Contains($"{name}.{field.Key}")
                            select $"{place}: the contract has no field {name}.{field.Key}");
        }
    }

    private string? Apply(
        string keyword, JsonNode argument, JsonNode? value, JsonObject schema, string place, string name, List<string> errors)
    {
        switch (keyword)
        {
            case "type":
                var types = argument is JsonArray list ? list.Select(type => type!.GetValue<string>()).ToList() : [argument.GetValue<string>()];
                return types.Any(type => IsOfType(value, type)) ? null : $"{Show(value)} is not {string.Join(" or ", types)}";
            case "enum":
                return ((JsonArray)argument).Any(allowed => JsonNode.DeepEquals(allowed,
                    value)) ? null : $"{Show(value)} is not one of {argument.ToJsonString()}";
            case "const":
                return JsonNode.DeepEquals(argument, value) ? null : $"{Show(value)} is not {argument.ToJsonString()}";
            case "properties":
                foreach (var (field, fieldSchema) in (JsonObject)argument)
                {
                    if (value is JsonObject owner && owner.TryGetPropertyValue(field, out var inner))
                        Check(inner, (JsonObject)fieldSchema!, $"{place}.{field}", $"{name}.{field}", isWhole: true, errors);
                }

                return null;
            case "required":
                var missing = value is JsonObject present ? ((JsonArray)argument).Where(field => !present.ContainsKey(field!.GetValue<string>())).ToList() : [];
                return missing.Count == 0 ? null : $"{string.Join(", ", missing)} missing";
            case "additionalProperties":
                var declared = schema["properties"] as JsonObject ?? [];
                foreach (var (field, inner) in value as JsonObject ?? [])
                {
                    if (!declared.ContainsKey(field))
                        Check(inner, (JsonObject)argument, $"{place}.{field}", "", isWhole: true, errors);
                }

                return null;
            case "items":
                var items = value as JsonArray ?? [];
                for (var i = 0; i < items.Count; i++)
                    Check(items[i], (JsonObject)argument, $"{place}[{i}]", name, isWhole: true, errors);
                return null;
            case "minItems":
                return value is not JsonArray array || array.Count >= argument.GetValue<long>() ? null : $"fewer than {argument} items";
            case "allOf":
                foreach (var part in (JsonArray)argument)
                    Check(value, (JsonObject)part!, place, name, isWhole: false, errors);
                return null;
            case "oneOf":
            case "anyOf":
                return CheckAlternatives(value, (JsonArray)argument, keyword == "oneOf", place, name);
            default:
                return CheckScalar(keyword, argument, value);
        }
    }

    private string? CheckAlternatives(JsonNode? value, JsonArray alternatives, bool exactlyOne, string place, string name)
    {
        var outcomes = new List<List<string>>();
        foreach (var alternative in alternatives)
        {
            var errors = new List<string>();
            Check(value, (JsonObject)alternative!, place, name, isWhole: true, errors);
            outcomes.Add(errors);
        }

        var fitting = outcomes.Count(errors => errors.Count == 0);
        return fitting == 1 || (fitting > 1 && !exactlyOne)
            ? null
            : $"{fitting} alternatives fit {Show(value)}: {string.Join(" | ", outcomes.Select(errors => string.Join("; ", errors)))}";
    }

    private static string? CheckScalar(string keyword, JsonNode argument, JsonNode? value)
    {
        var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        var number = value?.GetValueKind() == JsonValueKind.Number ? double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) : (double?)null;
        var holds = keyword switch
        {
            "minLength" => text is null || text.EnumerateRunes().Count() >= argument.GetValue<long>(),
            "maxLength" => text is null || text.EnumerateRunes().Count() <= argument.GetValue<long>(),
            "pattern" => text is null || Regex.IsMatch(text, argument.GetValue<string>()),
            "minimum" => number is null || number >= argument.GetValue<long>(),
            "maximum" => number is null || number <= argument.GetValue<long>(),
            "format" => text is null || HasFormat(text, argument.GetValue<string>()),
            _ => throw new InvalidDataException($"the validator doesn't know the keyword {keyword}"),
        };
        return holds ? null : $"{Show(value)} against {keyword} {argument}";
    }

    private static bool IsOfType(JsonNode? value, string type) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("null", JsonValueKind.Null) or ("string", JsonValueKind.String) or ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array)
            or ("boolean", JsonValueKind.True or JsonValueKind.False) or ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => value!.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0,
        _ => false,
    };

    private static bool HasFormat(string text, string format) => format switch
    {
        // The contract's own rule (schema Timestamp): UTC with the suffix Z, at most microseconds.
        "date-time" => UtcTime.IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "uuid" => Guid.TryParseExact(text, "D", out var id) && text == id.ToString(),
        _ => throw new InvalidDataException($"the validator doesn't know the format {format}"),
    };

    // Null when any field may be there.
    private HashSet<string>? NamedFields(JsonObject schema)
    {
        var whole = Resolve(schema);
        if (whole.ContainsKey("additionalProperties") || whole.ContainsKey("oneOf") || whole.ContainsKey("anyOf"))
            return null;
        var named = whole["properties"] is JsonObject fields ? fields.Select(field => field.Key).ToHashSet() : null;
        foreach (var part in whole["allOf"] as JsonArray ?? [])
        {
            if (NamedFields((JsonObject)part!) is { } more)
                (named ??= []).UnionWith(more);
        }

        return named;
    }

    private static string Show(JsonNode? value)
    {
        var text = new StringBuilder(value?.ToJsonString() ?? "null");
        return text.Length > 100 ? text.ToString(0, 100) + "…" : text.ToString();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$")]
    private static partial Regex UtcTime { get; }
}
