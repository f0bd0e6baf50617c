using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Rat.Endpoints.OpenApi;

/// <summary>
/// Schemas of what the serializer reads and writes, from its own metadata; a type with fields becomes a component, named like the type without
/// <c>Model</c> or <c>Document</c>, a body <c>…Request</c>.
/// </summary>
internal sealed class SchemaWriter
{
    private readonly Dictionary<Type, string> _names = [];

    /// <summary>The components so far, by name.</summary>
    public SortedDictionary<string, JsonObject> Components { get; } = new(StringComparer.Ordinal);

    /// <summary>The schema of an answer: every field is there unless it is left out when it is null.</summary>
    public JsonObject Answer(JsonTypeInfo type) => Of(type.Type, type.Options, required: null);

    /// <summary>The schema of a body: null counts as absent.</summary>
    /// <param name="required">Its fields that must be there.</param>
    public JsonObject Body(JsonTypeInfo type, IReadOnlyList<string> required) => Of(type.Type, type.Options, required);

    public static JsonObject Plain(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
            schema["format"] = format;
        return schema;
    }

    private JsonObject Of(Type type, JsonSerializerOptions options, IReadOnlyList<string>? required)
    {
        if (type == typeof(string))
            return Plain("string");
        if (type == typeof(bool))
            return Plain("boolean");
        if (type == typeof(Guid))
            return Plain("string", "uuid");
        if (type == typeof(int) || type == typeof(long))
            return Plain("integer");
        if (type == typeof(double))
            return Plain("number");
        if (type == typeof(JsonElement) || type == typeof(JsonNode))
            return [];

        var info = options.GetTypeInfo(type);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new JsonObject { ["type"] = "array", ["items"] = Of(Bare(info.ElementType!), options, required) },
            JsonTypeInfoKind.Dictionary => new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = Of(Bare(info.ElementType!), options, required),
            },
            JsonTypeInfoKind.Object => Reference(info, required),
            _ => throw new InvalidOperationException($"{type} has no schema"),
        };
    }

    private JsonObject Reference(JsonTypeInfo info, IReadOnlyList<string>? required)
    {
        var name = _names.GetValueOrDefault(info.Type);
        if (name is null)
        {
            name = _names[info.Type] = FreeName(info.Type);
            // Named before its fields are looked at: a type may hold itself.
            var schema = Components[name] = Plain("object");
            var (fields, present) = (new JsonObject(), new JsonArray());
            // What is never read nor written is in the list, too.
            foreach (var property in info.Properties.Where(property => property.Get is not null || property.Set is not null))
            {
                fields[property.Name] = Field(name, property, info.Options, isBody: required is not null);
                if (required?.Contains(property.Name) ?? property.ShouldSerialize is null)
                    present.Add((JsonNode)property.Name);
            }

            schema["properties"] = fields;
            if (present.Count > 0)
                schema["required"] = present;
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Field(string owner, JsonPropertyInfo property, JsonSerializerOptions options, bool isBody)
    {
        if (Facets.Of(owner, property.Name) is { } known)
            return known;
        var type = Bare(property.PropertyType);
        var isNullable = !isBody && property.ShouldSerialize is null
            && (type != property.PropertyType || (!type.IsValueType && property.IsGetNullable));
        // The only converter on numbers is the one of times.
        var schema = type == typeof(long) && property.CustomConverter is not null
            ? Plain("string", "date-time")
            : Of(type, options, isBody ? [] : null);
        Facets.Add(owner, property.Name, schema);
        return isNullable ? Nullable(schema) : schema;
    }

    /// <summary>The same, or null.</summary>
    public static JsonObject Nullable(JsonObject schema)
    {
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
            return schema;
        }

        return schema.Count == 0 ? schema : new JsonObject { ["oneOf"] = new JsonArray(schema, Plain("null")) };
    }

    /// <summary>Two groups may have a type of one name.</summary>
    private string FreeName(Type type) =>
        NameOf(type) is var name && Components.ContainsKey(name) ? type.Namespace![(type.Namespace!.LastIndexOf('.') + 1)..] + name : name;

    private static Type Bare(Type type) => System.Nullable.GetUnderlyingType(type) ?? type;

    private static string NameOf(Type type)
    {
        var name = type.Name;
        return name.EndsWith("Body", StringComparison.Ordinal) ? name[..^4] + "Request"
            : name.EndsWith("Model", StringComparison.Ordinal) ? name[..^5]
            : name.EndsWith("Document", StringComparison.Ordinal) ? name[..^8] + "Response"
            : name;
    }
}
