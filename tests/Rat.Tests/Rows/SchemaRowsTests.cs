namespace Rat.Tests.Rows;

/// <summary>Results whose columns differ from the table's (engine.md 4.7).</summary>
public class SchemaRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string Append = "merge_strategy: append_only";
    private const string Incremental = "merge_strategy: incremental\nunique_key: [id]";
    private const string DeleteInsert = "merge_strategy: delete_insert\nunique_key: [id]";
    private const string Snapshot = "merge_strategy: snapshot\npartition_column: id";

    [Theory]
    [InlineData("row 88", Append)]
    [InlineData("row 88", Incremental)]
    [InlineData("row 88", DeleteInsert)]
    [InlineData("row 88", Snapshot)]
    public async Task A_new_column_is_added_and_a_missing_one_is_NULL(string row, string config)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id, 'a' AS v", config)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", "SELECT {'x': 1} AS w, 2 AS id", config)).ExpectSuccess();
        Assert.Contains("Column \"w\" STRUCT(\"x\" INTEGER) is added: NULL in the rows before", run.At("info"));
        await platform.ExpectTableAsync("p", "id INTEGER, v VARCHAR, w STRUCT(x INTEGER)", """[{"id":1,"v":"a","w":null},{"id":2,"v":null,"w":{"x":1}}]""");
        (await platform.RunSqlAsync("p", "SELECT 3 AS id, {'x': 2, 'y': [1]} AS W", config)).ExpectSuccess();
        await platform.ExpectTableAsync("p", "id INTEGER, v VARCHAR, w STRUCT(x INTEGER, y INTEGER[])",
            """[{"id":1,"v":"a","w":null},{"id":2,"v":null,"w":{"x":1,"y":null}},{"id":3,"v":null,"w":{"x":2,"y":[1]}}]""");
    }

    [Theory]
    // Promotions of Iceberg: metadata only.
    [InlineData("row 89", "1::INTEGER", "2::BIGINT", "BIGINT", "[1,2]", false)]
    [InlineData("row 89", "1::BIGINT", "2::INTEGER", "BIGINT", "[1,2]", false)]
    [InlineData("clause 4.7", "1.5::FLOAT", "2.5::DOUBLE", "DOUBLE", "[1.5,2.5]", false)]
    [InlineData("clause 4.7", "1.5::DECIMAL(5,2)", "2.5::DECIMAL(9,2)", "DECIMAL(9,2)", "[1.50,2.50]", false)]
    [InlineData("clause 4.7", "1::BIGINT", "2::UTINYINT", "BIGINT", "[1,2]", false)]
    // The rest is written again.
    [InlineData("clause 4.7", "1::INTEGER", "2.5::DOUBLE", "DOUBLE", "[1,2.5]", true)]
    [InlineData("clause 4.7", "1::INTEGER", "2.5::DECIMAL(4,2)", "DECIMAL(12,2)", "[1.00,2.50]", true)]
    [InlineData("clause 4.7", "1.5::DECIMAL(5,2)", "2.125::DECIMAL(5,3)", "DECIMAL(6,3)", "[1.500,2.125]", true)]
    [InlineData("clause 4.7", "1::BIGINT", "2::UBIGINT", "DECIMAL(20,0)", "[1,2]", true)]
    [InlineData("clause 4.7", "DATE '2024-01-02'", "TIMESTAMP '2024-01-03 04:05:06'", "TIMESTAMP", "[\"2024-01-02T00:00:00Z\",\"2024-01-03T04:05:06Z\"]", true)]
    [InlineData("clause 4.7", "{'a': 1, 'b': 1}", "{'a': 2.5::DOUBLE, 'c': 3}", "STRUCT(a DOUBLE, b INTEGER, c INTEGER)",
        "[{\"a\":1,\"b\":1,\"c\":null},{\"a\":2.5,\"b\":null,\"c\":3}]", true)]
    [InlineData("clause 4.7", "[1]", "[2.5::DOUBLE]", "DOUBLE[]", "[[1],[2.5]]", true)]
    [InlineData("clause 4.7", "[1]", "[2::BIGINT]", "BIGINT[]", "[[1],[2]]", false)]
    public async Task Types_widen_to_the_common_one(string row, string first, string second, string type, string expected, bool rewrites)
    {
        foreach (var config in (string[])[Append, Incremental, DeleteInsert, Snapshot])
        {
            var platform = await server.NewPlatformAsync(row);
            (await platform.RunSqlAsync("p", $"SELECT 1 AS id, {first} AS v", config)).ExpectSuccess();
            var run = (await platform.RunSqlAsync("p", $"SELECT 2 AS id, {second} AS v", config)).ExpectSuccess();
            Assert.Equal(rewrites, run.Messages.Any(message => message.Contains("all files are written again", StringComparison.Ordinal)));
            var details = (await platform.TableAsync("p")).Expect(200);
            Assert.Equal(type, (string)details["columns"]![1]!["type"]!);
            var rows = await platform.RowsAsync("SELECT v FROM bronze.p ORDER BY id");
            Assert.Equal(expected, $"[{string.Join(',', rows.Select(cells => cells!["v"]!.ToJsonString()))}]");
            // And merges on.
            (await platform.RunSqlAsync("p", $"SELECT 1 AS id, {first} AS v", config)).ExpectSuccess();
            Assert.Equal(type, (string)(await platform.TableAsync("p")).Expect(200)["columns"]![1]!["type"]!);
        }
    }

    [Theory]
    [InlineData("row 90", Incremental, "1", "'x'", "\"v\"|INTEGER|VARCHAR")]
    [InlineData("row 90", Append, "1", "'x'", "\"v\"|INTEGER|VARCHAR")]
    [InlineData("row 90", DeleteInsert, "DATE '2024-01-01'", "1", "\"v\"|DATE|INTEGER")]
    [InlineData("row 90", Snapshot, "'x'", "1", "\"v\"|VARCHAR|INTEGER")]
    [InlineData("row 90", Append, "[1]", "1", "\"v\"|INTEGER[]|INTEGER")]
    [InlineData("row 90", Append, "{'a': 1}", "{'a': 'x'}", "\"v\"|STRUCT|VARCHAR")]
    [InlineData("row 90", "merge_strategy: scd2\nunique_key: [id]", "true", "2.5", "\"v\"|BOOLEAN|DECIMAL(2,1)")]
    public async Task Types_that_dont_fit_fail_with_the_column_and_both(string row, string config, string first, string second, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", $"SELECT 1 AS id, {first} AS v", config)).ExpectSuccess();
        var before = await platform.StateAsync("p");
        var error = (await platform.RunSqlAsync("p", $"SELECT 2 AS id, {second} AS v", config)).ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        Assert.Equal(before, await platform.StateAsync("p"));
        // A full refresh takes the new type.
        (await platform.RunSqlAsync("p", $"SELECT 2 AS id, {second} AS v")).ExpectSuccess();
    }

    [Theory]
    [InlineData("clause 4.7", "'x'", "NULL", "VARCHAR", "null")]
    [InlineData("clause 4.7", "DATE '2024-01-02'", "NULL", "DATE", "null")]
    [InlineData("clause 4.7", "1.5::DECIMAL(3,1)", "max(NULL)", "DECIMAL(3,1)", "null")]
    [InlineData("clause 4.7", "{'a': 'x'}", "NULL", "STRUCT(a VARCHAR)", "null")]
    [InlineData("clause 4.7", "['x']", "[]", "VARCHAR[]", "[]")]
    [InlineData("clause 4.7", "['x']", "[NULL]", "VARCHAR[]", "[null]")]
    [InlineData("clause 4.7", "[[DATE '2024-01-02']]", "[[], NULL]", "DATE[][]", "[[],null]")]
    public async Task A_NULL_without_a_type_fits_every_column(string row, string first, string second, string type, string expected)
    {
        foreach (var config in (string[])[Append, Incremental])
        {
            var platform = await server.NewPlatformAsync(row);
            (await platform.RunSqlAsync("p", $"SELECT 1 AS id, {first} AS v", config)).ExpectSuccess();
            (await platform.RunSqlAsync("p", $"SELECT 2 AS id, {second} AS v", config)).ExpectSuccess();
            Assert.Equal(type, (string)(await platform.TableAsync("p")).Expect(200)["columns"]![1]!["type"]!);
            Assert.Equal(expected, await platform.CellAsync("SELECT v FROM bronze.p WHERE id = 2"));
        }
    }

    [Theory]
    [InlineData("clause 4.7", Append)]
    [InlineData("clause 4.7", Incremental)]
    public async Task Names_that_differ_in_case_are_one_column_with_the_tables_spelling(string row, string config)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id, 'a' AS Name", config)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 'b' AS NAME, 2 AS ID", config)).ExpectSuccess();
        await platform.ExpectTableAsync("p", "id INTEGER, Name VARCHAR", """[{"id":1,"Name":"a"},{"id":2,"Name":"b"}]""");
    }

    [Theory]
    [InlineData("clause 4.7")]
    public async Task A_key_that_the_table_lacks_is_NULL_there(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT unnest([1, 2]) AS v")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 5 AS id, 3 AS v", Incremental)).ExpectSuccess();
        await platform.ExpectTableAsync("p", "v INTEGER, id INTEGER", """[{"v":1,"id":null},{"v":2,"id":null},{"v":3,"id":5}]""");
        (await platform.RunSqlAsync("p", "SELECT NULL AS id, 4 AS v", Incremental)).ExpectSuccess();
        await platform.ExpectTableAsync("p", "v INTEGER, id INTEGER", """[{"v":3,"id":5},{"v":4,"id":null}]""");
    }
}
