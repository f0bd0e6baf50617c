using System.Globalization;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Strategies;

/// <summary>
/// Every version of a row is kept (engine.md 4.6.5). A version is open while its end is NULL. Where the result differs from the open version of
/// its key that one is closed and a new one begins, both at <paramref name="now"/>; a key that the result lacks stays open.
/// </summary>
/// <param name="from">Name of the column with a version's begin.</param>
/// <param name="to">Name of the column with a version's end.</param>
internal sealed class Scd2(IReadOnlyList<string> key, string from, string to, DateTimeOffset now) : IMergeStrategy
{
    private static readonly PrimitiveType Time = new("timestamptz");
    private readonly string _now = $"TIMESTAMPTZ '{now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00'";

    public string Verb => "SCD2-merging";
    public MergeKey Key { get; } = new("unique_key", key);

    public IReadOnlyList<AddedColumn> Added =>
        [new("scd_valid_from", from, Time, _now), new("scd_valid_to", to, Time, "CAST(NULL AS TIMESTAMPTZ)")];

    public MergePlan Plan(MergeColumns columns)
    {
        var end = columns.IndexOf(to);
        string[] same = [.. columns.OfBatch.Except(columns.Key).Select(column => $"old.c{column} IS NOT DISTINCT FROM batch.c{column}")];
        var closed = columns.All.Select(column => column == end ? $"{_now} AS c{column}" : $"matched.c{column}");
        // A version that the result repeats keeps its row out; one that differs is closed. Columns that only the table has aren't compared.
        return new MergePlan(
            $"""
            SELECT old.*, batch.rowid AS batch_row, {(same.Length == 0 ? "true" : string.Join(" AND ", same))} AS same
            FROM old JOIN batch ON {columns.Match} WHERE old.c{end} IS NULL
            """,
            "SELECT file, pos FROM matched WHERE NOT same",
            $"""
            SELECT {string.Join(", ", closed)} FROM matched WHERE NOT same
            UNION ALL
            SELECT {columns.List("batch")} FROM batch WHERE batch.rowid NOT IN (SELECT batch_row FROM matched WHERE same)
            """)
        {
            KeepsLast = true,
            OnlyNull = end,
        };
    }
}
