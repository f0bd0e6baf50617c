using System.Text.Json.Nodes;

namespace Rat.Torture.Generations;

/// <summary>The generations that an answer saw, 0 where it tells of none.</summary>
/// <param name="Fault">Why the answer can't be of one state; null when it can.</param>
internal sealed record Seen(long A, long B, string? Fault = null);

/// <summary>A query on the two tables and what its answer must look like.</summary>
/// <param name="Read">Takes the rows of the answer and how many rows each table has.</param>
internal sealed record Question(string Name, string Sql, Func<JsonArray, int, Seen> Read)
{
    private static readonly Seen Nothing = new(0, 0);

    public static IReadOnlyList<Question> All { get; } =
    [
        new("joins", """
            SELECT min(a.generation) AS a_least, max(a.generation) AS a_most, min(b.generation) AS b_least,
                   max(b.generation) AS b_most, count(*) AS n
            FROM bronze.a AS a JOIN bronze.b AS b USING (i)
            """, OneRow),
        new("joins of CTEs", """
            WITH later AS (SELECT * FROM bronze.b), sooner AS (SELECT * FROM bronze.a),
                 pairs AS (SELECT sooner.generation AS a, later.generation AS b FROM sooner, later WHERE sooner.i = later.i)
            SELECT min(a) AS a_least, max(a) AS a_most, min(b) AS b_least, max(b) AS b_most, count(*) AS n FROM pairs
            """, OneRow),
        new("self joins", """
            SELECT min(x.generation) AS a_least, max(y.generation) AS a_most, min(x.generation) AS b_least,
                   max(y.generation) AS b_most, count(*) AS n
            FROM default.bronze.a AS x JOIN a AS y USING (i)
            """, OneRow),
        new("subqueries", """
            SELECT (SELECT min(generation) FROM bronze.a) AS a_least, (SELECT max(generation) FROM a) AS a_most,
                   (SELECT min(generation) FROM bronze.b) AS b_least, (SELECT max(generation) FROM b) AS b_most,
                   (SELECT count(*) FROM default.bronze.b) AS n
            """, OneRow),
        new("streams of rows", "SELECT a.generation AS ga, b.generation AS gb FROM bronze.a AS a JOIN bronze.b AS b USING (i)", AllRows),
        new("slow joins", """
            SELECT min(a.generation) AS a_least, max(a.generation) AS a_most, min(b.generation) AS b_least, max(b.generation) AS b_most,
                   count(DISTINCT a.i) AS n, max(md5(a.filling || r.range::VARCHAR)) AS work
            FROM bronze.a AS a JOIN bronze.b AS b USING (i), range(30) AS r
            """, OneRow),
        new("lists of tables", "SHOW TABLES", TableNames),
        new("descriptions", "DESCRIBE bronze.a", Columns),
    ];

    /// <summary>One row with the least and greatest generation of both tables.</summary>
    public static Seen OneRow(JsonArray rows, int expected)
    {
        if (rows is not [{ } row])
            return Nothing with { Fault = $"{rows.Count} rows" };
        var (a, b, n) = ((long)row["a_least"]!, (long)row["b_least"]!, (long)row["n"]!);
        return a == (long)row["a_most"]! && b == (long)row["b_most"]! && n == expected
            ? new Seen(a, b)
            : Nothing with { Fault = row.ToJsonString() };
    }

    private static Seen TableNames(JsonArray rows, int expected)
    {
        var texts = rows.SelectMany(row => row!.AsObject().Select(cell => cell.Value?.ToString())).ToHashSet();
        return texts.IsSupersetOf(["a", "b"]) ? Nothing : Nothing with { Fault = $"SHOW TABLES told of {rows.ToJsonString()}" };
    }

    private static Seen Columns(JsonArray rows, int expected) =>
        rows.Select(row => (string?)row!["column_name"]).SequenceEqual(["generation", "i", "filling"])
            ? Nothing
            : Nothing with { Fault = $"DESCRIBE told of {rows.ToJsonString()}" };

    private static Seen AllRows(JsonArray rows, int expected)
    {
        var kinds = rows.Select(row => ((long)row!["ga"]!, (long)row["gb"]!)).Distinct().ToList();
        return rows.Count == expected && kinds is [var (a, b)]
            ? new Seen(a, b)
            : Nothing with { Fault = $"{rows.Count} rows of {string.Join(", ", kinds)}" };
    }
}
