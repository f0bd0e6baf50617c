using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>What incremental, delete_insert and snapshot leave in a table (engine.md 4.3, 4.5, 4.6).</summary>
public class MergeRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string ById = "merge_strategy: incremental\nunique_key: [id]";
    private const string ByBoth = "merge_strategy: incremental\nunique_key: id, region";
    private const string Reinsert = "merge_strategy: delete_insert\nunique_key: [id]";
    private const string ByDay = "merge_strategy: snapshot\npartition_column: day";

    [Theory]
    [InlineData("row 67", ById, "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) AS t(id, v)", "SELECT * FROM (VALUES (2, 'B'), (4, 'd')) AS t(id, v)",
        "id INTEGER, v VARCHAR", """[{"id":1,"v":"a"},{"id":2,"v":"B"},{"id":3,"v":"c"},{"id":4,"v":"d"}]""")]
    [InlineData("row 68", ById, "SELECT 1 AS id, 'a' AS v", "SELECT * FROM (VALUES (2, 'x'), (1, 'b'), (2, 'y'), (1, 'c')) AS t(id, v)",
        "id INTEGER, v VARCHAR", """[{"id":1,"v":"c"},{"id":2,"v":"y"}]""")]
    // The order of the result decides, also that of an ORDER BY.
    [InlineData("row 68", ById, "SELECT 1 AS id, 9 AS v", "SELECT 1 AS id, (i * 7919) % 10007 AS v FROM range(100000) AS t(i) ORDER BY v, i",
        "id INTEGER, v BIGINT", """[{"id":1,"v":10006}]""")]
    [InlineData("clause 4.6", ById, "SELECT unnest([1, 1, 2]) AS id, unnest(['a', 'b', 'c']) AS v", "SELECT 3 AS id, 'd' AS v",
        "id INTEGER, v VARCHAR", """[{"id":1,"v":"b"},{"id":2,"v":"c"},{"id":3,"v":"d"}]""")]
    [InlineData("row 69", ByBoth, "SELECT * FROM (VALUES (1, 'n', 1), (1, 's', 2), (2, 'n', 3)) AS t(id, region, v)",
        "SELECT 1 AS id, 's' AS region, 20 AS v", "id INTEGER, region VARCHAR, v INTEGER",
        """[{"id":1,"region":"n","v":1},{"id":1,"region":"s","v":20},{"id":2,"region":"n","v":3}]""")]
    [InlineData("row 70", ById, "SELECT * FROM (VALUES (NULL, 'a'), (1, 'b')) AS t(id, v)", "SELECT CAST(NULL AS INTEGER) AS id, 'c' AS v",
        "id INTEGER, v VARCHAR", """[{"id":1,"v":"b"},{"id":null,"v":"c"}]""")]
    [InlineData("row 70", ByBoth, "SELECT * FROM (VALUES (1, NULL, 1), (NULL, NULL, 2), (NULL, 'n', 3)) AS t(id, region, v)",
        "SELECT * FROM (VALUES (1, NULL, 10), (NULL, NULL, 20), (1, NULL, 11)) AS t(id, region, v)", "id INTEGER, region VARCHAR, v INTEGER",
        """[{"id":1,"region":null,"v":11},{"id":null,"region":"n","v":3},{"id":null,"region":null,"v":20}]""")]
    [InlineData("row 71", ByBoth, "SELECT 1 AS id, 'n' AS region, 'x' AS v", "SELECT 'y' AS v, 'n' AS region, 1 AS id UNION ALL SELECT 'z', 's', 2",
        "id INTEGER, region VARCHAR, v VARCHAR", """[{"id":1,"region":"n","v":"y"},{"id":2,"region":"s","v":"z"}]""")]
    [InlineData("row 72", "merge_strategy: incremental\nunique_key: [order]", "SELECT 1 AS \"order\", 1 AS \"a b\"", "SELECT 1 AS \"order\", 2 AS \"a b\"",
        "order INTEGER, a b INTEGER", """[{"order":1,"a b":2}]""")]
    [InlineData("row 72", "merge_strategy: incremental\nunique_key: ['a b', 'q\"q']", "SELECT 1 AS \"a b\", 2 AS \"q\"\"q\", 3 AS c0, 4 AS file, 5 AS pos",
        "SELECT 1 AS \"a b\", 2 AS \"q\"\"q\", 6 AS c0, 7 AS file, 8 AS pos", "a b INTEGER, q\"q INTEGER, c0 INTEGER, file INTEGER, pos INTEGER",
        """[{"a b":1,"q\"q":2,"c0":6,"file":7,"pos":8}]""")]
    [InlineData("clause 4.6", "merge_strategy: incremental\nunique_key: [ID]", "SELECT 1 AS id, 'a' AS V", "SELECT 1 AS \"Id\", 'b' AS v",
        "id INTEGER, V VARCHAR", """[{"id":1,"V":"b"}]""")]
    [InlineData("clause 4.6", "merge_strategy: incremental\nunique_key: [k]", "SELECT unnest(['1.5', 'NaN', 'Infinity', '0']::DOUBLE[]) AS k, 1 AS v",
        "SELECT unnest(['NaN', '-0', '-Infinity']::DOUBLE[]) AS k, 2 AS v", "k DOUBLE, v INTEGER",
        """[{"k":"-Infinity","v":2},{"k":-0,"v":2},{"k":1.5,"v":1},{"k":"Infinity","v":1},{"k":"NaN","v":2}]""")]
    [InlineData("clause 4.6", "merge_strategy: incremental\nunique_key: [k]", "SELECT {'a': 1, 'b': NULL::INTEGER} AS k, 1 AS v",
        "SELECT {'a': 1, 'b': NULL::INTEGER} AS k, 2 AS v UNION ALL SELECT {'a': 2, 'b': 3}, 3", "k STRUCT(a INTEGER, b INTEGER), v INTEGER",
        """[{"k":{"a":1,"b":null},"v":2},{"k":{"a":2,"b":3},"v":3}]""")]
    // What only the table has stays.
    [InlineData("clause 4.6", ById, "SELECT 1 AS id, 'a' AS v", "SELECT 1 AS id, 'b' AS v", "id INTEGER, v VARCHAR", """[{"id":1,"v":"b"}]""")]
    [InlineData("row 76", Reinsert, "SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (2, 'c')) AS t(id, v)", "SELECT * FROM (VALUES (2, 'x'), (2, 'y')) AS t(id, v)",
        "id INTEGER, v VARCHAR", """[{"id":1,"v":"a"},{"id":2,"v":"x"},{"id":2,"v":"y"}]""")]
    [InlineData("row 76", Reinsert, "SELECT 1 AS id, NULL AS v UNION ALL SELECT NULL, 1", "SELECT NULL::INTEGER AS id, 7 AS v FROM range(2)",
        "id INTEGER, v INTEGER", """[{"id":1,"v":null},{"id":null,"v":7},{"id":null,"v":7}]""")]
    [InlineData("row 77", "merge_strategy: delete_insert\nunique_key: id, region",
        "SELECT * FROM (VALUES (1, 'n', 1), (2, 's', 2), (3, 'n', 3)) AS t(id, region, v)", "SELECT 2 AS id, 's' AS region, 9 AS v FROM range(2)",
        "id INTEGER, region VARCHAR, v INTEGER",
        """[{"id":1,"region":"n","v":1},{"id":2,"region":"s","v":9},{"id":2,"region":"s","v":9},{"id":3,"region":"n","v":3}]""")]
    [InlineData("row 84", ByDay, "SELECT * FROM (VALUES ('01', 1), ('01', 2), ('02', 3), ('03', 4)) AS t(day, v)", "SELECT '01' AS day, 9 AS v",
        "day VARCHAR, v INTEGER", """[{"day":"01","v":9},{"day":"02","v":3},{"day":"03","v":4}]""")]
    [InlineData("row 85", ByDay, "SELECT '01' AS day, 1 AS v", "SELECT '02' AS day, 2 AS v FROM range(2)",
        "day VARCHAR, v INTEGER", """[{"day":"01","v":1},{"day":"02","v":2},{"day":"02","v":2}]""")]
    [InlineData("row 86", ByDay, "SELECT * FROM (VALUES ('01', 1), (NULL, 2), ('02', 3)) AS t(day, v)", "SELECT * FROM (VALUES (NULL, 8), ('02', 9)) AS t(day, v)",
        "day VARCHAR, v INTEGER", """[{"day":"01","v":1},{"day":"02","v":9},{"day":null,"v":8}]""")]
    [InlineData("row 86", ByDay, "SELECT * FROM (VALUES ('01', 1), (NULL, 2)) AS t(day, v)", "SELECT '01' AS day, 9 AS v",
        "day VARCHAR, v INTEGER", """[{"day":"01","v":9},{"day":null,"v":2}]""")]
    public async Task A_batch_is_merged_and_the_same_batch_again_changes_nothing(
        string row, string config, string first, string second, string columns, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", first, config)).ExpectSuccess();
        for (var i = 0; i < 2; i++)
        {
            var run = (await platform.RunSqlAsync("p", second, config)).ExpectSuccess();
            Assert.Empty(run.At("warn"));
            await platform.ExpectTableAsync("p", columns, expected);
            // The rows of the whole table, not those of the batch.
            Assert.Equal(await platform.CellAsync("SELECT count(*) FROM bronze.p"), $"{run.Rows}");
        }
    }

    [Theory]
    [InlineData("row 73", "incremental", "unique_key")]
    [InlineData("row 73", "delete_insert", "unique_key")]
    [InlineData("row 73", "scd2", "unique_key")]
    [InlineData("row 87", "snapshot", "partition_column")]
    public async Task Without_its_key_a_strategy_warns_and_replaces_the_table(string row, string strategy, string setting)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id, 'a' AS v")).ExpectSuccess();
        // A template that leaves out what the table has would lose it.
        var run = (await platform.RunSqlAsync("p", "SELECT 2 AS id{% if is_incremental() %} WHERE false{% endif %}", $"merge_strategy: {strategy}")).ExpectSuccess();
        var warning = Assert.Single(run.At("warn"));
        Assert.Contains(setting, warning, StringComparison.Ordinal);
        Assert.Contains("falling back to full_refresh", warning, StringComparison.Ordinal);
        Assert.Equal(1, run.Rows);
        await platform.ExpectTableAsync("p", "id INTEGER", """[{"id":2}]""");
    }

    [Theory]
    [InlineData("clause 4.6", "merge_strategy: incremental\nunique_key: id, nope", "SELECT 1 AS id", "unique_key|\"nope\"|\"id\"")]
    [InlineData("clause 4.6", "merge_strategy: delete_insert\nunique_key: [nope]", "SELECT 1 AS id", "unique_key|\"nope\"|\"id\"")]
    [InlineData("clause 4.6", "merge_strategy: scd2\nunique_key: [nope]", "SELECT 1 AS id", "unique_key|\"nope\"|\"id\"")]
    [InlineData("clause 4.6", "merge_strategy: snapshot\npartition_column: nope", "SELECT 1 AS id", "partition_column|\"nope\"|\"id\"")]
    [InlineData("clause 4.7", ById, "SELECT 1 AS id, 2 AS v, 3 AS V", "two columns named|V")]
    [InlineData("clause 4.7", "merge_strategy: append_only", "SELECT 1 AS id, 2 AS id", "two columns named|id")]
    public async Task A_result_that_lacks_the_key_or_repeats_a_name_fails_and_leaves_the_table(string row, string config, string second, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id, 'a' AS v")).ExpectSuccess();
        var before = await platform.StateAsync("p");
        var error = (await platform.RunSqlAsync("p", second, config)).ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        server.AssertNothingLocal(error);
        Assert.Equal(before, await platform.StateAsync("p"));
        Assert.Single(server.DataFiles(platform.Namespace));
        // On the first run as well.
        (await platform.RunSqlAsync("fresh", second, config)).ExpectFailure();
        (await platform.TableAsync("fresh")).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("clause 4.2", ById)]
    [InlineData("clause 4.2", Reinsert)]
    [InlineData("clause 4.2", "merge_strategy: snapshot\npartition_column: id")]
    [InlineData("clause 4.2", "merge_strategy: scd2\nunique_key: [id]")]
    public async Task No_rows_change_nothing_and_make_no_table(string row, string config)
    {
        var platform = await server.NewPlatformAsync(row);
        var none = (await platform.RunSqlAsync("p", "SELECT 1 AS id WHERE false", config)).ExpectSuccess();
        Assert.Equal(0, none.Rows);
        Assert.Contains("Zero rows, skipping write", none.At("info"));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");

        (await platform.RunSqlAsync("p", "SELECT 1 AS id", config)).ExpectSuccess();
        var before = await platform.StateAsync("p");
        Assert.Equal(0, (await platform.RunSqlAsync("p", "SELECT 2 AS id, 3 AS v WHERE false", config)).ExpectSuccess().Rows);
        Assert.Equal(before, await platform.StateAsync("p"));
    }

    [Theory]
    [InlineData("clause 4.4", ById, "Merging 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 3 rows")]
    [InlineData("clause 4.4", Reinsert, "Delete-inserting 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 3 rows")]
    [InlineData("clause 4.4", "merge_strategy: snapshot\npartition_column: id", "Snapshotting 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 3 rows")]
    [InlineData("clause 4.4", "merge_strategy: scd2\nunique_key: [id]", "SCD2-merging 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 3 rows")]
    [InlineData("clause 4.4", "merge_strategy: append_only", "Appending 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 3 rows")]
    [InlineData("clause 4.4", "merge_strategy: full_refresh", "Writing 1 rows into NS.bronze.p", "Write complete: NS.bronze.p has 1 rows")]
    public async Task The_log_says_what_goes_in_and_what_the_table_has_then(string row, string config, string before, string after)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT unnest([1, 2]) AS id", config)).ExpectSuccess();
        var run = (await platform.RunSqlAsync("p", "SELECT 3 AS id", config)).ExpectSuccess();
        string[] expected = ["Query returned 1 rows", before, after];
        Assert.Equal(
            expected.Select(line => line.Replace("NS", platform.Namespace, StringComparison.Ordinal)),
            run.At("info").Where(line => line.Contains("rows", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("row 60", ById)]
    [InlineData("row 60", Reinsert)]
    public async Task Runs_at_once_wait_for_each_other_and_lose_no_rows(string row, string config)
    {
        const int Runs = 6;
        var platform = await server.NewPlatformAsync(row);
        // Each adds a key of its own and counts itself in a common one: a run that had read an old state would take the count of another.
        const string Sql = """
            SELECT 0 AS id, {% if is_incremental() or is_delete_insert() %}coalesce((SELECT max(v) FROM bronze.p WHERE id = 0), 0){% else %}0{% endif %} + 1 AS v
            UNION ALL
            SELECT count(*)::INTEGER + 1, 0 FROM bronze.p
            """;
        (await platform.RunSqlAsync("p", "SELECT 0 AS id, 0 AS v", config)).ExpectSuccess();
        await platform.PutPipelineAsync("p", Sql, config);
        var ids = new List<string>();
        for (var i = 0; i < Runs; i++)
            ids.Add(await platform.StartAsync("p"));
        var ended = new List<EndedRun>();
        foreach (var id in ids)
            ended.Add((await platform.EndAsync(id)).ExpectSuccess());

        Assert.Equal($"{Runs}", await platform.CellAsync("SELECT v FROM bronze.p WHERE id = 0"));
        Assert.Equal(Runs + 1, (await platform.RowsAsync("SELECT * FROM bronze.p")).Count);
        Assert.Equal(Enumerable.Range(2, Runs), ended.Select(run => (int)run.Rows!.Value).Order());
    }
}
