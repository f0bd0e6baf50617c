using System.Text.Json;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>Types and values of results, byte for byte (engine.md 8.5, 8.6; DECISIONS 6, 7).</summary>
public class ValueRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private static readonly IReadOnlyList<ValueCase> Cases = ValueCases.All;

    [Theory]
    [InlineData("row 144")]
    public async Task Every_type_in_one_row_has_its_form(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var answer = (await platform.QueryAsync($"SELECT {Columns(Cases, value => value.Sql)}")).Expect(200);
        AssertCells(answer, Cases, value => value.Type, value => value.Json);
    }

    [Theory]
    [InlineData("row 144")]
    public async Task Every_type_has_NULL(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var answer = (await platform.QueryAsync($"SELECT {Columns(Cases, value => $"CAST(NULL AS {value.Type})")}")).Expect(200);
        AssertCells(answer, Cases, value => value.Type, _ => "null");
    }

    // The reader looks at many rows at once: a NULL and a value must not disturb each other.
    [Theory]
    [InlineData("row 144")]
    public async Task Values_and_NULLs_alternate_in_many_rows(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var columns = Columns(Cases, value => $"([{value.Sql}, NULL])[1 + i % 2]");
        var answer = (await platform.QueryAsync($"SELECT {columns} FROM range(5000) AS t(i)", limit: 5000)).Expect(200);
        using var document = JsonDocument.Parse(answer.RawBody);
        var rows = document.RootElement.GetProperty("rows").EnumerateArray().Select(cells => cells.GetRawText()).ToList();
        Assert.Equal(5000, rows.Count);
        var names = Enumerable.Range(0, Cases.Count).ToList();
        Assert.Equal($"{{{string.Join(',', names.Select(n => $"\"c{n}\":{Cases[n].Json}"))}}}", Assert.Single(rows.Where((_, n) => n % 2 == 0).Distinct()));
        Assert.Equal($"{{{string.Join(',', names.Select(n => $"\"c{n}\":null"))}}}", Assert.Single(rows.Where((_, n) => n % 2 == 1).Distinct()));
    }

    [Theory]
    [InlineData("clause 8.6", "SELECT 1 AS a, 2 AS a, 3 AS a", "{\"a\":1,\"a_1\":2,\"a_2\":3}")]
    [InlineData("clause 8.6", "SELECT NULL AS a, 'x' AS \"a \"\"b\"\"\"", "{\"a\":null,\"a \\\"b\\\"\":\"x\"}")]
    public async Task Columns_are_keyed_by_name(string row, string sql, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        using var document = JsonDocument.Parse((await platform.QueryAsync(sql)).Expect(200).RawBody);
        Assert.Equal(expected, document.RootElement.GetProperty("rows")[0].GetRawText());
    }

    private static IEnumerable<string> NamesAndTypes(ContractResponse answer) =>
        answer["columns"]!.AsArray().Select(column => $"{column!["name"]} {column["type"]}");

    [Theory]
    [InlineData("clause 4.7")]
    public async Task A_table_gives_back_what_it_stores_of_every_type(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var stored = Cases.Where(value => value.IsStored).ToList();
        (await platform.RunSqlAsync("p", $"SELECT {Columns(stored, value => value.Sql)}")).ExpectSuccess();
        var answer = (await platform.QueryAsync("SELECT * FROM bronze.p")).Expect(200);
        AssertCells(answer, stored, value => value.StoredType ?? value.Type, value => value.StoredJson ?? value.Json);
        Assert.Equal(NamesAndTypes(answer), NamesAndTypes((await platform.TableAsync("p")).Expect(200)));

        (await platform.RunSqlAsync("p", $"SELECT {Columns(stored, value => $"CAST(NULL AS {value.Type})")}")).ExpectSuccess();
        var nulls = (await platform.QueryAsync("SELECT * FROM bronze.p")).Expect(200);
        AssertCells(nulls, stored, value => value.StoredType ?? value.Type, _ => "null");
    }

    [Theory]
    [InlineData("clause 4.7", "SELECT 170141183460469231731687303715884105727::HUGEINT AS x")]
    [InlineData("clause 4.7", "SELECT 340282366920938463463374607431768211455::UHUGEINT AS x")]
    public async Task A_number_that_no_table_can_hold_fails_and_is_never_rounded(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        server.AssertNothingLocal((await platform.RunSqlAsync("p", sql)).ExpectFailure());
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
    }

    private static string Columns(IReadOnlyList<ValueCase> cases, Func<ValueCase, string> expression) =>
        string.Join(", ", cases.Select((value, n) => $"{expression(value)} AS c{n}"));

    private static void AssertCells(
        ContractResponse answer, IReadOnlyList<ValueCase> cases, Func<ValueCase, string> type, Func<ValueCase, string> json)
    {
        using var document = JsonDocument.Parse(answer.RawBody);
        var columns = document.RootElement.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("type").GetString()!).ToList();
        var cells = Assert.Single(document.RootElement.GetProperty("rows").EnumerateArray());
        Assert.Equal(cases.Count, columns.Count);
        var wrong =
            from pair in cases.Index()
            let actual = $"{columns[pair.Index]} {cells.GetProperty($"c{pair.Index}").GetRawText()}"
            let expected = $"{type(pair.Item)} {json(pair.Item)}"
            where actual != expected
            select $"{pair.Item.Sql}: {actual}, not {expected}";
        Assert.Empty(wrong);
    }
}
