using System.Buffers;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>Snapshots as JSON (Iceberg specification, Appendix C, "Table Metadata and Snapshots").</summary>
internal static class SnapshotJson
{
    private const int MicrosecondsPerMillisecond = 1000;

    public static PastSnapshot ToPast(LakeSnapshot snapshot, LakePaths paths)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, SchemaJson.Options))
            Write(json, snapshot, paths);
        return new PastSnapshot(
            snapshot.SequenceNumber, snapshot.Id, snapshot.SchemaId, snapshot.CommittedAt, snapshot.ManifestList, buffer.WrittenSpan.ToArray());
    }

    /// <summary>Times in metadata are milliseconds.</summary>
    public static long Milliseconds(long microseconds) => microseconds / MicrosecondsPerMillisecond;

    private static void Write(Utf8JsonWriter json, LakeSnapshot snapshot, LakePaths paths)
    {
        json.WriteStartObject();
        json.WriteNumber("sequence-number", snapshot.SequenceNumber);
        json.WriteNumber("snapshot-id", snapshot.Id);
        if (snapshot.ParentId is { } parent)
            json.WriteNumber("parent-snapshot-id", parent);
        json.WriteNumber("timestamp-ms", Milliseconds(snapshot.CommittedAt));
        json.WriteString("manifest-list", paths.Uri(snapshot.ManifestList));
        json.WritePropertyName("summary");
        json.WriteRawValue(snapshot.Summary, skipInputValidation: true);
        json.WriteNumber("schema-id", snapshot.SchemaId);
        json.WriteEndObject();
    }
}
