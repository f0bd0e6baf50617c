using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Tests.Contract;
using Rat.Tests.Lake;

namespace Rat.Tests.Queries;

/// <summary>Results by <c>Accept</c>: whole, the same rows in each form, and late errors still told.</summary>
public class ExportTests(ContractServer server) : IClassFixture<ContractServer>
{
    private const string Csv = "text/csv";
    private const string Ndjson = "application/x-ndjson";
    private const string Parquet = "application/vnd.apache.parquet";
    private const string Arrow = "application/vnd.apache.arrow.stream";

    // Each row is another mix of values and NULLs; texts hold what needs quoting.
    private const string Mixed = """
        SELECT range AS id, CASE WHEN range % 3 <> 0 THEN (range % 1000)::INTEGER END AS small, CASE WHEN range % 5 <> 0 THEN range / 7 END AS ratio,
               CASE WHEN range % 4 <> 0 THEN range % 2 = 0 END AS flag,
               CASE range % 6 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN 'a,"b"' WHEN 3 THEN E'line\nbreak' WHEN 4 THEN 'grüße 🐀' ELSE 'a text that is longer than twelve bytes' END AS text,
               CASE WHEN range % 7 <> 0 THEN [range % 10, NULL, 3]::INTEGER[] END AS list,
               CASE WHEN range % 8 <> 0 THEN {'a': range % 3, 'b': CASE WHEN range % 9 = 0 THEN NULL ELSE 'x' END} END AS part
        FROM range(ROWS)
        """;

    private static readonly string[] All = [Csv, Ndjson, Parquet, Arrow];

    public static TheoryData<string> Formats => [.. All];

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/html, application/xhtml+xml, */*;q=0.8", "application/json")]
    [InlineData("text/html", "application/json")]
    [InlineData("text/csv;q=0", "application/json")]
    [InlineData("nonsense;;;,,", "application/json")]
    [InlineData("TEXT/CSV", Csv)]
    [InlineData("application/json;q=0.5, text/csv;q=0.9", Csv)]
    [InlineData("application/x-ndjson, text/csv", Ndjson)]
    [InlineData("*/*;q=0.1, application/vnd.apache.parquet", Parquet)]
    [InlineData(Arrow, Arrow)]
    public async Task Accept_chooses_the_format(string accept, string expected)
    {
        var answer = await server.Client.PostAsync("/api/v1/query", new { sql = "SELECT 1 AS a" }, ("Accept", accept));
        Assert.Equal(expected, answer.Expect(200).MediaType);
    }

    [Fact]
    public async Task Each_format_has_the_rows_of_the_json_answer()
    {
        var sql = Mixed.Replace("ROWS", "5000", StringComparison.Ordinal);
        var expected = (await server.Client.PostAsync("/api/v1/query", new { sql, limit = 5000 })).Expect(200)["rows"]!.AsArray();

        var lines = (await ExportAsync(sql, Ndjson)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        AssertSame(expected, new JsonArray([.. lines.Select(line => JsonNode.Parse(line))]), node => node);
        AssertSame(expected, (await ReadAsync("arrow", await ExportAsync(sql, Arrow)))["rows"]!.AsArray(), Number);
        AssertSame(expected, (await ReadAsync("parquet", await ExportAsync(sql, Parquet)))["rows"]!.AsArray(), Number);
    }

    [Fact]
    public async Task Csv_is_quoted_as_rfc_4180_says()
    {
        var answer = await ExportAsync(Mixed.Replace("ROWS", "7", StringComparison.Ordinal), Csv);
        Assert.Equal(
            "id,small,ratio,flag,text,list,part\r\n"
            + "0,,,,,,\r\n"
            + "1,1,0.14285714285714285,false,\"\",\"[1, NULL, 3]\",\"{'a': 1, 'b': x}\"\r\n"
            + "2,2,0.2857142857142857,true,\"a,\"\"b\"\"\",\"[2, NULL, 3]\",\"{'a': 2, 'b': x}\"\r\n"
            + "3,,0.42857142857142855,false,\"line\nbreak\",\"[3, NULL, 3]\",\"{'a': 0, 'b': x}\"\r\n"
            + "4,4,0.5714285714285714,,grüße 🐀,\"[4, NULL, 3]\",\"{'a': 1, 'b': x}\"\r\n"
            + "5,5,,false,a text that is longer than twelve bytes,\"[5, NULL, 3]\",\"{'a': 2, 'b': x}\"\r\n"
            + "6,,0.8571428571428571,true,,\"[6, NULL, 3]\",\"{'a': 0, 'b': x}\"\r\n", answer.Text);
        Assert.Equal("text/csv; charset=utf-8; header=present", answer.Header("Content-Type"));
    }

    [Fact]
    public async Task Arrow_has_every_type_and_its_null()
    {
        (string Sql, string Type, string Value)[] cases =
        [
            ("true", "Bool", "true"),
            ("42::TINYINT", "Int32", "42"),
            ("-7::SMALLINT", "Int32", "-7"),
            ("2147483647::INTEGER", "Int32", "2147483647"),
            ("4294967295::UINTEGER", "Int64", "\"4294967295\""),
            ("(-9223372036854775808)::BIGINT", "Int64", "\"-9223372036854775808\""),
            ("18446744073709551615::UBIGINT", "Decimal[20e0]", "\"18446744073709551615\""),
            ("-(99999999999999999999999999999999999999::HUGEINT)", "Decimal[38e0]", "\"-99999999999999999999999999999999999999\""),
            ("1.5::FLOAT", "Float32", "1.5"),
            ("0.1::DOUBLE", "Float64", "0.1"),
            ("-12.34::DECIMAL(4,2)", "Decimal[4e+2]", "\"-1234\""),
            ("123456.789::DECIMAL(18,3)", "Decimal[18e+3]", "\"123456789\""),
            ("-0.5::DECIMAL(38,10)", "Decimal[38e+10]", "\"-5000000000\""),
            ("'short'", "Utf8", "\"short\""),
            ("'ein längerer Text ✓'", "Utf8", "\"ein längerer Text ✓\""),
            (@"'\x00\xFF'::BLOB", "Binary", "\"00ff\""),
            ("DATE '2024-02-29'", "Date32<DAY>", "19782"),
            ("TIME '23:59:59.999999'", "Time64<MICROSECOND>", "\"86399999999\""),
            ("TIMESTAMP '1969-12-31 23:59:59.999999'", "Timestamp<MICROSECOND>", "\"-1\""),
            ("TIMESTAMPTZ '2024-01-01 00:00:00+00'", "Timestamp<MICROSECOND, UTC>", "\"1704067200000000\""),
            ("UUID '7a4f0b1e-3f0a-4f0e-9a51-111111111111'", "Utf8", "\"7a4f0b1e-3f0a-4f0e-9a51-111111111111\""),
            ("INTERVAL 1 DAY", "Utf8", "\"1 day\""),
            ("'b'::ENUM('a', 'b')", "Utf8", "\"b\""),
            ("'101'::BIT", "Utf8", "\"101\""),
            ("[[1], [], NULL]", "List<List<Int32>>", "[[1],[],null]"),
            ("array_value(1, 2)", "List<Int32>", "[1,2]"),
            ("{'a': 1, 'b': {'c': [true, NULL]}}", "Struct<{a:Int32, b:Struct<{c:List<Bool>}>}>", """{"a":1,"b":{"c":[true,null]}}"""),
            ("MAP {'k': 1, 'l': NULL}", "Map<{key:Utf8, value:Int32}>", """[{"key":"k","value":1},{"key":"l","value":null}]"""),
        ];
        // The rows between show that NULLs and values don't get into each other's places.
        var values = $"SELECT {string.Join(", ", cases.Select((item, i) => $"{item.Sql} AS c{i}"))}";
        var sql = $"{values} UNION ALL SELECT {string.Join(", ", cases.Select(_ => "NULL"))} UNION ALL {values}";
        var read = await ReadAsync("arrow", await ExportAsync(sql, Arrow));
        for (var i = 0; i < cases.Length; i++)
        {
            Assert.Equal((i, cases[i].Type), (i, ((string)read["columns"]![i]!["type"]!).Replace("entries:Struct<", "", StringComparison.Ordinal)));
            Assert.Equal((i, cases[i].Value), (i, read["rows"]![0]![$"c{i}"]!.ToJsonString(Relaxed)));
            Assert.Null(read["rows"]![1]![$"c{i}"]);
            Assert.Equal((i, cases[i].Value), (i, read["rows"]![2]![$"c{i}"]!.ToJsonString(Relaxed)));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Whole_results_pass_the_row_cap(string format)
    {
        const int Rows = 230_001;
        var answer = await ExportAsync($"SELECT range AS id, repeat('x', 10 + (range % 7)::INTEGER) AS text FROM range({Rows})", format);
        Assert.Equal(Rows, await CountAsync(answer, format));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task A_limit_counts_and_nothing_is_an_answer_too(string format)
    {
        Assert.Equal(7, await CountAsync(await ExportAsync("SELECT range AS id FROM range(1000)", format, limit: 7), format));
        Assert.Equal(0, await CountAsync(await ExportAsync("SELECT range AS id FROM range(0)", format), format));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task An_error_in_the_last_row_is_a_400_and_leaves_no_file(string format)
    {
        var sql = "SELECT CASE WHEN range = 299999 THEN error('too late') ELSE range END AS id FROM range(300000)";
        var answer = await server.Client.PostAsync("/api/v1/query", new { sql }, ("Accept", format));
        Assert.Contains("too late", answer.ExpectError(400), StringComparison.Ordinal);
        Assert.Contains("JSON only", (await server.Client.PostAsync("/api/v1/query", new { sql = "EXPLAIN SELECT 1" }, ("Accept", format)))
            .ExpectError(400), StringComparison.Ordinal);
        Assert.Empty(Exports());
    }

    [Fact]
    public async Task A_client_that_goes_away_leaves_no_file()
    {
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/query"))
        {
            request.Content = new StringContent("""{"sql": "SELECT range, repeat('x', 500) AS t FROM range(100000)"}""");
            request.Headers.Add("Accept", Ndjson);
            using var answer = await server.Process.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        for (var i = 0; i < 100 && Exports().Any(); i++)
            await Task.Delay(50);
        Assert.Empty(Exports());
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_result()
    {
        if (!OperatingSystem.IsLinux())
            return;
        const string Sql = "SELECT range AS id, md5(range::VARCHAR) AS a, md5((range + 1)::VARCHAR) AS b, range / 3 AS c FROM range(ROWS)";
        foreach (var format in All)
            await ExportAsync(Sql.Replace("ROWS", "100000", StringComparison.Ordinal), format);
        var before = PeakMegabytes();
        var bytes = 0L;
        foreach (var format in All)
            bytes += await LengthAsync(Sql.Replace("ROWS", "1500000", StringComparison.Ordinal), format);
        Assert.InRange(PeakMegabytes() - before, 0, bytes / 1e6 / 3);
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private async Task<ContractResponse> ExportAsync(string sql, string format, int? limit = null) =>
        (await server.Client.PostAsync("/api/v1/query", limit is null ? new { sql } : new { sql, limit }, ("Accept", format))).Expect(200);

    private async Task<long> LengthAsync(string sql, string format)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/query") { Content = new StringContent(new JsonObject { ["sql"] = sql }.ToJsonString()) };
        request.Headers.Add("Accept", format);
        using var answer = await server.Process.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.CopyToAsync(Stream.Null);
        return answer.Content.Headers.ContentLength!.Value;
    }

    private double PeakMegabytes()
    {
        var line = File.ReadLines($"/proc/{server.Process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim(), CultureInfo.InvariantCulture) / 1000.0;
    }

    private IEnumerable<string> Exports() => Directory.EnumerateFiles(Path.Combine(server.Process.DataDirectory, "tmp"), "export-*");

    private static async Task<int> CountAsync(ContractResponse answer, string format) => format switch
    {
        Csv => answer.Text.Split("\r\n").Length - 2,
        Ndjson => answer.Text.Split('\n').Length - 1,
        _ => (await ReadAsync(format == Arrow ? "arrow" : "parquet", answer))["rows"]!.AsArray().Count,
    };

    private static async Task<JsonNode> ReadAsync(string reader, ContractResponse answer)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, answer.RawBody);
            return IcebergReaders.ReadResult(reader, file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static void AssertSame(JsonArray expected, JsonArray actual, Func<JsonNode?, JsonNode?> normal)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            var row = normal(actual[i]);
            Assert.True(JsonNode.DeepEquals(expected[i], row), $"row {i}: expected {expected[i]!.ToJsonString()}, got {row?.ToJsonString()}");
        }
    }

    /// <summary>The readers print 64-bit integers as texts.</summary>
    private static JsonNode? Number(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, Number(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Number)]),
        JsonValue value when value.TryGetValue<string>(out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
        _ => node?.DeepClone(),
    };
}
