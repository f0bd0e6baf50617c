namespace Rat.Tests.Gate;

/// <summary>Names of WITH: DuckDB's own rules decide, so each case is held against what DuckDB does with it.</summary>
public sealed class CteScopeTests(OpenGate gate) : IClassFixture<OpenGate>
{
    [Theory]
    [InlineData("WITH q AS (SELECT 1 v) SELECT v FROM q", "1")]
    [InlineData("WITH q AS (SELECT 1 v), p AS (SELECT v + 1 v FROM q) SELECT v FROM p", "2")]
    [InlineData("WITH Q AS (SELECT 1 v) SELECT v FROM \"q\"", "1")]
    [InlineData("WITH customers AS (SELECT 'cte' v) SELECT v FROM customers", "cte")]
    [InlineData("WITH customers AS (SELECT origin v FROM customers) SELECT v FROM customers", "default.silver.customers")]
    [InlineData("WITH customers AS (SELECT 'a' v) SELECT (WITH customers AS (SELECT v || 'b' v FROM customers) SELECT v FROM customers) v", "ab")]
    [InlineData("WITH customers AS (SELECT 'c' v) SELECT (SELECT origin FROM silver.customers) v", "default.silver.customers")]
    [InlineData("WITH p AS (SELECT origin v FROM customers), customers AS (SELECT 'later' v) SELECT v FROM p", "default.silver.customers")]
    [InlineData("WITH RECURSIVE customers AS (SELECT origin v FROM customers) SELECT v FROM customers", "default.silver.customers")]
    [InlineData("WITH RECURSIVE c AS (SELECT 1 v UNION ALL SELECT v + 1 FROM c WHERE v < 3) SELECT max(v) v FROM c", "3")]
    [InlineData("WITH RECURSIVE customers AS (SELECT 1 n, origin v FROM customers UNION ALL SELECT n + 1, v FROM customers WHERE n < 3) SELECT max(v) v FROM customers", "default.silver.customers")]
    [InlineData("WITH RECURSIVE q AS (WITH z AS (SELECT 1 v) SELECT v FROM z UNION ALL (WITH y AS (SELECT v + 1 v FROM q WHERE v < 3) FROM y)) SELECT max(v) v FROM q", "3")]
    [InlineData("WITH RECURSIVE q(a, b) USING KEY (a) AS (SELECT 1 a, 1 b UNION SELECT a, b + 1 FROM recurring.q WHERE b < 3) SELECT b v FROM q", "3")]
    [InlineData("WITH q AS (SELECT 1 v) SELECT v FROM q UNION SELECT v FROM q", "1")]
    [InlineData("WITH q AS (SELECT 1 v) SELECT v FROM q ORDER BY (SELECT max(v) FROM q) LIMIT (SELECT v FROM q)", "1")]
    [InlineData("WITH q AS (SELECT 1 v) SELECT v FROM (VALUES ((SELECT v FROM q))) x(v)", "1")]
    [InlineData("WITH q AS MATERIALIZED (SELECT 1 v), p AS NOT MATERIALIZED (FROM q) SELECT p.v FROM p, q", "1")]
    [InlineData("WITH q AS (SELECT 1 v) SELECT count(*) v FROM (SUMMARIZE q)", "1")]
    [InlineData("WITH q AS (SELECT 1 v) SELECT column_name v FROM (DESCRIBE FROM q)", "v")]
    [InlineData("WITH q(v) AS (VALUES (1)) SELECT v FROM q WHERE EXISTS (FROM q)", "1")]
    [InlineData("WITH duckdb_settings AS (SELECT 1 v) SELECT v FROM duckdb_settings", "1")]
    public void A_name_is_seen_where_DuckDB_sees_it(string sql, string value) =>
        Assert.Equal($"{{\"v\":{(char.IsDigit(value[0]) ? value : $"\"{value}\"")}}}", Assert.Single(gate.Rows(sql)));

    [Theory]
    [InlineData("WITH nope AS (SELECT * FROM nope) SELECT * FROM nope")]
    [InlineData("WITH a AS (FROM b), b AS (SELECT 1) FROM a")]
    [InlineData("SELECT (WITH q AS (SELECT 1 v) SELECT v FROM q), (SELECT v FROM q)")]
    [InlineData("SELECT * FROM (WITH q AS (SELECT 1 v) SELECT v FROM q), q")]
    [InlineData("(WITH q AS (SELECT 1 v) SELECT v FROM q) UNION ALL (SELECT v FROM q)")]
    [InlineData("WITH a AS (WITH b AS (SELECT 1 v) FROM b) FROM a, b")]
    [InlineData("WITH q AS (SELECT 1) FROM main.q")]
    [InlineData("WITH q AS (SELECT 1) FROM temp.q")]
    [InlineData("WITH q AS (SELECT 1) FROM recurring.q")]
    [InlineData("WITH q AS (SELECT 1) FROM \"default\".main.q")]
    [InlineData("WITH RECURSIVE a AS (FROM b), b AS (SELECT 1) FROM a")]
    [InlineData("WITH RECURSIVE q AS (SELECT * FROM q UNION ALL SELECT 1) FROM q")]
    [InlineData("WITH É AS (SELECT 1) FROM é")]
    [InlineData("WITH pg_tables2 AS (SELECT 1) FROM pg_tables")]
    [InlineData("WITH a AS (SELECT 1) SELECT (SELECT 1 FROM duckdb_settings) FROM a")]
    public void A_name_out_of_scope_is_no_table(string sql) =>
        Assert.Matches("does not exist|there is no table", gate.Refused(sql));
}
