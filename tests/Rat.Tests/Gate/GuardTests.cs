using System.Text;
using Rat.Engine.Duck.Gate;

namespace Rat.Tests.Gate;

/// <summary>What a statement may be (engine contract, cases 132 to 136 and 139).</summary>
public sealed class GuardTests(OpenGate gate) : IClassFixture<OpenGate>
{
    [Theory]
    [InlineData("INSERT INTO silver.orders VALUES (1)")]
    [InlineData("UPDATE silver.orders SET id = 1")]
    [InlineData("DELETE FROM silver.orders")]
    [InlineData("DROP TABLE silver.orders")]
    [InlineData("CREATE TABLE x AS SELECT 1")]
    [InlineData("ALTER TABLE silver.orders ADD COLUMN x INT")]
    [InlineData("TRUNCATE silver.orders")]
    [InlineData("COPY (SELECT 1) TO 'x.csv'")]
    [InlineData("ATTACH 'x.db'")]
    [InlineData("DETACH x")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("IMPORT DATABASE 'x'")]
    [InlineData("EXPORT DATABASE 'x'")]
    [InlineData("CALL pragma_version()")]
    [InlineData("EXECUTE x")]
    [InlineData("PREPARE x AS SELECT 1")]
    [InlineData("DEALLOCATE x")]
    [InlineData("SET threads = 1")]
    [InlineData("RESET threads")]
    [InlineData("PRAGMA database_list")]
    [InlineData("CHECKPOINT")]
    [InlineData("VACUUM")]
    [InlineData("GRANT SELECT ON x TO y")]
    [InlineData("REVOKE SELECT ON x FROM y")]
    [InlineData("MERGE INTO silver.orders USING x ON true WHEN MATCHED THEN DELETE")]
    [InlineData("USE memory")]
    [InlineData("BEGIN")]
    [InlineData("COMMIT")]
    public void Only_statements_that_read_are_allowed(string sql)
    {
        Assert.Equal(GateMessages.OnlySelect, gate.Refused(sql));
        Assert.Equal(GateMessages.OnlySelect, gate.Refused($" -- comment\n/* another /* nested */ */ {sql.ToLowerInvariant()} ;"));
        Assert.Equal(GateMessages.OnlySelect, gate.Refused("EXPLAIN " + sql));
        Assert.Equal(GateMessages.OnlySelect, gate.Refused("EXPLAIN ANALYZE " + sql));
        Assert.Equal(GateMessages.OnlySelect, gate.Refused("EXPLAIN (FORMAT json) " + sql));
    }

    [Theory]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1;; DROP TABLE x")]
    [InlineData("SELECT 1; -- x\n SELECT 2 ;")]
    [InlineData("SELECT 1 ; ; /* x */ FROM silver.orders")]
    [InlineData("EXPLAIN SELECT 1; SELECT 2")]
    public void Two_statements_are_refused(string sql) => Assert.Equal(GateMessages.OneStatement, gate.Refused(sql));

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t")]
    [InlineData(";")]
    [InlineData(" ; ;; ")]
    [InlineData("-- nothing")]
    [InlineData("/* nothing */ ;")]
    [InlineData("\u00a0\ufeff")]
    public void Nothing_is_refused(string sql) => Assert.Equal("sql is empty", gate.Refused(sql));

    [Theory]
    [InlineData("SELECT 1;", "SELECT 1")]
    [InlineData("  SELECT 1 -- comment", "SELECT 1")]
    [InlineData("/* a */ SELECT /* b */ 1 /* c */ ; /* d */ -- e", "SELECT /* b */ 1")]
    [InlineData("\ufeffSELECT\u00a01\u3000;;", "SELECT 1")]
    [InlineData("SELECT ';' AS \";\" ;", "SELECT ';' AS \";\"")]
    [InlineData("explain select 1", "EXPLAIN select 1")]
    [InlineData("EXPLAIN/**/ANALYSE SELECT 1;", "EXPLAIN ANALYZE SELECT 1")]
    [InlineData("EXPLAIN (format 'JSON', analyze) SELECT 1", "EXPLAIN (FORMAT json, ANALYZE) SELECT 1")]
    [InlineData("EXPLAIN (SELECT 1)", "EXPLAIN (SELECT 1)")]
    [InlineData("EXPLAIN FROM customers", "EXPLAIN FROM \"default\".\"silver\".\"customers\"")]
    public void The_text_is_cut_to_the_statement(string sql, string expected) => Assert.Equal(expected, gate.Admit(sql).Value.Text);

    [Theory]
    [InlineData("SELECT 1", nameof(StatementShape.Select), true)]
    [InlineData("(SELECT 1)", nameof(StatementShape.Select), true)]
    [InlineData("DESCRIBE customers", nameof(StatementShape.Describe), true)]
    [InlineData("DESCRIBE SELECT 1", nameof(StatementShape.Describe), true)]
    [InlineData("DESC silver.orders", nameof(StatementShape.Describe), true)]
    [InlineData("SHOW customers", nameof(StatementShape.Describe), true)]
    [InlineData("SHOW TABLES", nameof(StatementShape.Describe), true)]
    [InlineData("SUMMARIZE customers", nameof(StatementShape.Describe), true)]
    [InlineData("SUMMARIZE SELECT 1", nameof(StatementShape.Describe), true)]
    [InlineData("EXPLAIN SELECT 1", nameof(StatementShape.Explain), false)]
    [InlineData("EXPLAIN DESCRIBE customers", nameof(StatementShape.Explain), false)]
    [InlineData("EXPLAIN ANALYZE SELECT 1", nameof(StatementShape.Explain), false)]
    public void The_shape_says_how_it_can_be_run(string sql, string shape, bool canWrap)
    {
        var admitted = gate.Admit(sql).Value;

        Assert.Equal((shape, canWrap), (admitted.Shape.ToString(), admitted.CanWrap));
        Assert.NotEmpty(gate.Rows(sql));
    }

    [Theory]
    [InlineData("read_parquet")]
    [InlineData("read_csv_auto")]
    [InlineData("read_csv")]
    [InlineData("read_json_auto")]
    [InlineData("read_json")]
    [InlineData("read_text")]
    [InlineData("read_blob")]
    [InlineData("parquet_scan")]
    [InlineData("parquet_metadata")]
    [InlineData("parquet_schema")]
    [InlineData("csv_scan")]
    [InlineData("json_scan")]
    [InlineData("httpfs_get")]
    [InlineData("http_get")]
    [InlineData("http_post")]
    [InlineData("postgres_scan")]
    [InlineData("sqlite_scan")]
    [InlineData("mysql_scan")]
    [InlineData("glob")]
    [InlineData("read_ndjson_auto")]
    [InlineData("read_ndjson")]
    [InlineData("iceberg_scan")]
    [InlineData("sniff_csv")]
    [InlineData("st_read")]
    [InlineData("read_xlsx")]
    public void Functions_that_read_files_are_refused(string function)
    {
        foreach (var call in (string[])[$"{function}('x')", $"{function.ToUpperInvariant()} ('/etc/passwd')", $"\"{function}\"('https://example.com/x')"])
        {
            Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"SELECT * FROM {call}"), StringComparison.Ordinal);
            Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"WITH c AS (SELECT * FROM {call}) SELECT 1"), StringComparison.Ordinal);
            Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"SELECT (SELECT count(*) FROM {call})"), StringComparison.Ordinal);
            Assert.StartsWith(GateMessages.FileFunction, gate.Refused($"SELECT {call}"), StringComparison.Ordinal);
        }

        Assert.NotEmpty(gate.Rows($"SELECT '{function}(x)' AS a, 1 AS \"{function}(y)\" -- {function}('z')"));
    }

    [Fact]
    public void A_query_of_more_than_the_limit_is_refused_with_both_numbers()
    {
        var scope = gate.Scope() with { MaxBytes = GateScope.LongestQuery };
        // 50 000 characters, 100 000 bytes.
        var longest = $"SELECT '{new string('é', 49_995)}' ";
        Assert.Equal(GateScope.LongestQuery, Encoding.UTF8.GetByteCount(longest));

        Assert.True(gate.Gate.Admit(gate.Connection, longest, scope).Succeeded);
        Assert.Equal("sql is too long: 100001 bytes, at most 100000", gate.Gate.Admit(gate.Connection, longest + ";", scope).Failure?.Message);
        Assert.True(gate.Gate.Admit(gate.Connection, longest + ";", gate.Scope()).Succeeded);
    }

    [Theory]
    [InlineData("SELEC 1", "Parser Error: syntax error at or near \"SELEC\" (line 1, column 1)")]
    [InlineData("-- first\nSELECT 1,\n  2 FROM WHERE", "Parser Error: syntax error at or near \"WHERE\" (line 3, column 10)")]
    [InlineData("SELECT 'é', default.silver.x FROM FROM", "Parser Error: syntax error at or near \"FROM\" (line 1, column 35)")]
    [InlineData("SELECT (", "Parser Error: syntax error at end of input")]
    [InlineData("SELECT 'a", "Parser Error: unterminated quoted string (line 1, column 8)")]
    [InlineData("SELECT 1 /* a", "Parser Error: unterminated /* comment (line 1, column 10)")]
    [InlineData("SELECT \n \"a", "Parser Error: unterminated quoted identifier (line 2, column 2)")]
    [InlineData("SELECT $x$a$y$", "Parser Error: unterminated dollar-quoted string (line 1, column 8)")]
    public void A_parser_error_says_where(string sql, string message) => Assert.StartsWith(message, gate.Refused(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("PIVOT customers ON name USING sum(amount)", "PIVOT needs the values")]
    [InlineData("FROM (PIVOT customers ON name USING sum(amount))", "PIVOT needs the values")]
    [InlineData("PIVOT customers ON name IN (SELECT name FROM sales) USING sum(amount)", "PIVOT needs the values")]
    [InlineData("PIVOT customers ON name IN (upper('a')) USING sum(amount)", "PIVOT needs the values")]
    [InlineData("PIVOT customers ON name IN names USING sum(amount)", "PIVOT … IN takes a list")]
    [InlineData("SELECT ?", "parameters (?, $1, $name) are not supported")]
    [InlineData("SELECT $1 + $2", "parameters (?, $1, $name) are not supported")]
    [InlineData("FROM customers WHERE id = $id", "parameters (?, $1, $name) are not supported")]
    [InlineData("SELECT 1e400", "out of range")]
    [InlineData("SELECT -1e400", "out of range")]
    [InlineData("SELECT E'\\xff'", "")]
    [InlineData("SELECT DEFAULT", "DEFAULT is not allowed here")]
    [InlineData("SELECT upperr('a')", "the function upperr does not exist; did you mean upper?")]
    [InlineData("FROM rnge(3)", "the table function rnge does not exist")]
    [InlineData("FROM upper('a')", "makes no rows")]
    [InlineData("SELECT json_each('[1]')", "makes rows")]
    [InlineData("SELECT current_setting('threads')", "the function current_setting is not allowed")]
    [InlineData("SELECT * FROM duckdb_settings()", "the function duckdb_settings is not allowed")]
    [InlineData("SELECT 1::silver.mytype", "not supported")]
    [InlineData("SHOW variables", "SHOW shows TABLES")]
    [InlineData("SHOW TABLES FROM main.x", "takes a layer, a namespace")]
    [InlineData("EXPLAIN", "there is no statement behind EXPLAIN")]
    [InlineData("EXPLAIN EXPLAIN SELECT 1", "EXPLAIN of EXPLAIN")]
    [InlineData("EXPLAIN (FORMAT xml) SELECT 1", "EXPLAIN takes")]
    [InlineData("EXPLAIN VERBOSE SELECT 1", "")]
    [InlineData("SELECT a FROM customers INTO x", "")]
    [InlineData("SELECT * FROM customers FOR UPDATE", "")]
    [InlineData("WITH x AS (DELETE FROM silver.orders RETURNING *) FROM x", "")]
    [InlineData("SELECT 1 OPERATOR(pg_catalog.+) 2", "pg_catalog")]
    [InlineData("SELECT sum(id) EXPORT_STATE FROM customers", "not supported")]
    public void What_is_not_supported_is_said(string sql, string message) => Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);
}
