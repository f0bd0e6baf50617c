using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>Partition specs as JSON (Iceberg specification, Appendix C, "Partition Specs").</summary>
internal static class SpecJson
{
    /// <summary>The whole spec, as table metadata and the catalog hold it.</summary>
    public static string ToText(PartitionSpec spec) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteNumber("spec-id", spec.Id);
        json.WritePropertyName("fields");
        WriteFields(json, spec);
        json.WriteEndObject();
    });

    /// <summary>The fields alone, as the header of a manifest holds them.</summary>
    public static string FieldsToText(PartitionSpec spec) => Write(json => WriteFields(json, spec));

    public static PartitionSpec Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new PartitionSpec(
            document.RootElement.GetProperty("spec-id").GetInt32(),
            [.. document.RootElement.GetProperty("fields").EnumerateArray().Select(field => new SpecField(
                field.GetProperty("field-id").GetInt32(),
                field.GetProperty("source-id").GetInt32(),
                field.GetProperty("name").GetString()!,
                PartitionSpecs.Parse(field.GetProperty("transform").GetString()!)))]);
    }

    private static void WriteFields(Utf8JsonWriter json, PartitionSpec spec)
    {
        json.WriteStartArray();
        foreach (var field in spec.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("transform", PartitionSpecs.ToText(field.Transform));
            json.WriteNumber("source-id", field.SourceId);
            json.WriteNumber("field-id", field.FieldId);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, SchemaJson.Options))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
