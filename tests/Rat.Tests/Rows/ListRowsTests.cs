using System.Text;

namespace Rat.Tests.Rows;

/// <summary>Lists and maps of texts, which DuckDB doesn't write in every encoding of Parquet.</summary>
public class ListRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("clause 8.5", "SELECT ['a', 'b'] AS x FROM range(3)", 3)]
    [InlineData("clause 8.5", "SELECT [['a']] AS x, {'k': ['bb', 'bb']} AS y FROM range(2)", 2)]
    [InlineData("clause 8.5", "SELECT MAP {'a': 'b'} AS x FROM range(5)", 5)]
    [InlineData("clause 8.5", "SELECT ['ab'::BLOB] AS x FROM range(9)", 9)]
    // A last row group of two rows.
    [InlineData("clause 8.5", "SELECT i, ['tag', 'tag'] AS x FROM range(122882) AS t(i)", 122882)]
    public async Task Few_equal_texts_in_lists_are_written_and_exported(string row, string sql, int rows)
    {
        var platform = await server.NewPlatformAsync(row);
        Assert.Equal(rows, (await platform.RunSqlAsync("p", sql)).ExpectSuccess().Rows);
        Assert.Equal(rows, (await platform.RunSqlAsync("p", sql, "merge_strategy: append_only")).ExpectSuccess().Rows);
        Assert.Equal($"[{rows * 2},1]", await platform.CellAsync("SELECT [count(*), count(DISTINCT x)]::INTEGER[] AS n FROM bronze.p"));
        var exported = await platform.Client.PostAsync(
            "/api/v1/query", new { sql, @namespace = platform.Namespace }, ("Accept", "application/vnd.apache.parquet"));
        Assert.Equal("PAR1", Encoding.ASCII.GetString(exported.Expect(200).RawBody[..4]));
    }
}
