using System.Text.Encodings.Web;
using System.Text.Json;
using Rat.Engine.Duck;

namespace Rat.Engine.Queries;

/// <summary>Writes the rows of a running statement into memory as JSON, up to the caps of DECISIONS 16.</summary>
internal static class RowCollector
{
    public const int MostRows = 100_000;

    private const long MostBytes = 64L * 1024 * 1024;

    // How much JSON the writer may hold back before the size is looked at.
    private const int FlushEvery = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Reads at most <paramref name="limit"/> rows.</summary>
    public static (SegmentedBuffer Rows, long Count, bool Truncated) Collect(DuckResult result, int limit)
    {
        var buffer = new SegmentedBuffer();
        try
        {
            using var json = new Utf8JsonWriter(buffer, Options);
            json.WriteStartArray();
            var (count, truncated) = Write(result, json, buffer, limit);
            json.WriteEndArray();
            return (buffer, count, truncated);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static (long Count, bool Truncated) Write(DuckResult result, Utf8JsonWriter json, SegmentedBuffer buffer, int limit)
    {
        var rows = new RowJsonWriter(result.Columns);
        var most = Math.Min(limit, MostRows);
        var count = 0L;
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                if (count == most)
                    return (count, count < limit);
                // One row past the cap shows that there was more; it is the one that isn't written.
                if (buffer.Length + json.BytesPending > MostBytes)
                    return (count, true);
                rows.WriteRow(json, chunk, row);
                count++;
                if (json.BytesPending > FlushEvery)
                    json.Flush();
            }
        }

        return (count, false);
    }
}
