using System.Globalization;
using System.Text.Json;
using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>Reads what <c>COPY … RETURN_STATS</c> tells of the files that it wrote.</summary>
internal static class CopyResult
{
    /// <summary>One row per file: <c>filename, count, file_size_bytes, footer_size_bytes, column_statistics, partition_keys</c>.</summary>
    public static IReadOnlyList<WrittenFile> Read(DuckResult result)
    {
        var rows = new RowJsonWriter(result.Columns);
        var files = new List<WrittenFile>();
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                // Statistics are nested maps; a file is no row of a table, so the way through JSON costs nothing that counts.
                var buffer = new System.Buffers.ArrayBufferWriter<byte>();
                using (var json = new Utf8JsonWriter(buffer))
                    rows.WriteRow(json, chunk, row);
                using var document = JsonDocument.Parse(buffer.WrittenMemory);
                files.Add(FileOf(document.RootElement));
            }
        }

        return files;
    }

    private static WrittenFile FileOf(JsonElement row) => new(
        Path.GetFileName(row.GetProperty("filename").GetString()!),
        Number(row.GetProperty("count")),
        Number(row.GetProperty("file_size_bytes")),
        [.. row.GetProperty("column_statistics").EnumerateObject().Select(leaf => LeafOf(leaf.Name, leaf.Value))]);

    private static LeafStatistics LeafOf(string path, JsonElement values) => new(
        path,
        Number(values, "column_size_bytes"),
        Text(values, "min"),
        Text(values, "max"),
        Number(values, "null_count"),
        Number(values, "num_values"),
        Text(values, "has_nan") switch { "true" => true, "false" => false, _ => null });

    private static string? Text(JsonElement values, string name) => values.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static long Number(JsonElement values, string name) =>
        Text(values, name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;

    private static long Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, CultureInfo.InvariantCulture) : value.GetInt64();
}
