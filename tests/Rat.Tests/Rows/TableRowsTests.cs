using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>The lists and details of tables (engine.md 8.7).</summary>
public class TableRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 147")]
    public async Task The_list_has_the_true_counts_and_sizes(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("a", "SELECT i, i * i AS square FROM range(1000) AS t(i)")).ExpectSuccess();
        (await platform.RunSqlAsync("b", "SELECT 1 AS x", layer: "silver")).ExpectSuccess();
        await AssertListAsync(platform, ("bronze", "a", 1000), ("silver", "b", 1));

        // What was written over doesn't count; what was appended to does.
        var old = server.DataFiles(platform.Namespace).ToHashSet();
        (await platform.RunSqlAsync("a", "SELECT i FROM range(10) AS t(i)")).ExpectSuccess();
        (await platform.RunSqlAsync("b", "SELECT 2 AS x", "merge_strategy: append_only", "silver")).ExpectSuccess();
        await AssertListAsync(platform, ("bronze", "a", 10), ("silver", "b", 2));
        var added = server.DataFiles(platform.Namespace)
            .Where(file => !old.Contains(file) && file.Contains("bronze", StringComparison.Ordinal));
        Assert.Equal(added.Sum(server.Process.Files.Length), (long)(await platform.TableAsync("a")).Expect(200)["size_bytes"]!);

        var layer = (await platform.Client.GetAsync($"/api/v1/tables?namespace={platform.Namespace}&layer=silver")).Expect(200);
        Assert.Equal("b", (string)Assert.Single(layer["tables"]!.AsArray())!["name"]!);
    }

    [Theory]
    [InlineData("row 148", "bronze", "nope", 404, "NOT_FOUND")]
    [InlineData("row 148", "copper", "t", 400, "INVALID_ARGUMENT")]
    [InlineData("row 148", "Bronze", "t", 400, "INVALID_ARGUMENT")]
    [InlineData("row 148", "bronze", "x%3B%20DROP", 400, "INVALID_ARGUMENT")]
    [InlineData("row 148", "x%3B%20DROP", "t", 400, "INVALID_ARGUMENT")]
    [InlineData("row 148", "bronze", "t%22", 400, "INVALID_ARGUMENT")]
    public async Task A_name_that_is_none_is_refused_everywhere(string row, string layer, string name, int status, string code)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("t", "SELECT 1 AS x")).ExpectSuccess();
        server.AssertNothingLocal((await platform.TableAsync(name, layer)).ExpectError(status, code));
        server.AssertNothingLocal((await platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/{layer}/{name}/preview")).ExpectError(status, code));
        Assert.Equal("1", await platform.CellAsync("SELECT x FROM bronze.t"));
    }

    private async Task AssertListAsync(TestPlatform platform, params (string Layer, string Name, int Rows)[] expected)
    {
        var list = (await platform.Client.GetAsync($"/api/v1/tables?namespace={platform.Namespace}")).Expect(200);
        Assert.Equal(expected.Length, (int)list["total"]!);
        Assert.Equal(expected, list["tables"]!.AsArray().Select(table => ((string)table!["layer"]!, (string)table["name"]!, (int)table["row_count"]!)));
        foreach (var table in list["tables"]!.AsArray())
        {
            var (layer, name) = ((string)table!["layer"]!, (string)table["name"]!);
            var details = (await platform.TableAsync(name, layer)).Expect(200);
            Assert.Equal((int)table["row_count"]!, (int)details["row_count"]!);
            Assert.Equal((long)table["size_bytes"]!, (long)details["size_bytes"]!);
            Assert.Equal($"{(int)table["row_count"]!}", await platform.CellAsync($"SELECT count(*) FROM {layer}.{name}"));
            Assert.InRange((long)table["size_bytes"]!, 1, server.DataFiles(platform.Namespace).Sum(server.Process.Files.Length));
        }
    }
}
