using System.Text.Json;
using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.Lake;

/// <summary>Tables of real runs, read by an implementation of Iceberg that has nothing in common with rat's (icebird), value by value against
/// <c>/query</c>; every manifest decoded by avsc and held against the specification.</summary>
public class IcebergOverHttpTests(ContractServer server) : IClassFixture<ContractServer>
{
    // A column: what the pipeline selects for rows 0 and 1 (row 2 is NULL throughout), and the query that gives a value the form in which
    // tests/readers prints it: a long, a time and a timestamp as text of the whole number, binary as hex, a map as pairs.
    private static readonly (string Name, string First, string Second, string Query)[] Columns =
    [
        ("boolean", "true", "false", "$c"),
        ("tinyint", "127::TINYINT", "(-128)::TINYINT", "$c"),
        ("utinyint", "255::UTINYINT", "0::UTINYINT", "$c"),
        ("smallint", "32767::SMALLINT", "(-32768)::SMALLINT", "$c"),
        ("usmallint", "65535::USMALLINT", "0::USMALLINT", "$c"),
        ("integer", "2147483647", "(-2147483648)::INTEGER", "$c"),
        ("uinteger", "4294967295::UINTEGER", "0::UINTEGER", "$c::VARCHAR"),
        ("bigint", "9223372036854775807", "(-9223372036854775808)::BIGINT", "$c::VARCHAR"),
        ("ubigint", "999999999999999::UBIGINT", "0::UBIGINT", "$c"),
        ("hugeint", "123456789012345::HUGEINT", "(-5)::HUGEINT", "$c"),
        ("float", "1.5::FLOAT", "'nan'::FLOAT", "$c"),
        ("double", "1e300::DOUBLE", "'-inf'::DOUBLE", "$c"),
        ("decimal", "12345.6789::DECIMAL(18,4)", "-0.0001::DECIMAL(18,4)", "$c"),
        ("date", "DATE '2024-02-29'", "DATE '1969-12-31'", "$c"),
        ("time", "TIME '23:59:59.999999'", "TIME '00:00:00'", "epoch_us($c)::VARCHAR"),
        ("timestamp", "TIMESTAMP '2024-01-01 01:02:03.000004'", "TIMESTAMP '1969-12-31 23:59:59.999999'", "epoch_us($c)::VARCHAR"),
        ("timestamp_s", "'2024-01-01 01:02:03'::TIMESTAMP_S", "'1970-01-01'::TIMESTAMP_S", "epoch_us($c)::VARCHAR"),
        ("timestamp_ms", "'2024-01-01 01:02:03.004'::TIMESTAMP_MS", "'1970-01-01'::TIMESTAMP_MS", "epoch_us($c)::VARCHAR"),
        ("timestamp_ns", "'2024-01-01 01:02:03.000004'::TIMESTAMP_NS", "'1970-01-01'::TIMESTAMP_NS", "epoch_us($c)::VARCHAR"),
        ("timestamptz", "TIMESTAMPTZ '2024-01-01 01:02:03+02'", "TIMESTAMPTZ '1970-01-01 00:00:00+00'", "epoch_us($c)::VARCHAR"),
        ("timetz", "TIMETZ '01:02:03+02'", "TIMETZ '00:00:00+00'", "$c"),
        ("interval", "INTERVAL '1 day 02:00:00'", "INTERVAL '3 months'", "$c"),
        ("varchar", "'Zürich 😀'", "''", "$c"),
        ("enum", "'b'::ENUM('a', 'b')", "'a'::ENUM('a', 'b')", "$c"),
        ("json", "'{\"a\": [1]}'::JSON", "'null'::JSON", "$c"),
        ("bit", "'10110'::BIT", "'0'::BIT", "$c"),
        ("uuid", "'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", "'00000000-0000-0000-0000-000000000000'::UUID", "$c"),
        ("blob", "'\\xFF\\x00a'::BLOB", "''::BLOB", "lower(hex($c))"),
        ("list", "[1, NULL, 3]", "[]::INTEGER[]", "$c"),
        ("array", "[1, 2, 3]::INTEGER[3]", "[4, 5, 6]::INTEGER[3]", "$c"),
        ("struct", "{'a': 1, 'b': ['x', NULL]}", "{'a': NULL, 'b': []::VARCHAR[]}", "$c"),
        ("map", "MAP {'k': 1::BIGINT, 'é': 2}", "MAP {'z': 0::BIGINT}", "[[e.key, e.value::VARCHAR] FOR e IN map_entries($c)]"),
        ("nested", "[{'x': 1, 'y': [{'z': 'a'}]}]", "[{'x': 2, 'y': []}]", "$c"),
        ("union", "union_value(num := 5)", "union_value(num := 6)", "$c"),
    ];

    [Fact]
    public async Task Another_implementation_reads_every_type_as_a_query_does()
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        (await platform.RunSqlAsync("all_types", AllTypes())).ExpectSuccess();

        var table = server.Process.Files.ReadTable(await MetadataAsync(platform, "all_types"));

        var rows = table["rows"]!.AsArray();
        Assert.Equal(3, rows.Count);
        foreach (var (name, _, _, query) in Columns)
        {
            var values = await platform.RowsAsync($"SELECT {query.Replace("$c", Quoted(name), StringComparison.Ordinal)} AS v FROM bronze.all_types ORDER BY row");
            for (var row = 0; row < 3; row++)
                AssertSame($"{name}[{row}]", values[row]!["v"], rows[row]![name]);
        }
    }

    [Fact]
    public async Task Every_manifest_of_many_runs_holds_to_the_specification()
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        await platform.PutPipelineAsync("history", AllTypes(), "merge_strategy: append_only");
        for (var run = 0; run < 35; run++)
            (await platform.RunAsync("history")).ExpectSuccess();
        await platform.PutPipelineAsync("history", AllTypes(), "merge_strategy: full_refresh");
        (await platform.RunAsync("history")).ExpectSuccess();
        await platform.PutPipelineAsync("history", "SELECT 1 AS another, 'x' AS text", "merge_strategy: full_refresh");
        (await platform.RunAsync("history")).ExpectSuccess();

        var counts = server.Process.Files.CheckTable(await MetadataAsync(platform, "history"));

        // And those of compaction, which comes in between.
        Assert.InRange((int)counts["snapshots"]!, 37, 60);
        // Every run after the first appended to 3 rows each; the bounds of each file's columns were held against its values.
        Assert.True((int)counts["bounds"]! >= 35 * 20);
        Assert.Equal("1", await platform.CellAsync("SELECT count(*) FROM bronze.history"));
    }

    private static string AllTypes()
    {
        string Row(int number, Func<(string Name, string First, string Second, string Query), string> value) =>
            $"SELECT {number} AS row, {string.Join(", ", Columns.Select(column => $"{value(column)} AS {Quoted(column.Name)}"))}";

        return $"SELECT * FROM ({Row(0, column => column.First)} UNION ALL {Row(1, column => column.Second)} UNION ALL {Row(2, _ => "NULL")}) ORDER BY row";
    }

    private static async Task<string> MetadataAsync(TestPlatform platform, string name) =>
        (string)(await platform.Client.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/{name}")).Expect(200)["metadata_location"]!;

    private static string Quoted(string name) => $"\"{name}\"";

    private static void AssertSame(string place, JsonNode? expected, JsonNode? actual) =>
        Assert.True(IsSame(expected, actual), $"{place}: /query {expected?.ToJsonString() ?? "null"}, icebird {actual?.ToJsonString() ?? "null"}");

    // icebird scales decimals in floating point, which costs up to two units of the last place.
    private static bool IsSame(JsonNode? expected, JsonNode? actual) =>
        JsonNode.DeepEquals(expected, actual)
        || (expected?.GetValueKind() == JsonValueKind.Number && actual?.GetValueKind() == JsonValueKind.Number
            && Math.Abs((double)expected - (double)actual) <= 4e-16 * Math.Abs((double)expected));
}
