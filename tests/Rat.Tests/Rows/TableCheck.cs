using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>What the API shows of a table.</summary>
internal static class TableCheck
{
    /// <summary>Asserts that the table's details, a query and the preview agree.</summary>
    /// <param name="columns">Names and types, with commas.</param>
    /// <param name="rows">JSON of the rows in the order of their values.</param>
    public static async Task ExpectTableAsync(this TestPlatform platform, string name, string columns, string rows)
    {
        var details = (await platform.TableAsync(name)).Expect(200);
        Assert.Equal(columns, ColumnsOf(details));
        var query = (await platform.QueryAsync($"SELECT * FROM bronze.{name} ORDER BY ALL")).Expect(200);
        Assert.Equal(columns, ColumnsOf(query));
        Assert.Equal(JsonNode.Parse(rows)!.ToJsonString(), query["rows"]!.ToJsonString());
        var preview = (await platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/{name}/preview")).Expect(200);
        Assert.Equal(columns, ColumnsOf(preview));
        Assert.Equal(query["rows"]!.AsArray().Count, preview["rows"]!.AsArray().Count);
        Assert.Equal(query["rows"]!.AsArray().Count, (int)details["row_count"]!);
    }

    /// <summary>Everything that a commit could have changed.</summary>
    public static async Task<string> StateAsync(this TestPlatform platform, string name)
    {
        var details = (await platform.TableAsync(name)).Expect(200).Text;
        return details + (await platform.RowsAsync($"SELECT * FROM bronze.{name} ORDER BY ALL")).ToJsonString();
    }

    private static string ColumnsOf(ContractResponse response) =>
        string.Join(", ", response["columns"]!.AsArray().Select(column => $"{(string)column!["name"]!} {(string)column["type"]!}"));
}
