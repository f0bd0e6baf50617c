namespace Rat.Tests.Gate;

/// <summary>SHOW and DESCRIBE (engine contract, case 139): listings come from the catalog, not from the views that happen to exist.</summary>
public sealed class ShowTests(OpenGate gate) : IClassFixture<OpenGate>
{
    private const string DefaultTables = """
        {"name":"orders","layer":"bronze"} {"name":"orders","layer":"silver"} {"name":"customers","layer":"silver"} {"name":"sales","layer":"gold"} {"name":"my-table","layer":"bronze"}
        """;

    [Theory]
    [InlineData("SHOW TABLES", DefaultTables)]
    [InlineData("show tables;", DefaultTables)]
    [InlineData("SELECT * FROM (SHOW TABLES)", DefaultTables)]
    [InlineData("WITH t AS (FROM (SHOW TABLES)) FROM t", DefaultTables)]
    [InlineData("SHOW TABLES FROM silver", """{"name":"orders","layer":"silver"} {"name":"customers","layer":"silver"}""")]
    [InlineData("SHOW TABLES FROM \"my-ns\"", """{"name":"orders","layer":"silver"} {"name":"x","layer":"gold"}""")]
    [InlineData("SHOW TABLES FROM \"my-ns\".gold", """{"name":"x","layer":"gold"}""")]
    [InlineData("SHOW TABLES FROM default.GOLD", """{"name":"sales","layer":"gold"}""")]
    [InlineData("SHOW TABLES FROM nowhere", "")]
    [InlineData("SHOW DATABASES", """{"database_name":"default"} {"database_name":"my-ns"}""")]
    [InlineData("SELECT count(*) AS n FROM (SHOW SCHEMAS)", """{"n":6}""")]
    [InlineData("SELECT count(*) AS n FROM (SHOW ALL TABLES)", """{"n":7}""")]
    [InlineData("SELECT count(*) AS n FROM (DESCRIBE)", """{"n":7}""")]
    [InlineData("SELECT name, column_names, column_types FROM (SHOW ALL TABLES) WHERE schema = 'gold' AND database = 'my-ns'", """{"name":"x","column_names":["id","na\"me"],"column_types":["INTEGER","VARCHAR[]"]}""")]
    [InlineData("SELECT (SELECT count(*) FROM (SHOW TABLES)) + (SELECT count(*) FROM (SHOW DATABASES)) AS n", """{"n":7}""")]
    [InlineData("SELECT column_name FROM (DESCRIBE customers) LIMIT 2", """{"column_name":"id"} {"column_name":"name"}""")]
    [InlineData("SELECT column_name FROM (SHOW silver.orders) LIMIT 1", """{"column_name":"id"}""")]
    [InlineData("SELECT column_name, count FROM (SUMMARIZE customers) LIMIT 1", """{"column_name":"id","count":1}""")]
    [InlineData("SELECT column_type FROM (DESCRIBE SELECT origin FROM default.bronze.orders)", """{"column_type":"VARCHAR"}""")]
    [InlineData("SELECT 'SHOW TABLES' AS \"(SHOW TABLES)\"", """{"(SHOW TABLES)":"SHOW TABLES"}""")]
    public void A_listing_is_answered_from_the_catalog(string sql, string rows) => Assert.Equal(rows.Trim(), string.Join(' ', gate.Rows(sql)));

    [Theory]
    [InlineData("SHOW ALL TABLES")]
    [InlineData("DESCRIBE")]
    [InlineData("SHOW")]
    [InlineData("DESC")]
    [InlineData("(SHOW TABLES)")]
    [InlineData("DESCRIBE TABLES")]
    [InlineData("EXPLAIN SHOW TABLES")]
    [InlineData("DESCRIBE customers")]
    [InlineData("DESCRIBE \"customers\"")]
    [InlineData("DESCRIBE TABLE customers")]
    [InlineData("SUMMARIZE TABLE customers")]
    [InlineData("SUMMARIZE FROM customers WHERE id = 1")]
    [InlineData("DESCRIBE FROM read_csv('s3://rat/default/landing/launches/a.csv')")]
    [InlineData("SUMMARIZE FROM read_csv('s3://rat/default/landing/launches/a.csv')")]
    public void It_works(string sql) => Assert.NotEmpty(gate.Rows(sql));

    [Theory]
    [InlineData("SHOW threads")]
    [InlineData("SHOW secrets")]
    [InlineData("SHOW nosuch")]
    [InlineData("DESCRIBE nosuch")]
    [InlineData("SUMMARIZE duckdb_settings")]
    [InlineData("SUMMARIZE FROM duckdb_settings()")]
    [InlineData("DESCRIBE FROM read_text('/etc/passwd')")]
    [InlineData("SHOW VARIABLES")]
    [InlineData("FROM (SHOW VARIABLES)")]
    [InlineData("SHOW ALL DATABASES")]
    [InlineData("SHOW TABLES FROM a.b.c")]
    [InlineData("SHOW TABLES FROM default.main")]
    [InlineData("SHOW TABLES SELECT 1")]
    public void It_is_refused(string sql) => Assert.NotEmpty(gate.Refused(sql));
}
