using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>Preparing and executing statements.</summary>
public sealed class DuckStatementTests(DuckDatabase database) : IClassFixture<DuckDatabase>
{
    [Theory]
    [InlineData("SELECT 1", "Select")]
    [InlineData("SELECT 1;", "Select")]
    [InlineData("/* a; b */ SELECT 1 -- ; c", "Select")]
    [InlineData("FROM range(1)", "Select")]
    [InlineData("VALUES (1)", "Select")]
    [InlineData("WITH x AS (SELECT 1) SELECT * FROM x", "Select")]
    [InlineData("DESCRIBE SELECT 1", "Select")]
    [InlineData("SUMMARIZE SELECT 1", "Select")]
    [InlineData("SHOW TABLES", "Select")]
    [InlineData("PIVOT (SELECT 1 a, 2 b) ON a IN (1) USING sum(b)", "Select")]
    [InlineData("UNPIVOT (SELECT 1 a, 2 b) ON a, b", "Select")]
    [InlineData("PRAGMA database_size", "Select")]
    [InlineData("EXPLAIN SELECT 1", "Explain")]
    [InlineData("EXPLAIN ANALYZE SELECT 1", "Explain")]
    [InlineData("INSERT INTO kept VALUES (1)", "Insert")]
    [InlineData("UPDATE kept SET a = 2", "Update")]
    [InlineData("DELETE FROM kept", "Delete")]
    [InlineData("MERGE INTO kept USING (SELECT 1 AS b) ON a = b WHEN MATCHED THEN DELETE", "MergeInto")]
    [InlineData("CREATE TABLE t (a INTEGER)", "Create")]
    [InlineData("CREATE VIEW v AS SELECT 1", "Create")]
    [InlineData("CREATE MACRO m() AS 1", "Create")]
    [InlineData("DROP TABLE kept", "Drop")]
    [InlineData("ALTER TABLE kept ADD COLUMN b INTEGER", "Alter")]
    [InlineData("COPY (SELECT 1) TO '{allowed}/x.csv'", "Copy")]
    [InlineData("EXPORT DATABASE '{allowed}/x'", "Export")]
    [InlineData("ATTACH ':memory:' AS other", "Attach")]
    [InlineData("DETACH other", "Detach")]
    [InlineData("USE memory.main", "Set")]
    [InlineData("SET threads = 1", "Set")]
    [InlineData("SET VARIABLE x = 1", "Set")]
    [InlineData("CALL range(1)", "Call")]
    [InlineData("UPDATE EXTENSIONS", "UpdateExtensions")]
    [InlineData("SELECT 'x'::INTEGER", "Select")]
    [InlineData("BEGIN", "Transaction")]
    [InlineData("CHECKPOINT", "Call")]
    [InlineData("VACUUM", "Vacuum")]
    [InlineData("ANALYZE", "Vacuum")]
    [InlineData("INSTALL httpfs", "Load")]
    [InlineData("LOAD httpfs", "Load")]
    [InlineData("PREPARE p AS SELECT 1", "Prepare")]
    public void The_type_of_a_statement_is_known_before_it_runs(string sql, string type)
    {
        database.Connection.Execute("CREATE TABLE IF NOT EXISTS kept (a INTEGER)");

        using var statement = database.Connection.Prepare(sql.Replace("{allowed}", database.Allowed, StringComparison.Ordinal));

        Assert.Equal(type, statement.Type.ToString());
        Assert.Equal("0", database.Connection.Scalar("SELECT count(*) FROM kept"));
    }

    [Theory]
    [InlineData("SELECT * FROM nosuch", "Catalog")]
    [InlineData("SELECT nosuch FROM range(1)", "Binder")]
    [InlineData("SELECT nosuch()", "Catalog")]
    [InlineData("SELEC 1", "Parser")]
    [InlineData("SELECT 'a", "Parser")]
    [InlineData("INSERT INTO nosuch VALUES (1)", "Catalog")]
    [InlineData("EXECUTE nosuch", "Binder")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')", "Permission")]
    [InlineData("", "Parser")]
    [InlineData("  -- nothing", "Parser")]
    [InlineData(";", "Parser")]
    [InlineData("SELECT 1; SELECT 2", "Parser")]
    [InlineData("SELECT 1; DROP TABLE x", "Parser")]
    [InlineData("PIVOT (SELECT 1 a, 2 b) ON a USING sum(b)", "Parser")]
    [InlineData("SELECT 1\0 FROM nosuch", "Parser")]
    public void A_statement_that_cannot_be_prepared_is_an_error_and_no_more(string sql, string kind)
    {
        var error = Assert.Throws<DuckException>(() => database.Connection.Prepare(sql));

        Assert.Equal(kind, error.Kind.ToString());
        Assert.Equal("42", database.Connection.Scalar("SELECT 42"));
        Assert.False(database.Instance.IsInvalidated);
    }

    [Theory]
    [InlineData("SELECT $1")]
    [InlineData("SELECT ?::INTEGER + 1")]
    [InlineData("SELECT $name AS x, [$name]")]
    public void A_parameter_without_a_value_is_an_error(string sql)
    {
        using var statement = database.Connection.Prepare(sql);

        Assert.Equal(DuckErrorKind.InvalidInput, Assert.Throws<DuckException>(statement.Start).Kind);
    }

    [Theory]
    [InlineData("SELECT union_value(x := 1) AS u")]
    [InlineData("SELECT union_value(x := 1) AS u;")]
    [InlineData("SELECT union_value(x := 1) AS u; -- a; b")]
    [InlineData("SELECT union_value(x := 1) AS u -- a; b\n ;; /* c; */")]
    [InlineData("SELECT union_value(x := 1) AS u FROM range(2) -- a; b\nWHERE range = 1")]
    [InlineData("SELECT union_value(x := 1) AS u -- the end")]
    public void Casts_are_put_around_a_statement_however_it_ends(string sql) => Assert.Equal(["""{"u":"1"}"""], database.Lines(sql));

    [Fact]
    public void Casts_keep_the_order_of_the_rows()
    {
        var rows = database.Rows("SELECT union_value(x := range) AS u FROM range(10000) ORDER BY range % 7, range DESC");
        var plain = database.Rows("SELECT range::VARCHAR AS u FROM range(10000) ORDER BY range % 7, range DESC");

        Assert.Equal(plain.Select(row => (string)row["u"]!), rows.Select(row => (string)row["u"]!));
    }

    [Fact]
    public void An_error_after_the_first_rows_comes_from_the_chunk_that_meets_it()
    {
        using var result = database.Connection.Query("SELECT CASE WHEN range = 500000 THEN error('late') ELSE range END AS x FROM range(1000000)");

        var read = 0L;
        var error = Assert.Throws<DuckException>(() =>
        {
            while (result.TryReadChunk(out var chunk))
                read += chunk.RowCount;
        });
        Assert.Contains("late", error.Message, StringComparison.Ordinal);
        Assert.InRange(read, 1, 500_000);
        Assert.Equal("42", database.Connection.Scalar("SELECT 42"));
    }

    [Fact]
    public void The_plan_is_fixed_when_Start_returns()
    {
        database.Connection.Execute("CREATE OR REPLACE VIEW shown AS SELECT range AS x FROM range(100000)");
        using var other = database.Instance.OpenOwn();
        using var statement = other.Prepare("SELECT * FROM shown");
        using var result = statement.Start();

        database.Connection.Execute("CREATE OR REPLACE VIEW shown AS SELECT 'other' AS y");
        database.Connection.Execute("DROP VIEW shown");

        var count = 0;
        while (result.TryReadChunk(out var chunk))
            count += chunk.RowCount;
        Assert.Equal(100_000, count);
        Assert.Equal("x BIGINT", $"{result.Columns[0].Name} {result.Columns[0].Type.Name}");
    }

    /// <summary>Reading by the types of the prepare would be reading foreign memory.</summary>
    [Fact]
    public void A_table_that_changed_since_the_prepare_is_read_as_it_is_now()
    {
        database.Connection.Execute("CREATE OR REPLACE TABLE changing AS SELECT 1 AS x, union_value(a := 1) AS u");
        using var other = database.Instance.OpenOwn();
        using var statement = other.Prepare("SELECT * FROM changing");
        database.Connection.Execute("CREATE OR REPLACE TABLE changing AS SELECT 'a long text, too long to be inlined' AS x, union_value(b := 'y') AS u");

        try
        {
            using var result = statement.Start();
            Assert.True(result.TryReadChunk(out var chunk));
            Assert.Equal("VARCHAR", result.Columns[0].VectorType.Name);
            Assert.Equal("a long text, too long to be inlined", chunk.GetString(0, 0));
        }
        catch (DuckException error)
        {
            Assert.Equal(DuckErrorKind.Binder, error.Kind);
        }
    }

    [Fact]
    public void Disposing_a_result_early_ends_its_statement()
    {
        using (var result = database.Connection.Query("SELECT a.range FROM range(1000000) a, range(1000000) b"))
            Assert.True(result.TryReadChunk(out _));

        Assert.Equal("42", database.Connection.Scalar("SELECT 42"));
    }

    [Fact]
    public async Task Rows_and_time_of_a_statement_are_known_after_it()
    {
        using var instance = database.Open(connections: 1, profile: true);
        using var connection = await instance.BorrowAsync(CancellationToken.None);

        using (var result = connection.Query("SELECT range FROM range(5000) WHERE range % 2 = 0"))
        {
            while (result.TryReadChunk(out _))
            {
            }
        }

        var profile = connection.Profile;
        Assert.NotNull(profile);
        Assert.Equal(2500, profile.Rows);
        Assert.InRange(profile.Latency.TotalSeconds, 0.000001, 30);
        Assert.InRange(profile.CpuTime.TotalSeconds, 0.000001, 30);
        Assert.Null(database.Connection.Profile);
    }

    [Fact]
    public async Task Operators_are_profiled_while_that_is_asked_for_and_no_longer()
    {
        using var instance = database.Open(connections: 1);
        for (var borrowed = 0; borrowed < 2; borrowed++)
        {
            using var connection = await instance.BorrowAsync(CancellationToken.None);
            Read(connection);
            Assert.Empty(connection.Operators);
            using (connection.ProfileOperators())
            {
                Read(connection);
                var filter = Assert.Single(connection.Operators);
                while (filter.Children.Count > 0 && filter.Name != "FILTER")
                    filter = filter.Children[0];
                Assert.Equal(("FILTER", 2500), (filter.Name, filter.Rows));
                Assert.Contains("FILTER: 2500 rows, ", OperatorProfile.ToText(connection.Operators), StringComparison.Ordinal);
            }

            Read(connection);
            Assert.Null(connection.Profile);
        }

        static void Read(DuckConnection connection)
        {
            using var result = connection.Query("SELECT range FROM range(5000) WHERE range % 2 = 0");
            while (result.TryReadChunk(out _))
            {
            }
        }
    }
}
