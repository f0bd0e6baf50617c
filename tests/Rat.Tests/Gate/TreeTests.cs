using System.Text.RegularExpressions;
using Rat.Engine.Duck;

namespace Rat.Tests.Gate;

/// <summary>
/// The gate sees of a statement what <c>json_serialize_sql</c> shows of it. A subquery, a function or a table put at any place where DuckDB
/// parses one must be in the tree, or something could be executed that was never looked at.
/// </summary>
public sealed partial class TreeTests(OpenGate gate) : IClassFixture<OpenGate>
{
    private static readonly string[] Markers = ["(SELECT marker_fn(1) FROM marker_tbl)", "marker_fn(marker_tbl)", "(FROM marker_fn(1), marker_tbl)", "marker_tbl", "{{'a': marker_fn(marker_tbl)}}"];

    // Beyond the corpus: places of rare clauses.
    private static readonly string[] More =
    [
        "SELECT max(x ORDER BY y) FILTER (WHERE z) OVER (PARTITION BY p ORDER BY q ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING) FROM t",
        "SELECT DISTINCT ON (a) b FROM t WHERE c GROUP BY d HAVING e QUALIFY f ORDER BY g LIMIT 1 OFFSET 2",
        "SELECT lag(a, 1, b) OVER (ORDER BY c RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) FROM t",
        "PIVOT (FROM t) ON y + 1 IN ('a') USING sum(x) FILTER (WHERE x > 1) GROUP BY z ORDER BY z LIMIT 3",
        "FROM t UNPIVOT (v FOR n IN (a, b + 1))",
        "WITH RECURSIVE q(a) USING KEY (a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM q WHERE a < 9) FROM q",
        "SELECT x::DECIMAL(3, 2), INTERVAL 3 DAY, x AT TIME ZONE 'y', a[1], a[1:2:3], [x FOR x IN y IF x > 1], MAP {1: 2}, trim(both 'x' FROM y), overlay(a)",
        "FROM t AT (VERSION => 3)", "SELECT * REPLACE (a AS b) FROM t", "SELECT COLUMNS('x') + 1, * LIKE 'x' FROM t", "SELECT * FROM t TABLESAMPLE 10 PERCENT",
        "FROM range(1, 2) WITH ORDINALITY", "FROM f(a := 1, b => 2, c = 3)", "SELECT 1 UNION SELECT 2 ORDER BY 1 LIMIT 1", "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t",
        "SELECT a LIKE 'x' ESCAPE 'y', a BETWEEN 1 AND 2, a IN (1, 2), a = ANY (SELECT 1), try(a), GROUPING(a), a COLLATE nocase",
    ];

    [Fact]
    public void Nothing_that_DuckDB_parses_is_missing_in_the_tree()
    {
        var corpus = File.ReadLines(Path.Combine(Repository.Root, "tests", "gate", "statements.txt")).Where(line => line.StartsWith("+ ", StringComparison.Ordinal) && !NotTokens.IsMatch(line)).Select(line => line[2..]).Concat(More);
        var parsed = 0;
        foreach (var sql in corpus)
        {
            foreach (Match piece in Piece.Matches(sql))
            {
                foreach (var marker in Markers)
                {
                    var marked = sql[..piece.Index] + marker + sql[(piece.Index + piece.Length)..];
                    var tree = gate.Connection.Scalar($"SELECT json_serialize_sql({DuckQuote.Literal(marked)})")!;
                    if (tree.StartsWith("{\"error\":true", StringComparison.Ordinal))
                        continue;
                    parsed++;
                    Assert.True(!marker.Contains("marker_fn", StringComparison.Ordinal) || tree.Contains("\"marker_fn\"", StringComparison.Ordinal), marked);
                    Assert.True(tree.Contains("\"marker_tbl\"", StringComparison.Ordinal), marked);
                    if (tree.Contains("\"function_name\":\"marker_fn\"", StringComparison.Ordinal) || tree.Contains("\"table_name\":\"marker_tbl\"", StringComparison.Ordinal))
                        Assert.False(gate.Admit(marked).Succeeded, marked);
                }
            }
        }

        Assert.True(parsed > 4_000, $"{parsed}");
    }

    [GeneratedRegex(@"\$|--|/\*", RegexOptions.CultureInvariant)]
    private static partial Regex NotTokens { get; }

    [GeneratedRegex("""[EeBbXxNn]?'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d[\w.]*""", RegexOptions.CultureInvariant)]
    private static partial Regex Piece { get; }
}
