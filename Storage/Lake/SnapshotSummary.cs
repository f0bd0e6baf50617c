using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Rat.Storage.Lake;

/// <summary>The summary of a snapshot (Iceberg specification, "Snapshots" for <c>operation</c>, Appendix F for the rest).</summary>
internal static class SnapshotSummary
{
    public static string ToJson(FileChange files, SnapshotContent content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, SchemaJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("operation", content.Operation ?? Operation(files));
            if (content.RunId is { } run)
                json.WriteString("rat.run-id", run);
            foreach (var (key, value) in content.Notes)
                json.WriteString(key, value);
            WriteAdded(json, files);
            WriteRemoved(json, files);
            WriteTotals(json, files.All);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Operation(FileChange files) => (Adds: files.Added.Count > 0, Removes: files.Removed.Count + files.AddedDeletes.Count > 0) switch
    {
        (_, false) => "append",
        (false, true) => "delete",
        _ => "overwrite",
    };

    private static void WriteAdded(Utf8JsonWriter json, FileChange files)
    {
        Write(json, "added-data-files", files.Added.Count);
        Write(json, "added-records", files.Added.Sum(file => file.RowCount));
        Write(json, "added-files-size", files.Added.Sum(file => file.SizeBytes) + files.AddedDeletes.Sum(deletes => deletes.File.SizeBytes));
        if (files.AddedDeletes.Count == 0)
            return;
        Write(json, "added-delete-files", files.AddedDeletes.Count);
        Write(json, "added-position-delete-files", files.AddedDeletes.Count);
        Write(json, "added-position-deletes", files.AddedDeletes.Sum(deletes => deletes.File.RowCount));
    }

    private static void WriteRemoved(Utf8JsonWriter json, FileChange files)
    {
        if (files.Removed.Count > 0)
        {
            Write(json, "deleted-data-files", files.Removed.Count);
            Write(json, "deleted-records", files.Removed.Sum(file => file.RowCount));
        }

        if (files.RemovedDeletes.Count > 0)
        {
            Write(json, "removed-delete-files", files.RemovedDeletes.Count);
            Write(json, "removed-position-delete-files", files.RemovedDeletes.Count);
            Write(json, "removed-position-deletes", files.RemovedDeletes.Sum(deletes => deletes.File.RowCount));
        }

        if (files.Removed.Count + files.RemovedDeletes.Count > 0)
            Write(json, "removed-files-size", files.Removed.Sum(file => file.SizeBytes) + files.RemovedDeletes.Sum(deletes => deletes.File.SizeBytes));
    }

    private static void WriteTotals(Utf8JsonWriter json, IReadOnlyList<DataFile> all)
    {
        var deletes = all.Select(file => file.Deletes).OfType<DeleteFile>().ToList();
        Write(json, "total-data-files", all.Count);
        Write(json, "total-delete-files", deletes.Count);
        Write(json, "total-records", all.Sum(file => file.RowCount));
        Write(json, "total-files-size", all.Sum(file => file.SizeBytes) + deletes.Sum(file => file.SizeBytes));
        Write(json, "total-position-deletes", deletes.Sum(file => file.RowCount));
        Write(json, "total-equality-deletes", 0);
    }

    private static void Write(Utf8JsonWriter json, string key, long number) =>
        json.WriteString(key, number.ToString(CultureInfo.InvariantCulture));
}
