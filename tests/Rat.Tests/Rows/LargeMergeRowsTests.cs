using Rat.Tests.Contract;
using Rat.Tests.Http;

namespace Rat.Tests.Rows;

/// <summary>Merges into files that are too large to be written again for a few rows: here every file is.</summary>
public sealed class LargeMergeRowsTests : IAsyncLifetime
{
    private const string ById = "merge_strategy: incremental\nunique_key: [id]";
    private const string Deletes = "-deletes.parquet";
    private ContractClient _client = null!;
    private RatProcess _rat = null!;

    public async Task InitializeAsync()
    {
        _rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "0", ["RAT_SMALL_FILE_SIZE"] = "1" });
        _client = new ContractClient(_rat.Client);
    }

    public async Task DisposeAsync() => await _rat.DisposeAsync();

    [Theory]
    [InlineData("clause 4.6.2")]
    public async Task Few_rows_are_marked_many_are_written_again_and_all_of_them_drop_the_file(string row)
    {
        var platform = await NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT i AS id, 0 AS v FROM range(10000) AS t(i)", ById)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT i AS id, 0 AS v FROM range(10000, 20000) AS t(i)", ById)).ExpectSuccess();
        Assert.Equal((2, 0), Counts(platform));

        // 1 % of both files: each gets deletes, the new rows are one file.
        (await platform.RunSqlAsync("p", "SELECT i * 100 AS id, 1 AS v FROM range(200) AS t(i)", ById)).ExpectSuccess();
        Assert.Equal((3, 2), Counts(platform));
        await ExpectAsync(platform, 20000, "CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END");

        // Another 1 % of the first: its deletes become one file with those before.
        (await platform.RunSqlAsync("p", "SELECT i * 100 + 1 AS id, 2 AS v FROM range(100) AS t(i)", ById)).ExpectSuccess();
        Assert.Equal((4, 3), Counts(platform));
        await ExpectAsync(platform, 20000, "CASE WHEN i % 100 = 0 THEN 1 WHEN i % 100 = 1 AND i < 10000 THEN 2 ELSE 0 END");

        // With these more than a tenth of the first is gone: what is left is written again, with the new rows.
        (await platform.RunSqlAsync("p", "SELECT i * 10 + 5 AS id, 3 AS v FROM range(900) AS t(i)", ById)).ExpectSuccess();
        Assert.Equal((5, 3), Counts(platform));
        await ExpectAsync(platform, 20000,
            "CASE WHEN i % 10 = 5 AND i < 9000 THEN 3 WHEN i % 100 = 0 THEN 1 WHEN i % 100 = 1 AND i < 10000 THEN 2 ELSE 0 END");

        // Everything from 10000 on: both of its files go.
        (await platform.RunSqlAsync("p", "SELECT i AS id, 4 AS v FROM range(10000, 20000) AS t(i)", ById)).ExpectSuccess();
        Assert.Equal("10000", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE v = 4"));
        Assert.Equal("20000", await platform.CellAsync("SELECT count(DISTINCT id) FROM bronze.p"));
        Assert.Equal(20000, (int)(await platform.TableAsync("p")).Expect(200)["row_count"]!);
    }

    [Theory]
    [InlineData("clause 4.6.4", "delete_insert")]
    [InlineData("clause 4.6.5", "scd2")]
    [InlineData("clause 4.6.6", "snapshot")]
    public async Task The_other_strategies_mark_rows_too(string row, string strategy)
    {
        var platform = await NewPlatformAsync(row);
        var config = $"merge_strategy: {strategy}\nunique_key: [id]\npartition_column: id\npartition_by:\n  - column: part";
        const string Sql = "SELECT nullif(i, 7) AS id, i % 2 AS part, FACTOR AS v FROM range(20000) AS t(i)";
        (await platform.RunSqlAsync("p", Sql.Replace("FACTOR", "0", StringComparison.Ordinal), config)).ExpectSuccess();
        var files = Counts(platform);
        for (var round = 1; round <= 3; round++)
        {
            var batch = $"SELECT * FROM ({Sql.Replace("FACTOR", $"{round}", StringComparison.Ordinal)}) WHERE id IS NULL OR id % 200 = {round}";
            (await platform.RunSqlAsync("p", batch, config)).ExpectSuccess();
            // The same rows again are the same table.
            var rows = await platform.CellAsync("SELECT sum(hash(id, part, v)) FROM bronze.p");
            (await platform.RunSqlAsync("p", batch, config)).ExpectSuccess();
            Assert.Equal(rows, await platform.CellAsync("SELECT sum(hash(id, part, v)) FROM bronze.p"));
        }

        Assert.True(Counts(platform).Deletes > files.Deletes);
        var open = strategy == "scd2" ? "(SELECT * FROM bronze.p WHERE valid_to IS NULL)" : "bronze.p";
        Assert.Equal("20000", await platform.CellAsync($"SELECT count(*) FROM {open}"));
        Assert.Equal("301", await platform.CellAsync($"SELECT count(*) FROM {open} WHERE v > 0"));
        Assert.Equal("3", await platform.CellAsync($"SELECT v FROM {open} WHERE id IS NULL"));
        if (strategy == "scd2")
            Assert.Equal("303", await platform.CellAsync("SELECT count(*) FROM bronze.p WHERE valid_to IS NOT NULL"));
    }

    [Theory]
    [InlineData("clause 4.7")]
    public async Task A_column_that_is_written_again_takes_the_deletes_with_it(string row)
    {
        var platform = await NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT i AS id, 0 AS v FROM range(10000) AS t(i)", ById)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT i * 100 AS id, 1 AS v FROM range(100) AS t(i)", ById)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 5 AS id, 0.5::DOUBLE AS v", ById)).ExpectSuccess();
        Assert.Equal("[{\"n\":10000,\"total\":100.5}]", (await platform.RowsAsync("SELECT count(*) AS n, sum(v) AS total FROM bronze.p")).ToJsonString());
        // And so does an append, which looks at no row.
        (await platform.RunSqlAsync("p", "SELECT 7 AS id, 1::BIGINT AS w", ById)).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 20000 AS id, 0.25::DOUBLE AS w", "merge_strategy: append_only")).ExpectFailure();
        (await platform.RunSqlAsync("p", "SELECT 20000 AS id, 0.25::DECIMAL(3,2) AS w", "merge_strategy: append_only")).ExpectSuccess();
        Assert.Equal("[{\"n\":10001,\"total\":100.5,\"w\":\"1.25\"}]".Replace("\"1.25\"", "1.25", StringComparison.Ordinal),
            (await platform.RowsAsync("SELECT count(*) AS n, sum(v) AS total, sum(w)::DOUBLE AS w FROM bronze.p")).ToJsonString());
    }

    [Theory]
    [InlineData("clause 4.6")]
    public async Task Files_without_a_key_of_the_batch_are_left_alone(string row)
    {
        var platform = await NewPlatformAsync(row);
        const string Append = "merge_strategy: append_only";
        var types = (string[])["i", "(DATE '2024-01-01' + i::INTEGER)", "lpad(i::VARCHAR, 8, '0')", "i::DECIMAL(12,3)", "i / 4.0::DOUBLE"];
        foreach (var (number, type) in types.Index())
        {
            for (var part = 0; part < 4; part++)
                (await platform.RunSqlAsync($"p{number}", $"SELECT {type} AS id, 0 AS v FROM range({part * 100}, {(part + 1) * 100}) AS t(i)", Append)).ExpectSuccess();
            var before = Files(platform, $"p{number}");
            (await platform.RunSqlAsync($"p{number}", $"SELECT {type} AS id, 1 AS v FROM range(250, 255) AS t(i)", ById)).ExpectSuccess();
            var written = Files(platform, $"p{number}").Except(before).ToList();
            Assert.Single(written, file => file.EndsWith(Deletes, StringComparison.Ordinal));
            Assert.Equal(2, written.Count);
            Assert.Equal("[{\"n\":400,\"total\":5}]", (await platform.RowsAsync($"SELECT count(*) AS n, sum(v) AS total FROM bronze.p{number}")).ToJsonString());
        }
    }

    // Row by row, and as the details count.
    private static async Task ExpectAsync(TestPlatform platform, int rows, string value)
    {
        Assert.Equal("0", await platform.CellAsync($"""
            SELECT count(*) FROM bronze.p FULL JOIN (SELECT i AS id, {value} AS v FROM range({rows}) AS t(i)) AS e USING (id)
            WHERE p.v IS DISTINCT FROM e.v
            """));
        Assert.Equal($"{rows}", await platform.CellAsync("SELECT count(*) FROM bronze.p"));
        Assert.Equal(rows, (int)(await platform.TableAsync("p")).Expect(200)["row_count"]!);
    }

    private (int Data, int Deletes) Counts(TestPlatform platform)
    {
        var files = Lake.DataFiles(_rat, platform.Namespace);
        var deletes = files.Count(file => file.EndsWith(Deletes, StringComparison.Ordinal));
        return (files.Count - deletes, deletes);
    }

    private IEnumerable<string> Files(TestPlatform platform, string table) =>
        [.. Lake.DataFiles(_rat, platform.Namespace).Where(file => file.Contains($"/{table}-", StringComparison.Ordinal))];

    private async Task<TestPlatform> NewPlatformAsync(string row)
    {
        var name = ContractServer.NewName(row.Replace(' ', '_').Replace('.', '_'));
        (await _client.PostAsync("/api/v1/namespaces", new { name })).Expect(201);
        return new TestPlatform(_client, name);
    }
}
