using System.Text.Json.Nodes;
using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>What is committed is what somebody else's implementation of Iceberg reads.</summary>
public class RoundTripTests
{
    private static readonly TableName Name = new("default", "gold", "all-types_1");

    // A column: its type, and its values in SQL beside the form in which tests/readers prints them.
    private sealed record Scenario(string Name, LakeType Type, params (string Sql, string Json)[] Values);

    private static readonly Scenario[] Scenarios =
    [
        new("b", Bool, ("true", "true"), ("false", "false"), ("NULL", "null")),
        new("i", Int, ("2147483647", "2147483647"), ("-2147483648", "-2147483648"), ("NULL", "null")),
        new("l", Long, ("9223372036854775807", "\"9223372036854775807\""), ("-9223372036854775808", "\"-9223372036854775808\""), ("0", "\"0\"")),
        new("f", Float32, ("3.4028235e38", "3.4028234663852886e38"), ("'nan'", "\"NaN\""), ("NULL", "null")),
        new("f0", Float32, ("'-0.0'", "\"-0\""), ("0.0", "0"), ("1e-45", "1.401298464324817e-45")),
        new("d", Float64, ("1.7976931348623157e308", "1.7976931348623157e308"), ("'-inf'", "\"-Infinity\""), ("5e-324", "5e-324")),
        new("d0", Float64, ("0.0", "0"), ("'-0.0'", "\"-0\""), ("NULL", "null")),
        new("nans", Float64, ("'nan'", "\"NaN\""), ("'nan'", "\"NaN\""), ("'nan'", "\"NaN\"")),
        new("dec9", Decimal(9, 2), ("9999999.99", "9999999.99"), ("-0.01", "-0.01"), ("NULL", "null")),
        new("dec18", Decimal(18, 4), ("-99999999999999.9999", "-99999999999999.9999"), ("0", "0"), ("12.5", "12.5")),
        new("dec38", Decimal(38, 0),
            ("99999999999999999999999999999999999999", "1e38"), ("-99999999999999999999999999999999999999", "-1e38"), ("NULL", "null")),
        new("dt", Date, ("'2024-02-29'", "\"2024-02-29\""), ("'0001-01-01'", "\"0001-01-01\""), ("'9999-12-31'", "\"9999-12-31\"")),
        new("bc", Date, ("'0044-03-15 (BC)'", "\"-000043-03-15\""), ("'12345-06-07'", "\"+012345-06-07\""), ("NULL", "null")),
        new("tm", Time, ("'23:59:59.999999'", "\"86399999999\""), ("'00:00:00'", "\"0\""), ("NULL", "null")),
        new("ts", Timestamp,
            ("'2024-01-01 01:02:03.000004'", "\"1704070923000004\""), ("'1969-12-31 23:59:59.999999'", "\"-1\""), ("NULL", "null")),
        new("tz", TimestampTz,
            ("'2024-01-01 01:02:03+02'", "\"1704063723000000\""), ("'0001-01-01 00:00:00+00'", "\"-62135596800000000\""), ("NULL", "null")),
        new("s", Text, ("'Zürich 😀'", "\"Zürich 😀\""), ("''", "\"\""), ("NULL", "null")),
        new("long_s", Text,
            ("repeat('😀', 40)", $"\"{string.Concat(Enumerable.Repeat("😀", 40))}\""),
            ("repeat('z', 300)", $"\"{new string('z', 300)}\""),
            ("'a\"b\\c'", "\"a\\\"b\\\\c\"")),
        new("u", Uuid,
            ("'ffffffff-ffff-ffff-ffff-ffffffffffff'", "\"ffffffff-ffff-ffff-ffff-ffffffffffff\""),
            ("'00000000-0000-0000-0000-000000000000'", "\"00000000-0000-0000-0000-000000000000\""),
            ("NULL", "null")),
        new("bin", Binary, (@"'\xFF\x00a'", "\"ff0061\""), ("''", "\"\""), ("repeat('\\xFF', 20)", $"\"{new string('f', 40)}\"")),
        new("none", Int, ("NULL", "null"), ("NULL", "null"), ("NULL", "null")),
        new("st", Struct(("a", Int), ("inner", Struct(("t", Text), ("u", Uuid)))),
            ("{'a': 1, 'inner': {'t': 'x', 'u': '6ba7b810-9dad-11d1-80b4-00c04fd430c8'}}",
                "{\"a\":1,\"inner\":{\"t\":\"x\",\"u\":\"6ba7b810-9dad-11d1-80b4-00c04fd430c8\"}}"),
            ("{'a': NULL, 'inner': {'t': '', 'u': NULL}}", "{\"a\":null,\"inner\":{\"t\":\"\",\"u\":null}}"),
            ("{'a': -5, 'inner': NULL}", "{\"a\":-5,\"inner\":null}")),
        new("li", List(Long), ("[1, NULL, 3]", "[\"1\",null,\"3\"]"), ("[]", "[]"), ("NULL", "null")),
        new("ls", List(Struct(("x", Int), ("y", List(Text)))),
            ("[{'x': 1, 'y': ['a', 'ö']}, {'x': NULL, 'y': []}]", "[{\"x\":1,\"y\":[\"a\",\"ö\"]},{\"x\":null,\"y\":[]}]"),
            ("[]", "[]"),
            ("NULL", "null")),
        new("m", Map(Text, Decimal(9, 2)),
            ("MAP {'é': 1.25, 'k': NULL}", "[[\"é\",1.25],[\"k\",null]]"), ("MAP {}", "[]"), ("NULL", "null")),
    ];

    [Fact]
    public void Another_implementation_reads_every_type()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, [.. Scenarios.Select(scenario => new NewColumn(scenario.Name, scenario.Type))], AllRows());

        var table = IcebergReaders.Read(lake.FolderOf(state));

        Assert.Equal(3, (int)table["rowCount"]!);
        Assert.Equal(state.SnapshotId, (long)table["snapshotId"]!);
        Assert.Equal(Scenarios.Select(scenario => scenario.Name), table["schema"]!.AsArray().Select(field => (string)field!["name"]!));
        foreach (var scenario in Scenarios)
        {
            for (var row = 0; row < scenario.Values.Length; row++)
                AssertSame($"{scenario.Name}[{row}]", JsonNode.Parse(scenario.Values[row].Json), table["rows"]![row]![scenario.Name]);
        }
    }

    [Fact]
    public void Manifests_of_every_type_keep_the_specification()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, [.. Scenarios.Select(scenario => new NewColumn(scenario.Name, scenario.Type))], AllRows());

        var counts = IcebergReaders.Check(lake.FolderOf(state));

        // Both bounds of the 20 scalar columns, except: no bounds of all-null and all-NaN columns, no upper one of a binary that is all FF, none
        // of years before Christ and beyond 9999, and none where the text is so long that DuckDB gives none.
        Assert.True((int)counts["bounds"]! > 30, counts.ToJsonString());
    }

    [Fact]
    public void Statistics_are_kept_for_planning_as_the_manifest_has_them()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Columns(("id", Int), ("st", Struct(("x", Float64))), ("li", List(Int))),
            "SELECT 7 AS id, {'x': 1.5::DOUBLE} AS st, [1, 2, 3] AS li");
        lake.OpenAgain();

        var file = Assert.Single(lake.Find(Name)!.Files);

        Assert.Equal([1, 3, 5], file.Columns.Keys.Order());
        Assert.Equal("07000000", Convert.ToHexString(file.Columns[1].Lower!));
        Assert.Equal("07000000", Convert.ToHexString(file.Columns[1].Upper!));
        Assert.Equal((1, 0, null), (file.Columns[1].ValueCount, file.Columns[1].NullCount, file.Columns[1].NanCount));
        Assert.Equal(0, file.Columns[3].NanCount);
        Assert.Equal((3, null, null), (file.Columns[5].ValueCount, file.Columns[5].Lower, file.Columns[5].Upper));
        Assert.True(file.Columns[1].SizeBytes > 0);
    }

    [Fact]
    public void The_checker_finds_what_is_wrong()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Columns(("id", Int)), "SELECT 1 AS id");
        var metadata = Path.Combine(lake.Root, state.MetadataPath);
        File.WriteAllText(metadata, File.ReadAllText(metadata)
            .Replace("\"last-sequence-number\":1", "\"last-sequence-number\":2", StringComparison.Ordinal)
            .Replace("\"total-records\":\"1\"", "\"total-records\":\"2\"", StringComparison.Ordinal));
        File.AppendAllText(Path.Combine(lake.Root, state.Files[0].Path), "x");

        var violations = IcebergReaders.Violations(metadata)["violations"]!.AsArray().Select(violation => (string)violation!).ToList();

        Assert.Contains(violations, text => text.Contains("last-sequence-number", StringComparison.Ordinal));
        Assert.Contains(violations, text => text.Contains("total-records is not 1", StringComparison.Ordinal));
        Assert.Contains(violations, text => text.Contains("file_size_in_bytes is wrong", StringComparison.Ordinal));
    }

    private static string AllRows() => string.Join(" UNION ALL ", Enumerable.Range(0, 3).Select(row =>
        $"SELECT {string.Join(", ", Scenarios.Select(column => $"CAST({column.Values[row].Sql} AS {LakeTypeText.ToSql(column.Type)}) AS {column.Name}"))}"));

    // Decimals pass through the other reader's floating point.
    private static void AssertSame(string place, JsonNode? expected, JsonNode? actual)
    {
        switch (expected)
        {
            case JsonObject fields:
                Assert.Equal(fields.Select(field => field.Key), actual!.AsObject().Select(field => field.Key));
                foreach (var (name, value) in fields)
                    AssertSame($"{place}.{name}", value, actual[name]);
                break;
            case JsonArray items:
                Assert.Equal(items.Count, actual!.AsArray().Count);
                for (var index = 0; index < items.Count; index++)
                    AssertSame($"{place}[{index}]", items[index], actual[index]);
                break;
            case JsonValue when expected.GetValueKind() == System.Text.Json.JsonValueKind.Number:
                var (want, have) = ((double)expected, (double)actual!);
                Assert.True(want == have || Math.Abs(want - have) <= Math.Abs(want) * 1e-12, $"{place}: {have}, not {want}");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{place}: {actual?.ToJsonString() ?? "null"}, not {expected?.ToJsonString() ?? "null"}");
                break;
        }
    }
}
