using System.Diagnostics;
using Rat.Engine.Duck;

namespace Rat.Tests.Gate;

/// <summary>Statements that are meant to break something.</summary>
public sealed class HostileTests(OpenGate gate) : IClassFixture<OpenGate>
{
    // What a thread has where the system's default is small; Linux gives 8 MB. Overrunning it would end the process.
    private const int Stack = 1536 * 1024;

    // Two busy cores are slow; what is exponential takes hours.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal static readonly Dictionary<string, Func<int, string>> Kinds = new(StringComparer.Ordinal)
    {
        ["parentheses"] = n => $"SELECT {Repeat("(", n)}1{Repeat(")", n)}",
        ["plus"] = n => $"SELECT 1{Repeat("+1", n)}",
        ["minus"] = n => $"SELECT {Repeat("- ", n)}1",
        ["not"] = n => $"SELECT {Repeat("NOT ", n)}true",
        ["casts"] = n => $"SELECT 1{Repeat("::INT", n)}",
        ["subscripts"] = n => $"SELECT a{Repeat("[1]", n)} FROM (SELECT [1] AS a)",
        ["lists"] = n => $"SELECT {Repeat("[", n)}{Repeat("]", n)}",
        ["structs"] = n => $"SELECT {Repeat("{a:", n)}1{Repeat("}", n)}",
        ["methods"] = n => $"SELECT ('a'){Repeat(".upper()", n)}",
        ["calls"] = n => $"SELECT {Repeat("abs(", n)}1{Repeat(")", n)}",
        ["unions"] = n => $"SELECT 1{Repeat(" UNION ALL SELECT 1", n)}",
        ["excepts"] = n => $"SELECT 1{Repeat(" EXCEPT SELECT 1", n)}",
        ["nested unions"] = n => $"{Repeat("(SELECT 1 UNION ALL ", n)}SELECT 1{Repeat(")", n)}",
        ["joins"] = n => $"SELECT 1 FROM customers{string.Concat(Enumerable.Range(0, n).Select(i => $", customers t{i}"))}",
        ["left joins"] = n => $"SELECT 1 FROM customers{string.Concat(Enumerable.Range(0, n).Select(i => $" LEFT JOIN range(1) t{i}(x{i}) ON true"))}",
        ["subqueries"] = n => $"SELECT * FROM {Repeat("(SELECT * FROM ", n)}customers{Repeat(")", n)}",
        ["bracketed tables"] = n => $"SELECT * FROM {Repeat("(", n)}customers JOIN customers c USING (id){Repeat(")", n)}",
        ["scalar subqueries"] = n => $"SELECT {Repeat("(SELECT 1 + ", n)}1{Repeat(")", n)}",
        ["exists"] = n => $"SELECT 1 WHERE {Repeat("EXISTS (SELECT 1 WHERE ", n)}true{Repeat(")", n)}",
        ["with in with"] = n => $"{Repeat("WITH a AS (", n)}SELECT 1{Repeat(") SELECT 1", n)}",
        ["with after with"] = n => $"WITH t0 AS (SELECT 1 AS x){string.Concat(Enumerable.Range(1, n).Select(i => $", t{i} AS (FROM t{i - 1})"))} FROM t{n}",
        ["case"] = n => $"SELECT {Repeat("CASE WHEN true THEN ", n)}1{Repeat(" END", n)}",
        ["and"] = n => $"SELECT true{Repeat(" AND true", n)}",
        ["concat"] = n => $"SELECT 'a'{Repeat("||'a'", n)}",
        ["lambdas"] = n => $"SELECT {Repeat("list_transform([1], lambda x: ", n)}1{Repeat(")", n)}",
        ["arrows"] = n => $"SELECT {Repeat("x -> ", n)}1",
        ["arrows into JSON"] = n => $"SELECT '{{}}'::JSON{Repeat(" -> 'a'", n)}",
        ["struct types"] = n => $"SELECT NULL::{Repeat("STRUCT(a ", n)}INT{Repeat(")", n)}",
        ["array types"] = n => $"SELECT NULL::INT{Repeat("[]", n)}",
        ["names"] = n => $"SELECT a{Repeat(".a", n)} FROM (SELECT 1 AS a)",
        ["columns"] = n => $"SELECT 1{Repeat(", 1", n)}",
        ["stars"] = n => $"SELECT *{Repeat(", *", n)} FROM customers",
        ["is null"] = n => $"SELECT 1{Repeat(" IS NULL", n)}",
        ["in"] = n => $"SELECT 1 IN (1{Repeat(", 1", n)})",
        ["comments"] = n => $"SELECT {Repeat("/*", n)}{Repeat("*/", n)} 1",
        ["values"] = n => $"VALUES (1){Repeat(", (1)", n)}",
        ["pivots"] = n => $"FROM customers{Repeat(" PIVOT (count(*) FOR name IN ('a'))", n)}",
        ["explains"] = n => $"{Repeat("EXPLAIN ", n)}SELECT 1",
        ["collations"] = n => $"SELECT 'a'{Repeat(" COLLATE nocase", n)}",
        ["semicolons"] = n => $"SELECT 1{Repeat(";", n)}",
        ["quotes"] = n => $"SELECT '{Repeat("''", n)}'",
        ["dots"] = n => $"SELECT * FROM a{Repeat(".a", n)}",
        ["aliases"] = n => $"SELECT 1 AS c0{string.Concat(Enumerable.Range(0, n).Select(i => $", c{i} + c{i} AS c{i + 1}"))}",
        ["copies"] = n => $"WITH t0 AS (SELECT 1 AS x){string.Concat(Enumerable.Range(1, n).Select(i => $", t{i} AS NOT MATERIALIZED (SELECT a.x FROM t{i - 1} a, t{i - 1} b)"))} FROM t{n}",
        ["using"] = n => $"SELECT 1 FROM range(1) t(x){Repeat(" JOIN range(1) u(x) USING (x)", n)}",
        ["exists tables"] = n => $"SELECT 1 FROM customers WHERE {Repeat("EXISTS (SELECT 1 FROM customers WHERE ", n)}true{Repeat(")", n)}",
        ["laterals"] = n => $"SELECT 1 FROM range(1){Repeat(", LATERAL (SELECT 1 FROM range(1)", n)}{Repeat(")", n)}",
        ["structs of structs"] = n => $"WITH t0 AS (SELECT 1 AS x){string.Concat(Enumerable.Range(1, n).Select(i => $", t{i} AS (SELECT {{a: x, b: x}} AS x FROM t{i - 1})"))} FROM t{n}",
        ["rows of rows"] = n => $"{Repeat("SELECT row(t, t) AS x FROM (", n)}SELECT 1 AS x{Repeat(") AS t", n)}",
        ["stars of stars"] = n => $"{Repeat("SELECT *, * FROM (", n)}SELECT 1 AS x{Repeat(")", n)}",
        ["joins of joins"] = n => $"WITH t0 AS (SELECT 1 AS x){string.Concat(Enumerable.Range(1, n).Select(i => $", t{i} AS (FROM t{i - 1} a, t{i - 1} b)"))} FROM t{n}",
        ["defaults"] = n => $"SELECT {Repeat("default.", n)}x",
    };

    public static TheoryData<string, int> Deep()
    {
        var data = new TheoryData<string, int>();
        foreach (var kind in Kinds.Keys)
        {
            foreach (var count in (int[])[11, 79, 299, 900, 10_000])
                data.Add(kind, count);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Deep))]
    public void A_deep_or_long_statement_is_refused_or_let_through_and_nothing_breaks(string kind, int count)
    {
        var sql = Kinds[kind](count);
        Exception? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    AdmitAndPrepare(sql);
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            }, Stack);
        thread.Start();
        thread.Join();

        Assert.Null(failure);
        Assert.Single(gate.Rows("SELECT 1"));
    }

    private void AdmitAndPrepare(string sql)
    {
        var watch = Stopwatch.StartNew();
        var admitted = gate.Admit(sql);
        if (!admitted.Succeeded)
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
            return;
        }

        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var interruption = gate.Connection.InterruptOn(deadline.Token);
        try
        {
            using var statement = gate.Connection.Prepare(admitted.Value.CanWrap ? $"SELECT * FROM (\n{admitted.Value.Text}\n) LIMIT 10" : admitted.Value.Text);
        }
        catch (DuckException exception)
        {
            Assert.False(exception.Kind is DuckErrorKind.Fatal or DuckErrorKind.Internal, exception.Message);
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, Patience);
    }

    [Theory]
    [InlineData("scalar subqueries", 13, "more than 12 subqueries")]
    [InlineData("exists", 13, "more than 12 subqueries")]
    [InlineData("lambdas", 13, "more than 12 subqueries, lambdas or ->")]
    [InlineData("arrows into JSON", 13, "more than 12 subqueries, lambdas or ->")]
    [InlineData("using", 81, "more than 81 tables")]
    [InlineData("joins", 81, "more than 81 tables")]
    [InlineData("aliases", 16, "becomes too large")]
    [InlineData("copies", 14, "becomes too large")]
    [InlineData("plus", 310, "nested too deeply")]
    [InlineData("with after with", 160, "nested too deeply")]
    [InlineData("structs of structs", 15, "too many columns, or too large")]
    [InlineData("rows of rows", 15, "too many columns, or too large")]
    [InlineData("stars of stars", 15, "too many columns, or too large")]
    [InlineData("joins of joins", 15, "too many columns, or too large")]
    [InlineData("stars", 10_000, "too many columns, or too large")]
    [InlineData("names", 310, "nested too deeply")]
    public void What_DuckDB_would_plan_for_hours_is_refused(string kind, int count, string message) =>
        Assert.Contains(message, gate.Refused(Kinds[kind](count)), StringComparison.Ordinal);

    [Theory]
    [InlineData("scalar subqueries", 12)]
    [InlineData("lambdas", 12)]
    [InlineData("arrows into JSON", 12)]
    [InlineData("using", 80)]
    [InlineData("aliases", 8)]
    [InlineData("plus", 280)]
    [InlineData("with after with", 140)]
    [InlineData("structs of structs", 10)]
    [InlineData("stars of stars", 10)]
    [InlineData("joins of joins", 10)]
    [InlineData("stars", 500)]
    [InlineData("columns", 15_000)]
    [InlineData("concat", 280)]
    [InlineData("and", 10_000)]
    [InlineData("in", 10_000)]
    [InlineData("unions", 1_000)]
    public void What_people_write_is_let_through(string kind, int count)
    {
        var admitted = gate.Admit(Kinds[kind](count));

        Assert.True(admitted.Succeeded, admitted.Failure?.Message);
    }

    [Theory]
    [InlineData("SELECT {0}1{1}", "(", ")", "nested too deeply")]
    [InlineData("SELECT {0}1{1}", "[", "]", "nested too deeply")]
    [InlineData("SELECT 1{0}", "+1", "", "nested too deeply")]
    [InlineData("SELECT * FROM {0}customers{1}", "(SELECT * FROM ", ")", "nested too deeply")]
    public void Ten_thousand_levels_are_a_clean_refusal(string frame, string open, string close, string message)
    {
        var sql = frame.Replace("{0}", Repeat(open, 10_000), StringComparison.Ordinal).Replace("{1}", Repeat(close, 10_000), StringComparison.Ordinal);

        Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SELECT 1\0; DROP TABLE x", "NUL")]
    [InlineData("\0", "NUL")]
    [InlineData("SELECT U&'\\0041'", "NOT IMPLEMENTED")]
    [InlineData("SELECT U&\"\\0041\" FROM customers", "NOT IMPLEMENTED")]
    [InlineData("FROM rеad_csv('/etc/passwd')", "does not exist")] // Cyrillic e
    [InlineData("FROM read\u200c_csv('/etc/passwd')", "does not exist")]
    [InlineData("FROM ｒｅａｄ_csv('/etc/passwd')", "does not exist")]
    [InlineData("FROM read_text\u00a0('/etc/passwd')", "Direct file/URL")]
    [InlineData("FROM/**/read_text/**/(/**/'/etc/passwd'/**/)", "Direct file/URL")]
    [InlineData("FROM \"read\"\"_text\"('/etc/passwd')", "does not exist")]
    [InlineData("SELECT * FROM \"silver\"\".\"\"orders\"", "names a file")]
    [InlineData("FROM \"default\".\"silver\".\"ord\"\"ers\"", "does not exist")]
    [InlineData("FROM \"default\".\"silver\".\"orders\"\"; DROP TABLE x; --\"", "does not exist")]
    [InlineData("FROM silver.orders; --\nDROP TABLE x", "only one statement")]
    [InlineData("SELECT 1 /* ; */ ; SELECT '/* */'", "only one statement")]
    [InlineData("SELECT $$;$$; SELECT 2", "only one statement")]
    [InlineData("SELECT E'\\'; --'; SELECT 2", "only one statement")]
    [InlineData("SELECT 1) , (SELECT 2", "Parser Error")]
    [InlineData("SELECT 1) AS a; DROP TABLE x; SELECT * FROM (SELECT 1", "only one statement")]
    [InlineData("SELECT 1) UNION ALL FROM duckdb_settings() --", "Parser Error")]
    [InlineData("SELECT 1 LIMIT 1) LIMIT 100 --", "Parser Error")]
    [InlineData("FROM (FROM (FROM duckdb_settings()))", "not allowed")]
    [InlineData("SELECT (SELECT (SELECT (SELECT max(value) FROM duckdb_settings())))", "not allowed")]
    [InlineData("SELECT CASE WHEN true THEN (SELECT 1 FROM glob('*')) END", "Direct file/URL")]
    [InlineData("SELECT 1 ORDER BY (SELECT 1 FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT 1 LIMIT (SELECT count(*) FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT 1 LIMIT 1 OFFSET (SELECT count(*) FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT DISTINCT ON ((SELECT 1 FROM glob('*'))) 1", "Direct file/URL")]
    [InlineData("SELECT sum(1) FILTER (WHERE EXISTS (FROM glob('*')))", "Direct file/URL")]
    [InlineData("SELECT sum(1 ORDER BY (SELECT 1 FROM glob('*')))", "Direct file/URL")]
    [InlineData("SELECT sum(1) OVER (PARTITION BY (SELECT 1 FROM glob('*')))", "Direct file/URL")]
    [InlineData("SELECT sum(1) OVER (ORDER BY 1 ROWS (SELECT 1 FROM glob('*')) PRECEDING)", "Direct file/URL")]
    [InlineData("SELECT lag(1, 1, (SELECT 1 FROM glob('*'))) OVER ()", "Direct file/URL")]
    [InlineData("SELECT 1 GROUP BY CUBE ((SELECT 1 FROM glob('*')))", "Direct file/URL")]
    [InlineData("SELECT 1 HAVING EXISTS (FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT 1 QUALIFY EXISTS (FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT * REPLACE ((SELECT 1 FROM glob('*')) AS id) FROM customers", "Direct file/URL")]
    [InlineData("SELECT COLUMNS(c -> EXISTS (FROM glob('*'))) FROM customers", "Direct file/URL")]
    [InlineData("FROM customers JOIN sales ON EXISTS (FROM glob('*'))", "Direct file/URL")]
    [InlineData("FROM range((SELECT count(*) FROM glob('*')))", "Direct file/URL")]
    [InlineData("FROM unnest([(SELECT file FROM glob('*'))])", "Direct file/URL")]
    [InlineData("VALUES ((SELECT 1 FROM glob('*')))", "Direct file/URL")]
    [InlineData("PIVOT (FROM glob('*')) ON file IN ('a') USING count(*)", "Direct file/URL")]
    [InlineData("PIVOT customers ON (SELECT file FROM glob('*')) IN ('a') USING count(*)", "Parser Error: Cannot pivot on subquery")]
    [InlineData("PIVOT customers ON name IN ('a') USING sum((SELECT 1 FROM glob('*')))", "Direct file/URL")]
    [InlineData("UNPIVOT (FROM glob('*')) ON file", "Direct file/URL")]
    [InlineData("WITH a AS (FROM glob('*')) SELECT 1", "Direct file/URL")]
    [InlineData("WITH RECURSIVE a AS (SELECT 1 x UNION ALL SELECT 1 FROM a, glob('*')) FROM a", "Direct file/URL")]
    [InlineData("WITH RECURSIVE a(x) USING KEY (x) AS (SELECT 1 UNION ALL FROM read_text('x')) FROM a", "Direct file/URL")]
    [InlineData("SELECT 1 UNION SELECT 2 EXCEPT SELECT 1 FROM glob('*')", "Direct file/URL")]
    [InlineData("DESCRIBE FROM glob('*')", "Direct file/URL")]
    [InlineData("SELECT * FROM (SUMMARIZE FROM glob('*'))", "Direct file/URL")]
    [InlineData("EXPLAIN (FORMAT json, ANALYZE) FROM glob('*')", "Direct file/URL")]
    [InlineData("SELECT list_aggregate([1], 'nosuch') FROM duckdb_settings()", "not allowed")]
    [InlineData("SELECT [x FOR x IN (SELECT list(file) FROM glob('*'))]", "Direct file/URL")]
    [InlineData("SELECT {'a': (SELECT 1 FROM glob('*'))}", "Direct file/URL")]
    [InlineData("SELECT MAP {(SELECT 1 FROM glob('*')): 1}", "Direct file/URL")]
    [InlineData("SELECT 'a' LIKE 'b' ESCAPE (SELECT '!' FROM glob('*'))", "Direct file/URL")]
    [InlineData("SELECT INTERVAL (SELECT 1 FROM glob('*')) DAY", "Parser Error")]
    [InlineData("SELECT INTERVAL ((SELECT 1 FROM glob('*'))) DAY", "Direct file/URL")]
    [InlineData("SELECT 1 AS x WHERE x IN (FROM glob('*'))", "Direct file/URL")]
    [InlineData("FROM customers TABLESAMPLE 10% JOIN read_text('x') ON true", "Direct file/URL")]
    public void It_is_refused(string sql, string message) => Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);

    [Fact]
    public void A_list_of_a_hundred_thousand_is_let_through_within_seconds()
    {
        var watch = Stopwatch.StartNew();

        Assert.True(gate.Admit($"SELECT 1 IN ({string.Join(',', Enumerable.Range(0, 90_000))})").Succeeded);
        Assert.Contains("too many parts", gate.Refused($"SELECT 1 IN ({string.Join(',', Enumerable.Repeat(1, 150_000))})"), StringComparison.Ordinal);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_namespace_named_like_a_layers_or_tables_neighbour_is_no_way_around()
    {
        gate.Catalog.Tables.Add(new("orders", "silver", "silver"));

        Assert.Contains("does not exist", gate.Refused("FROM silver.silver"), StringComparison.Ordinal);
        Assert.Contains("\"orders\".\"silver\".\"silver\"", gate.Admit("FROM orders.silver.silver").Value.Text, StringComparison.Ordinal);
        Assert.Contains("there is no table", gate.Refused("FROM orders.silver"), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_variables_and_columns_are_no_tables()
    {
        var rows = new List<int> { 1 };
        Assert.Contains("does not exist", gate.Refused("SELECT * FROM rows"), StringComparison.Ordinal);
        Assert.Single(rows);
        Assert.Contains("does not exist", gate.Refused("SELECT (SELECT max(id) FROM c) FROM customers c"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_at_once_share_one_gate()
    {
        var admitted = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() =>
        {
            lock (gate.Connection)
                return gate.Admit(i % 2 == 0 ? "FROM customers" : "FROM read_csv('s3://rat/default/landing/launches/*.csv')");
        })));

        Assert.All(admitted, outcome => Assert.True(outcome.Succeeded));
        Assert.Equal(2, admitted.Select(outcome => outcome.Value.Text).Distinct().Count());
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
