namespace Rat.Tests.Gate;

/// <summary>Which table a name is.</summary>
public sealed class NamesTests(OpenGate gate) : IClassFixture<OpenGate>
{
    [Theory]
    [InlineData("SELECT origin FROM default.silver.orders", "default.silver.orders")]
    [InlineData("SELECT origin FROM \"default\".\"silver\".\"orders\"", "default.silver.orders")]
    [InlineData("SELECT origin FROM DEFAULT.Silver.ORDERS", "default.silver.orders")]
    [InlineData("SELECT origin FROM default /* x */ . -- y\n silver . orders", "default.silver.orders")]
    [InlineData("SELECT origin FROM bronze.orders", "default.bronze.orders")]
    [InlineData("SELECT origin FROM BRONZE.\"Orders\"", "default.bronze.orders")]
    [InlineData("SELECT origin FROM customers", "default.silver.customers")]
    [InlineData("SELECT origin FROM 'customers'", "default.silver.customers")]
    [InlineData("SELECT origin FROM bronze.\"my-table\"", "default.bronze.my-table")]
    [InlineData("SELECT origin FROM \"my-table\"", "default.bronze.my-table")]
    [InlineData("SELECT origin FROM \"my-ns\".silver.orders", "my-ns.silver.orders")]
    [InlineData("SELECT origin FROM \"my-ns\".gold.x", "my-ns.gold.x")]
    [InlineData("SELECT origin FROM \"default\".\"silver\".\"orders@123\"", "default.silver.orders@")]
    [InlineData("FROM default.silver.orders SELECT default.silver.orders.origin", "default.silver.orders")]
    [InlineData("SELECT silver.orders.origin FROM silver.orders", "default.silver.orders")]
    [InlineData("SELECT orders.origin FROM silver.orders", "default.silver.orders")]
    [InlineData("SELECT customers.origin FROM customers", "default.silver.customers")]
    [InlineData("SELECT s.origin FROM sales s", "default.gold.sales")]
    [InlineData("SELECT s.origin FROM s: sales", "default.gold.sales")]
    [InlineData("SELECT origin FROM silver.orders AT (VERSION => 123)", "default.silver.orders@")]
    [InlineData("SELECT orders.origin FROM silver.orders AT (TIMESTAMP => '2026-01-01T00:00:00Z')", "default.silver.orders@")]
    [InlineData("SELECT o.origin FROM default.silver.orders AS o at /* x */ ( timestamp => DATE '2026-01-01' ) WHERE true", "default.silver.orders@")]
    [InlineData("SELECT x.origin FROM silver.orders x(a, origin) AT (VERSION => '123')", "default.silver.orders@")]
    [InlineData("SELECT o.origin FROM o: silver.orders AT (VERSION => 123)", "default.silver.orders@")]
    [InlineData("SELECT max(origin) AS origin FROM silver.orders AT (VERSION => CAST('123' AS BIGINT)) TABLESAMPLE 100 PERCENT", "default.silver.orders@")]
    [InlineData("SELECT c.origin FROM customers c LEFT JOIN silver.orders AT (VERSION => 123) USING (id)", "default.silver.customers")]
    [InlineData("TABLE customers", "default.silver.customers")]
    [InlineData("SELECT origin FROM (customers JOIN sales s USING (id, name, amount, day, origin)) RIGHT JOIN customers c ON true SELECT c.origin", null)]
    [InlineData("SELECT max(c.origin) AS origin FROM customers c POSITIONAL JOIN sales", "default.silver.customers")]
    [InlineData("SELECT origin FROM \u00a0customers", "default.silver.customers")]
    [InlineData("SELECT 'é' AS e, origin FROM customers", "default.silver.customers")]
    public void A_name_is_one_table(string sql, string? origin)
    {
        if (origin is null)
        {
            gate.Refused(sql);
            return;
        }

        Assert.Contains($"\"origin\":\"{origin}\"", Assert.Single(gate.Rows(sql)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_and_one_part_names_are_of_the_statements_namespace()
    {
        Assert.Contains("my-ns.silver.orders", Assert.Single(gate.Rows("SELECT origin FROM silver.orders", "my-ns")), StringComparison.Ordinal);
        Assert.Contains("my-ns.silver.orders", Assert.Single(gate.Rows("SELECT origin FROM orders", "my-ns")), StringComparison.Ordinal);
        Assert.Contains("default.gold.sales", Assert.Single(gate.Rows("SELECT origin FROM default.gold.sales", "my-ns")), StringComparison.Ordinal);
        Assert.Contains("does not exist", gate.Refused("FROM sales", "my-ns"), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_of_several_namespaces_join()
    {
        var admitted = gate.Admit("SELECT a.origin, b.origin AS other FROM silver.orders a JOIN \"my-ns\".silver.orders b USING (id) JOIN orders2 USING (id)");
        Assert.False(admitted.Succeeded);

        var row = Assert.Single(gate.Rows("SELECT a.origin, b.origin AS other FROM silver.orders a JOIN \"my-ns\".silver.orders b USING (id)"));
        Assert.Equal("""{"origin":"default.silver.orders","other":"my-ns.silver.orders"}""", row);
    }

    [Fact]
    public void What_is_let_through_says_what_it_reads()
    {
        var admitted = gate.Admit("FROM customers, silver.orders, \"default\".\"silver\".\"orders@123\" p, customers c2 ORDER BY ALL;  -- end").Value;

        Assert.Equal(
            "FROM \"default\".\"silver\".\"customers\", \"default\".\"silver\".\"orders\", \"default\".\"silver\".\"orders@123\" p, \"default\".\"silver\".\"customers\" c2 ORDER BY ALL",
            admitted.Text);
        Assert.Equal(
            [("default.silver.customers", false), ("default.silver.orders", false), ("default.silver.orders", true)],
            admitted.Views.Select(use => (use.State.Name.ToString(), use.Pinned)));
        Assert.True(admitted.CanWrap);
        Assert.Empty(admitted.LandingFiles);
    }

    [Theory]
    [InlineData("SELECT 'default.bronze.orders' AS t FROM customers", "default.bronze.orders")]
    [InlineData("SELECT $$default.bronze.orders$$ AS t FROM customers", "default.bronze.orders")]
    [InlineData("SELECT 'x''default.bronze.orders' AS t FROM customers", "x'default.bronze.orders")]
    [InlineData("SELECT \"t\" FROM (SELECT 1 AS \"default.bronze.orders\") AS x(\"t\") -- default.bronze.t", "1")]
    public void Text_in_literals_and_comments_stays(string sql, string value) =>
        Assert.Contains(value, Assert.Single(gate.Rows(sql)), StringComparison.Ordinal);

    [Theory]
    [InlineData("FROM orders", "ambiguous: bronze.orders, silver.orders")]
    [InlineData("FROM gold.orders", "did you mean bronze.orders, silver.orders?")]
    [InlineData("FROM silver.custmers", "table silver.custmers does not exist; did you mean silver.customers?")]
    [InlineData("FROM custmers", "table custmers does not exist; did you mean customers?")]
    [InlineData("FROM nosuch", "table nosuch does not exist")]
    [InlineData("FROM \"my-ns\".silver.ordrs", "did you mean my-ns.silver.orders?")]
    [InlineData("FROM nowhere.silver.orders", "table nowhere.silver.orders does not exist")]
    [InlineData("FROM \"default\".\"silver\".\"orders@124\"", "does not exist")]
    [InlineData("FROM silver.\"orders@123\"", "does not exist")]
    [InlineData("FROM \"orders@123\"", "does not exist")]
    [InlineData("FROM platinum.orders", "layers bronze, silver and gold")]
    [InlineData("FROM information_schema.tables", "there is no table information_schema.tables")]
    [InlineData("FROM default.information_schema.tables", "there is no table")]
    [InlineData("FROM pg_catalog.pg_tables", "there is no table")]
    [InlineData("FROM pg_tables", "table pg_tables does not exist")]
    [InlineData("FROM duckdb_tables", "does not exist")]
    [InlineData("FROM sqlite_master", "does not exist")]
    [InlineData("FROM temp.sqlite_master", "there is no table")]
    [InlineData("FROM temp.silver.orders", "does not exist")]
    [InlineData("FROM system.main.duckdb_settings", "there is no table")]
    [InlineData("FROM main.orders", "there is no table")]
    [InlineData("FROM memory.main.orders", "there is no table")]
    [InlineData("FROM default.orders", "there is no table default.orders")]
    [InlineData("FROM silver.orders AT (VERSION => 3)", "table default.silver.orders has no snapshot 3; there is 123")]
    [InlineData("FROM silver.orders AT (VERSION => -123)", "there is 123")]
    [InlineData("FROM silver.orders AT (VERSION => 'one')", "'one' is not the id of a snapshot")]
    [InlineData("FROM silver.orders AT (VERSION => 99999999999999999999999)", "AT takes a literal")]
    [InlineData("FROM silver.orders AT (VERSION => NULL)", "AT takes a literal")]
    [InlineData("FROM silver.orders AT (TIMESTAMP => 5)", "AT takes a literal")]
    [InlineData("FROM silver.orders AT (TIMESTAMP => 'yesterday')", "'yesterday' is not a time")]
    [InlineData("FROM customers AT (TIMESTAMP => now())", "AT takes a literal")]
    [InlineData("FROM customers AT (TIMESTAMP => (SELECT '2026-01-01'))", "AT takes a literal")]
    [InlineData("FROM customers AT (TIMESTAMP => read_text('/etc/passwd'))", "AT takes a literal")]
    [InlineData("WITH x AS (SELECT 1) FROM x AT (VERSION => 123)", "x is a query of WITH")]
    [InlineData("FROM default.silver.\"orders@123\" AT (VERSION => 123)", "names a snapshot already")]
    [InlineData("FROM silver.cuſtomers", "does not exist")]
    [InlineData("FROM silver.\u212Aey", "does not exist")]
    [InlineData("FROM \"silver.orders\"", "names a file, not a table")]
    [InlineData("FROM \"silver\"\".orders\"", "names a file, not a table")]
    [InlineData("FROM \"default.silver\".orders", "there is no table")]
    [InlineData("FROM recurring.orders", "there is no table")]
    public void A_name_that_is_no_table_is_told_why(string sql, string message) => Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);

    [Theory]
    [InlineData("FROM 'x.csv'")]
    [InlineData("FROM \"x.parquet\" t")]
    [InlineData("FROM '/etc/passwd'")]
    [InlineData("FROM 's3://rat/default/landing/launches/a.csv'")]
    [InlineData("FROM 'https://example.com/x.json'")]
    [InlineData("FROM data.csv")]
    [InlineData("FROM a.b.parquet")]
    [InlineData("FROM '*.csv'")]
    [InlineData("SUMMARIZE 'x.csv'")]
    [InlineData("DESCRIBE \"x.csv\"")]
    [InlineData("TABLE \"x.csv\"")]
    [InlineData("PIVOT 'x.csv' ON a IN (1) USING sum(b)")]
    [InlineData("WITH \"x.csv\" AS (SELECT 1) SELECT 2")]
    [InlineData("FROM 'data.csv' AT (VERSION => 1)", "names a file")]
    public void A_file_is_no_table(string sql, string message = "file") => Assert.Contains(message, gate.Refused(sql), StringComparison.Ordinal);

    [Fact]
    public void Namespaces_may_be_named_like_reserved_words()
    {
        gate.Catalog.Tables.Add(new("order", "silver", "select"));

        var admitted = gate.Admit("SELECT order.silver.select.id FROM order.silver.select WHERE CASE WHEN true THEN 1 END = 1");

        Assert.True(admitted.Succeeded, admitted.Failure?.Message);
        Assert.Contains("FROM \"order\".\"silver\".\"select\"", admitted.Value.Text, StringComparison.Ordinal);
    }
}
