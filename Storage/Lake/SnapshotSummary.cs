using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>The summary of a snapshot (Iceberg specification, "Snapshots" for <c>operation</c>, Appendix F for the rest).</summary>
internal static class SnapshotSummary
{
    public static string ToJson(Guid runId, IReadOnlyList<DataFile> added, IReadOnlyList<DataFile> removed, IReadOnlyList<DataFile> all)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, SchemaJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("operation", Operation(added.Count, removed.Count));
            json.WriteString("rat.run-id", runId);
            Counts(json, added, "added-data-files", "added-records", "added-files-size");
            if (removed.Count > 0)
                Counts(json, removed, "deleted-data-files", "deleted-records", "removed-files-size");
            Counts(json, all, "total-data-files", "total-records", "total-files-size");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Operation(int added, int removed) => (added, removed) switch
    {
        (_, 0) => "append",
        (0, _) => "delete",
        _ => "overwrite",
    };

    private static void Counts(Utf8JsonWriter json, IReadOnlyList<DataFile> files, string count, string rows, string size)
    {
        json.WriteString(count, Text(files.Count));
        json.WriteString(rows, Text(files.Sum(file => file.RowCount)));
        json.WriteString(size, Text(files.Sum(file => file.SizeBytes)));
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
