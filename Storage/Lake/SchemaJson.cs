using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>Schemas as JSON (Iceberg specification, Appendix C, "Schemas").</summary>
internal static class SchemaJson
{
    /// <summary>How every JSON of the lake is written.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For the Parquet key <c>iceberg.schema</c> of every data file, for manifests and for the catalog.</summary>
    public static string ToText(LakeSchema schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type", "struct");
            json.WriteNumber("schema-id", schema.Id);
            WriteFields(json, schema.Fields);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static LakeSchema Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new LakeSchema(document.RootElement.GetProperty("schema-id").GetInt32(), ReadFields(document.RootElement));
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<LakeField> fields)
    {
        json.WriteStartArray("fields");
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteNumber("id", field.Id);
            json.WriteString("name", field.Name);
            json.WriteBoolean("required", false);
            json.WritePropertyName("type");
            WriteType(json, field.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteType(Utf8JsonWriter json, LakeType type)
    {
        switch (type)
        {
            case StructType structure:
                json.WriteStartObject();
                json.WriteString("type", "struct");
                WriteFields(json, structure.Fields);
                json.WriteEndObject();
                break;
            case ListType list:
                json.WriteStartObject();
                json.WriteString("type", "list");
                json.WriteNumber("element-id", list.ElementId);
                json.WriteBoolean("element-required", false);
                json.WritePropertyName("element");
                WriteType(json, list.Element);
                json.WriteEndObject();
                break;
            case MapType map:
                json.WriteStartObject();
                json.WriteString("type", "map");
                json.WriteNumber("key-id", map.KeyId);
                json.WritePropertyName("key");
                WriteType(json, map.Key);
                json.WriteNumber("value-id", map.ValueId);
                json.WriteBoolean("value-required", false);
                json.WritePropertyName("value");
                WriteType(json, map.Value);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(LakeTypeText.ToIceberg(type));
                break;
        }
    }

    private static List<LakeField> ReadFields(JsonElement structure) =>
    [
        .. from field in structure.GetProperty("fields").EnumerateArray()
           select new LakeField(field.GetProperty("id").GetInt32(), field.GetProperty("name").GetString()!, ReadType(field.GetProperty("type"))),
    ];

    private static LakeType ReadType(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
            return ReadPrimitive(type.GetString()!);
        return type.GetProperty("type").GetString() switch
        {
            "struct" => new StructType(ReadFields(type)),
            "list" => new ListType(type.GetProperty("element-id").GetInt32(), ReadType(type.GetProperty("element"))),
            _ => new MapType(
                type.GetProperty("key-id").GetInt32(),
                ReadType(type.GetProperty("key")),
                type.GetProperty("value-id").GetInt32(),
                ReadType(type.GetProperty("value"))),
        };
    }

    private static LakeType ReadPrimitive(string text)
    {
        if (!text.StartsWith("decimal(", StringComparison.Ordinal))
            return new PrimitiveType(text);
        var parts = text["decimal(".Length..^1].Split(',');
        return new DecimalType(int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
