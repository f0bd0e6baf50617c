using System.Buffers;
using System.Text.Json;
using Rat.Engine.Duck;

namespace Rat.Engine.Queries;

/// <summary>Rows that were read.</summary>
/// <param name="Json">One JSON array of objects.</param>
/// <param name="Truncated">A cap of the server cut them, not the limit that was asked for.</param>
internal sealed record CollectedRows(SegmentedBuffer Json, long Count, bool Truncated);

/// <summary>Writes the rows of a running statement into memory as JSON, up to the caps of DECISIONS 16.</summary>
internal static class RowCollector
{
    public const int MostRows = 100_000;

    private const long MostBytes = 64L * 1024 * 1024;

    /// <summary>Reads at most <paramref name="limit"/> rows.</summary>
    /// <param name="columns">Those of the result, by the names that clients are told.</param>
    public static CollectedRows Collect(DuckResult result, IReadOnlyList<DuckColumn> columns, int limit) =>
        InArray(buffer => Write(result, new RowJsonWriter(columns), buffer, limit));

    /// <summary>Reads the plans that EXPLAIN prints, each text as <paramref name="scrub"/> leaves it: they quote the statement as it is
    /// executed, local paths and all.</summary>
    public static CollectedRows CollectPlans(DuckResult result, Func<string, string> scrub) =>
        InArray(buffer => (WritePlans(result, buffer, scrub), false));

    private static CollectedRows InArray(Func<SegmentedBuffer, (long Count, bool Truncated)> write)
    {
        var buffer = new SegmentedBuffer();
        try
        {
            buffer.Write("["u8);
            var (count, truncated) = write(buffer);
            buffer.Write("]"u8);
            return new CollectedRows(buffer, count, truncated);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static (long Count, bool Truncated) Write(DuckResult result, RowJsonWriter rows, SegmentedBuffer buffer, int limit)
    {
        var most = Math.Min(limit, MostRows);
        var count = 0L;
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                // The row that isn't written shows that there was more.
                if (count == most)
                    return (count, count < limit);
                if (buffer.Length > MostBytes)
                    return (count, true);
                if (count++ > 0)
                    buffer.Write(","u8);
                rows.WriteRow(buffer, chunk, row);
            }
        }

        return (count, false);
    }

    private static long WritePlans(DuckResult result, SegmentedBuffer buffer, Func<string, string> scrub)
    {
        var count = 0L;
        while (result.TryReadChunk(out var chunk))
        {
            for (var row = 0; row < chunk.RowCount; row++)
            {
                if (count++ > 0)
                    buffer.Write(","u8);
                using var json = new Utf8JsonWriter(buffer);
                json.WriteStartObject();
                foreach (var (index, column) in result.Columns.Index())
                    json.WriteString(column.Name, scrub(chunk.GetString(index, row)));
                json.WriteEndObject();
            }
        }

        return count;
    }
}
