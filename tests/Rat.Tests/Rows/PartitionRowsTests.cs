namespace Rat.Tests.Rows;

/// <summary>Tables whose files are divided by <c>partition_by</c> (engine.md 4.5).</summary>
public class PartitionRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string ByRegion = "partition_by:\n  - column: region\n";

    // Names of folders can't hold most of these, and two of them would be one on a file system that ignores case.
    private static readonly string[] Odd =
        ["", "a/b", "a=b", "..", "%2F", "NULL", "null", "__HIVE_DEFAULT_PARTITION__", "ü😀", "line\nbreak", "it's \"quoted\"", "A", "a", new('x', 2000)];

    [Theory]
    [InlineData("row 91", "nope", "identity", "partition_by|\"nope\"|\"id\", \"at\", \"name\"")]
    [InlineData("clause 4.5", "name", "day", "\"name\"|VARCHAR|day")]
    [InlineData("clause 4.5", "id", "hour", "\"id\"|INTEGER|hour")]
    [InlineData("clause 4.5", "list", "identity", "\"list\"|INTEGER[]|identity")]
    [InlineData("clause 4.5", "at\n    transform: day\n  - column: AT", "day", "\"at_day\"")]
    public async Task A_partition_that_cant_be_fails_and_makes_no_table(string row, string column, string transform, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        var list = column == "list" ? ", [1] AS list" : "";
        var run = await platform.RunSqlAsync("p", $"SELECT 1 AS id, TIMESTAMP '2024-01-02 03:04:05' AS \"at\", 'x' AS name{list}",
            $"partition_by:\n  - column: {column}\n    transform: {transform}");
        var error = run.ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
        Assert.Empty(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("clause 4.5", "full_refresh")]
    [InlineData("clause 4.5", "append_only")]
    [InlineData("clause 4.5", "incremental")]
    [InlineData("clause 4.5", "delete_insert")]
    [InlineData("clause 4.5", "snapshot")]
    [InlineData("clause 4.5", "scd2")]
    public async Task Every_value_has_files_of_its_own_whatever_it_is(string row, string strategy)
    {
        var platform = await server.NewPlatformAsync(row);
        var config = $"{ByRegion}merge_strategy: {strategy}\nunique_key: [id]\npartition_column: region";
        var values = string.Join(", ", Odd.Select(Literal).Append("NULL"));
        var sql = $"SELECT i AS id, list_extract([{values}], 1 + (i % {Odd.Length + 1})::INTEGER) AS region FROM range(300) AS t(i)";
        (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();
        var files = server.DataFiles(platform.Namespace);
        Assert.Equal(Odd.Length + 1, files.Count);
        // Next to each other, with no folder that a value could have named.
        Assert.All(files, file => Assert.Equal("data", Path.GetFileName(Path.GetDirectoryName(file))));

        // Once more, with one value changed: everything is found again.
        (await platform.RunSqlAsync("p", sql.Replace("'a/b'", "'moved'", StringComparison.Ordinal), config)).ExpectSuccess();
        foreach (var (index, value) in Odd.Index().Where(value => value.Item != "a/b"))
        {
            var expected = Enumerable.Range(0, 300).Count(i => i % (Odd.Length + 1) == index) * (strategy == "append_only" ? 2 : 1);
            Assert.Equal($"{expected}", await platform.CellAsync($"SELECT count(*) FROM bronze.p WHERE region = {Literal(value)}"));
        }

        Assert.Equal(strategy == "append_only" ? "40" : "20", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE region IS NULL"));
        var moved = Enumerable.Range(0, 300).Count(i => i % (Odd.Length + 1) == 1);
        var left = strategy switch { "append_only" or "snapshot" or "scd2" => moved, _ => 0 };
        Assert.Equal($"{left}", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE region = 'a/b'"));
        Assert.Equal($"{moved}", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE region = 'moved'"));
    }

    [Theory]
    [InlineData("clause 4.5", "year", 4)]
    [InlineData("clause 4.5", "month", 5)]
    [InlineData("clause 4.5", "day", 6)]
    [InlineData("clause 4.5", "hour", 7)]
    [InlineData("clause 4.5", "identity", 9)]
    public async Task Times_are_divided_by_the_calendar_before_1970_too(string row, string transform, int files)
    {
        foreach (var type in (string[])["TIMESTAMP", "TIMESTAMPTZ", "DATE"])
        {
            if (type == "DATE" && transform is "hour" or "identity")
                continue;
            var platform = await server.NewPlatformAsync(row);
            var sql = $"""
                SELECT row_number() OVER () AS id, v::{type} AS v FROM (VALUES
                    (TIMESTAMP '1969-12-31 22:59:59.999999'), ('1969-12-31 23:00:00'), ('1970-01-01 00:00:00'), ('1970-01-01 00:59:59'), ('1970-01-02 00:00:00'),
                    ('1970-02-01 00:00:00'), ('2024-02-29 12:00:00.000001'), ('2024-02-29 12:00:00.000002'), (NULL)) AS t(v)
                """;
            var config = $"partition_by:\n  - column: v\n    transform: {transform}\nmerge_strategy: delete_insert\nunique_key: [v]";
            (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();
            Assert.Equal(files, server.DataFiles(platform.Namespace).Count);
            var before = await platform.StateAsync("p");
            (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();
            var rows = await platform.RowsAsync("SELECT * FROM bronze.p ORDER BY ALL");
            Assert.Equal(9, rows.Count);
            Assert.EndsWith(rows.ToJsonString(), before, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("clause 4.5", "i % 2 = 0", 2)]
    [InlineData("clause 4.5", "(i % 3)::INTEGER", 3)]
    [InlineData("clause 4.5", "(i % 3)::BIGINT - 5000000000", 3)]
    [InlineData("clause 4.5", "(i % 3)::DECIMAL(20,2) / 4", 3)]
    [InlineData("clause 4.5", "(i % 3)::DOUBLE / 3", 3)]
    [InlineData("clause 4.5", "(['NaN', 'Infinity', '-Infinity', '1e-300']::DOUBLE[])[1 + (i % 4)]", 4)]
    [InlineData("clause 4.5", "(['infinity', '-infinity', '2024-01-02', NULL]::DATE[])[1 + (i % 4)]", 4)]
    [InlineData("clause 4.5", "(['infinity', '-infinity', '2024-01-02', NULL]::TIMESTAMP[])[1 + (i % 4)]", 4)]
    [InlineData("clause 4.5", "TIME '01:02:03' + to_seconds(i % 2)", 2)]
    [InlineData("clause 4.5", "(lpad((i % 3)::VARCHAR, 32, '0'))::UUID", 3)]
    [InlineData("clause 4.5", "encode('b' || (i % 3))", 3)]
    public async Task Values_of_every_type_divide(string row, string expression, int files)
    {
        var platform = await server.NewPlatformAsync(row);
        var sql = $"SELECT i AS id, {expression} AS v FROM range(24) AS t(i)";
        var config = "partition_by:\n  - column: v\nmerge_strategy: delete_insert\nunique_key: [v]";
        (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();
        Assert.Equal(files, server.DataFiles(platform.Namespace).Count);
        (await platform.RunSqlAsync("p", sql, config)).ExpectSuccess();
        Assert.Equal("24", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
        Assert.Equal($"{files}", await platform.CellAsync("SELECT count(DISTINCT coalesce(v::VARCHAR, 'NULL')) FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 4.5")]
    public async Task Only_a_new_table_takes_partitions_and_keeps_them(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        const string Sql = "SELECT i AS id, 'r' || i % 3 AS region FROM range(9) AS t(i)";
        (await platform.RunSqlAsync("plain", Sql)).ExpectSuccess();
        (await platform.RunSqlAsync("plain", Sql, ByRegion)).ExpectSuccess();
        Assert.Equal(2, server.DataFiles(platform.Namespace).Count);

        var divided = await server.NewPlatformAsync(row);
        (await divided.RunSqlAsync("p", Sql, ByRegion)).ExpectSuccess();
        (await divided.RunSqlAsync("p", Sql, "merge_strategy: append_only")).ExpectSuccess();
        Assert.Equal(6, server.DataFiles(divided.Namespace).Count);
        // A result without the column: NULL is a partition like others, and a full refresh leaves them behind.
        (await divided.RunSqlAsync("p", "SELECT 1 AS id", "merge_strategy: append_only")).ExpectSuccess();
        Assert.Equal(7, server.DataFiles(divided.Namespace).Count);
        Assert.Equal("1", await divided.CellAsync("SELECT count(*) FROM bronze.p WHERE region IS NULL"));
        (await divided.RunSqlAsync("p", "SELECT i AS id FROM range(3) AS t(i)")).ExpectSuccess();
        await divided.ExpectTableAsync("p", "id BIGINT", """[{"id":0},{"id":1},{"id":2}]""");
        (await divided.RunSqlAsync("p", Sql, "merge_strategy: append_only")).ExpectSuccess();
        Assert.Equal("12", await divided.CellAsync("SELECT count(*) FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 4.5")]
    public async Task A_column_that_was_only_widened_keeps_its_partitions(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        const string Config = "partition_by:\n  - column: v\nmerge_strategy: incremental\nunique_key: [id]";
        (await platform.RunSqlAsync("p", "SELECT i AS id, (i % 2)::INTEGER AS v FROM range(4) AS t(i)", Config)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 1 AS id, 5000000000 AS v UNION ALL SELECT 9, 1", Config)).ExpectSuccess();
        await platform.ExpectTableAsync("p", "id BIGINT, v BIGINT",
            """[{"id":0,"v":0},{"id":1,"v":5000000000},{"id":2,"v":0},{"id":3,"v":1},{"id":9,"v":1}]""");
        // One that would have to be written again can't: which of the files would it be?
        var error = (await platform.RunSqlAsync("p", "SELECT 1 AS id, 2.5 AS v", Config)).ExpectFailure();
        Assert.Contains("\"v\"", error, StringComparison.Ordinal);
        Assert.Contains("partitioned", error, StringComparison.Ordinal);
    }

    private static string Literal(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
