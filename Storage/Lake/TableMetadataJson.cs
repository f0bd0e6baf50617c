using System.Buffers;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>Table metadata of format version 2 (Iceberg specification, "Table Metadata" and Appendix C, "Table Metadata and Snapshots").</summary>
internal static class TableMetadataJson
{
    // So that the buffer need not grow, as a rule.
    private const int RoomBeside = 32 * 1024;
    private const int RoomForLogEntry = 80;

    /// <param name="state">The table as of the new snapshot.</param>
    /// <param name="history">With the new snapshot, its schema and this metadata file, each the last of its kind.</param>
    public static ReadOnlyMemory<byte> Build(LakePaths paths, TableState state, TableHistory history)
    {
        var buffer = new ArrayBufferWriter<byte>(RoomBeside + history.Snapshots.Sum(snapshot => snapshot.Json.Length + RoomForLogEntry));
        using (var json = new Utf8JsonWriter(buffer, SchemaJson.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("format-version", 2);
            json.WriteString("table-uuid", state.TableId);
            json.WriteString("location", paths.Uri(state.Location));
            json.WriteNumber("last-sequence-number", state.SequenceNumber);
            json.WriteNumber("last-updated-ms", SnapshotJson.Milliseconds(state.CommittedAt));
            json.WriteNumber("last-column-id", state.LastColumnId);
            WriteSchemas(json, state, history);
            WriteSpecs(json, state);
            WriteLayout(json);
            json.WriteNumber("current-snapshot-id", state.SnapshotId);
            WriteRefs(json, state.SnapshotId);
            WriteSnapshots(json, history.Snapshots);
            WriteLogs(json, paths, history);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteSchemas(Utf8JsonWriter json, TableState state, TableHistory history)
    {
        json.WriteNumber("current-schema-id", state.Schema.Id);
        json.WriteStartArray("schemas");
        foreach (var (_, schema) in history.Schemas)
            json.WriteRawValue(schema, skipInputValidation: true);
        json.WriteEndArray();
    }

    private static void WriteSpecs(Utf8JsonWriter json, TableState state)
    {
        json.WriteNumber("default-spec-id", state.Spec.Id);
        json.WriteStartArray("partition-specs");
        foreach (var spec in state.Specs)
            json.WriteRawValue(SpecJson.ToText(spec), skipInputValidation: true);
        json.WriteEndArray();
        json.WriteNumber(
            "last-partition-id", state.Specs.SelectMany(spec => spec.Fields).Select(field => field.FieldId).Append(PartitionSpecs.NoFieldId).Max());
    }

    private static void WriteLayout(Utf8JsonWriter json)
    {
        json.WriteNumber("default-sort-order-id", 0);
        json.WritePropertyName("sort-orders");
        json.WriteRawValue("""[{"order-id":0,"fields":[]}]""", skipInputValidation: true);
        json.WritePropertyName("properties");
        json.WriteRawValue("""{"write.format.default":"parquet","write.parquet.compression-codec":"zstd"}""", skipInputValidation: true);
    }

    private static void WriteRefs(Utf8JsonWriter json, long snapshotId)
    {
        json.WriteStartObject("refs");
        json.WriteStartObject("main");
        json.WriteNumber("snapshot-id", snapshotId);
        json.WriteString("type", "branch");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteSnapshots(Utf8JsonWriter json, IReadOnlyList<PastSnapshot> snapshots)
    {
        json.WriteStartArray("snapshots");
        foreach (var snapshot in snapshots)
            json.WriteRawValue(snapshot.Json.Span, skipInputValidation: true);
        json.WriteEndArray();
    }

    private static void WriteLogs(Utf8JsonWriter json, LakePaths paths, TableHistory history)
    {
        json.WriteStartArray("snapshot-log");
        foreach (var snapshot in history.Snapshots)
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp-ms", SnapshotJson.Milliseconds(snapshot.CommittedAt));
            json.WriteNumber("snapshot-id", snapshot.Id);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("metadata-log");
        foreach (var file in history.MetadataFiles.SkipLast(1))
        {
            json.WriteStartObject();
            json.WriteNumber("timestamp-ms", SnapshotJson.Milliseconds(file.WrittenAt));
            json.WriteString("metadata-file", paths.Uri(file.Path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
