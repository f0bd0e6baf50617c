using Rat.Tests.Contract;
using Rat.Tests.Rows;

namespace Rat.Tests.History;

/// <summary>What readers see while tables are written: states, whole, in order.</summary>
public class IsolationTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const int Commits = 30;
    private const int Readers = 3;
    private const string Next = "SELECT g + 1 AS g, i FROM (SELECT max(g) AS g FROM {{ this }}), range(1000 + (g % 2) * 500) AS t(i)";

    [Fact]
    public async Task Readers_of_one_table_see_one_commit_after_the_other()
    {
        var platform = await server.NewPlatformAsync("one_table");
        (await platform.RunSqlAsync("p", "SELECT 1 AS g, i FROM range(1500) AS t(i)")).ExpectSuccess();
        await platform.PutPipelineAsync("p", Next);

        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => ReadAsync(
            platform, "SELECT min(g) AS a, max(g) AS b, count(*) AS c, count(DISTINCT i) AS d FROM bronze.p", ended.Token)).ToList();
        for (var i = 0; i < Commits; i++)
            (await platform.RunAsync("p")).ExpectSuccess();
        await ended.CancelAsync();
        foreach (var seen in await Task.WhenAll(readers))
        {
            Assert.Equal(Commits + 1, seen[^1][0]);
            // min, max, rows, numbers: g is 1000 rows after an even one, 1500 after an odd one.
            Assert.All(seen, row => Assert.Equal([row[0], row[0], RowsOf(row[0]), RowsOf(row[0])], row));
            Assert.Equal(seen.Select(row => row[0]).Order(), seen.Select(row => row[0]));
            Assert.InRange(seen.Select(row => row[0]).Distinct().Count(), 2, Commits + 1);
        }
    }

    [Fact]
    public async Task Readers_of_three_tables_see_one_state_of_all_three()
    {
        var platform = await server.NewPlatformAsync("three_tables");
        (await platform.RunSqlAsync("a", "SELECT 1 AS g")).ExpectSuccess();
        await platform.PutPipelineAsync("a", "SELECT g + 1 AS g FROM (SELECT max(g) AS g FROM {{ this }}), range(500)");
        (await platform.RunSqlAsync("b", "SELECT g FROM (SELECT max(g) AS g FROM {{ ref('bronze.a') }}), range(500)")).ExpectSuccess();
        (await platform.RunSqlAsync("c", "SELECT g FROM (SELECT max(g) AS g FROM {{ ref('bronze.b') }}), range(500)")).ExpectSuccess();

        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, Readers).Select(_ => ReadAsync(
            platform,
            "SELECT max(c.g) AS c, max(b.g) AS b, max(a.g) AS a, count(DISTINCT a.g) + count(DISTINCT b.g) + count(DISTINCT c.g) AS n "
            + "FROM bronze.c FULL JOIN bronze.b ON false FULL JOIN bronze.a ON false",
            ended.Token)).ToList();
        for (var i = 0; i < Commits / 3; i++)
        {
            foreach (var name in new[] { "a", "b", "c" })
                (await platform.RunAsync(name)).ExpectSuccess();
        }

        await ended.CancelAsync();
        var all = (await Task.WhenAll(readers)).SelectMany(seen => seen).ToList();
        // The generation goes from a to b to c: a reader that mixed states would find one ahead of its source, or two behind.
        Assert.All(all, row => Assert.True(row[0] <= row[1] && row[1] <= row[2] && row[2] <= row[0] + 1 && row[3] == 3, string.Join(", ", row)));
        Assert.True(all.Select(row => (row[0], row[1], row[2])).Distinct().Count() > 3);
    }

    private static long RowsOf(long generation) => generation == 1 || generation % 2 == 0 ? 1500 : 1000;

    private static async Task<List<long[]>> ReadAsync(TestPlatform platform, string sql, CancellationToken ended)
    {
        var seen = new List<long[]>();
        for (var isLast = false; !isLast;)
        {
            isLast = ended.IsCancellationRequested;
            var row = Assert.Single(await platform.RowsAsync(sql))!.AsObject();
            seen.Add([.. row.Select(cell => (long)cell.Value!)]);
        }

        return seen;
    }
}
