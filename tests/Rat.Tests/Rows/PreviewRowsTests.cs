using System.Diagnostics;
using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>Previews (engine.md 6.1). Row 115 needs Python.</summary>
public class PreviewRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 111")]
    public async Task One_row_shows_columns_total_and_the_five_phases(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS id, 'a' AS label, 1.5::DECIMAL(4,2) AS amount");
        var preview = await PreviewAsync(platform, new { limit = 10 });
        Assert.Equal("""[{"name":"id","type":"INTEGER"},{"name":"label","type":"VARCHAR"},{"name":"amount","type":"DECIMAL(4,2)"}]""",
            preview["columns"]!.ToJsonString());
        Assert.Equal("""[{"id":1,"label":"a","amount":1.50}]""", preview["rows"]!.ToJsonString());
        Assert.Equal(1, (int)preview["total_row_count"]!);
        Assert.Equal(["detect", "compile", "execute", "explain", "count"], Phases(preview));
        Assert.Equal("sql", (string)preview["phases"]![0]!["metadata"]!["pipeline_type"]!);
        Assert.Equal("10", (string)preview["phases"]![2]!["metadata"]!["limit"]!);
        Assert.Null(preview.Json.AsObject()["error"]);
        Assert.Equal("[]", preview["warnings"]!.ToJsonString());
        Assert.True((long)preview["memory_peak_bytes"]! >= 0);
        Assert.Contains("PROJECTION", preview.TextOf("explain_output"), StringComparison.Ordinal);
        Assert.Contains("\n\nExecution:\n", preview.TextOf("explain_output"), StringComparison.Ordinal);
        Assert.Equal("Preview completed", (string)preview["logs"]!.AsArray()[^1]!["message"]!);
        Assert.Contains("Compiled SQL:\nSELECT 1 AS id", preview["logs"]!.ToJsonString().Replace("\\n", "\n", StringComparison.Ordinal), StringComparison.Ordinal);

        // Nothing was run, written or remembered.
        Assert.Equal(0, (int)(await server.Client.GetAsync($"/api/v1/runs?namespace={platform.Namespace}")).Expect(200)["total"]!);
        (await platform.TableAsync("p")).Expect(404);
        Assert.Empty(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("row 112", 100, null, 100, 250)]
    [InlineData("row 112", null, null, 100, 250)]
    [InlineData("row 112", 0, null, 100, 250)]
    [InlineData("row 112", -3, null, 100, 250)]
    [InlineData("row 112", 250, null, 250, 250)]
    [InlineData("row 112", 251, null, 250, 250)]
    [InlineData("row 112", 5000, null, 250, 250)]
    [InlineData("row 112", 10, "20", 20, 250)]
    [InlineData("row 112", 10, "0", 10, 250)]
    [InlineData("row 112", 10, "-5", 10, 250)]
    [InlineData("row 112", 10, "many", 10, 250)]
    public async Task The_limit_cuts_the_rows_and_the_total_counts_all(string row, int? inBody, string? parameter, int rows, int total)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT range AS i FROM range(250) ORDER BY i");
        var body = inBody is null ? null : new JsonObject { ["limit"] = inBody };
        var preview = await PreviewAsync(platform, body?.ToJsonString(), parameter is null ? "" : $"?limit={parameter}");
        Assert.Equal((rows, total), (preview["rows"]!.AsArray().Count, (int)preview["total_row_count"]!));
        Assert.Equal(0, (int)preview["rows"]![0]!["i"]!);
        Assert.Equal(rows - 1, (int)preview["rows"]![rows - 1]!["i"]!);
    }

    [Theory]
    [InlineData("row 112")]
    public async Task More_than_a_thousand_rows_are_never_shown(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT range AS i FROM range(123456)");
        var preview = await PreviewAsync(platform, new { limit = 100_000 });
        Assert.Equal((1000, 123456), (preview["rows"]!.AsArray().Count, (int)preview["total_row_count"]!));
    }

    // Only rows of the limit are computed, so that the cast fails when all of them are counted.
    [Theory]
    [InlineData("row 113")]
    public async Task What_fails_after_the_execution_is_a_warning(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT range AS i FROM range(1000000) WHERE CASE WHEN range = 999999 THEN error('too far') ELSE true END");
        var preview = await PreviewAsync(platform, new { limit = 3 });
        Assert.Null(preview.Json.AsObject()["error"]);
        Assert.Equal(3, preview["rows"]!.AsArray().Count);
        Assert.Contains("Counting failed: ", (string)Assert.Single(preview["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal(["detect", "compile", "execute", "explain"], Phases(preview));
        Assert.Equal(3, (int)preview["total_row_count"]!);
    }

    [Theory]
    [InlineData("row 114")]
    public async Task Inline_code_is_taken_instead_of_the_file(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "this is no SQL");
        var preview = await PreviewAsync(platform, new { code = "SELECT 'inline' AS origin" });
        Assert.Equal("""[{"origin":"inline"}]""", preview["rows"]!.ToJsonString());
        Assert.Contains("Using inline code (25 characters)", preview.Text, StringComparison.Ordinal);

        // Nor is the file needed.
        await platform.DeleteFileAsync("pipelines/bronze/p/pipeline.sql");
        Assert.Single((await PreviewAsync(platform, new { code = "SELECT 1 AS x" }))["rows"]!.AsArray());
        Assert.Contains("pipeline source not found", Error(await PreviewAsync(platform, null)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row 116")]
    public async Task Samples_are_preferred_and_their_absence_is_a_warning(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "real.csv", "x\n1\n2\n");
        await platform.PutPipelineAsync("p", "SELECT sum(x) AS total FROM read_csv_auto('{{ landing_zone(\"z\") }}')");
        var all = await PreviewAsync(platform, null);
        Assert.Equal("""[{"total":3}]""", all["rows"]!.ToJsonString());
        Assert.Equal($"No sample files for landing zone 'z' (looked in {platform.Namespace}/landing/z/_samples/), using all files",
            (string)Assert.Single(all["warnings"]!.AsArray())!);

        (await server.Client.UploadAsync($"/api/v1/landing-zones/{platform.Namespace}/z/samples", "sample.csv", "x\n40\n")).Expect(201);
        var samples = await PreviewAsync(platform, null);
        Assert.Equal("""[{"total":40}]""", samples["rows"]!.ToJsonString());
        Assert.Equal("[]", samples["warnings"]!.ToJsonString());
        server.AssertNothingLocal(samples.Text);
        // A pattern behind the zone is one of the samples' names.
        await platform.PutPipelineAsync("p", "SELECT sum(x) AS total FROM read_csv_auto('{{ landing_zone(\"z\") }}/*.csv')");
        Assert.Equal("""[{"total":40}]""", (await PreviewAsync(platform, null))["rows"]!.ToJsonString());
        // A run reads no sample.
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("3", await platform.CellAsync("SELECT total::INTEGER AS total FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 117")]
    public async Task Named_files_are_the_only_ones(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "x\n1\n");
        await platform.UploadAsync("z", "b.csv", "x\n2\n");
        await platform.UploadAsync("other", "c.csv", "x\n3\n");
        (await server.Client.UploadAsync($"/api/v1/landing-zones/{platform.Namespace}/z/samples", "s.csv", "x\n40\n")).Expect(201);
        var files = (await server.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z/files")).Expect(200)["files"]!.AsArray();
        var a = files.Select(file => (string)file!["s3_path"]!).Single(path => path.EndsWith("a.csv", StringComparison.Ordinal));
        var sample = $"{platform.Namespace}/landing/z/_samples/s.csv";
        await platform.PutPipelineAsync("p", "SELECT sum(x) AS total FROM read_csv_auto('{{ landing_zone(\"z\") }}/*.csv')");

        Assert.Equal("""[{"total":1}]""", (await PreviewAsync(platform, new { sample_files = (string[])[a] }))["rows"]!.ToJsonString());
        Assert.Equal("""[{"total":41}]""", (await PreviewAsync(platform, new { sample_files = (string[])[a, sample, a] }))["rows"]!.ToJsonString());

        var elsewhere = files.Select(file => (string)file!["s3_path"]!).First().Replace("/z/", "/other/", StringComparison.Ordinal);
        var ignored = await PreviewAsync(platform, new { sample_files = (string[])[sample, elsewhere, $"{platform.Namespace}/pipelines/bronze/p/config.yaml", a + "x"] });
        Assert.Equal("""[{"total":40}]""", ignored["rows"]!.ToJsonString());
        Assert.Equal(
            [$"Sample file '{elsewhere}' ignored: it is in no landing zone that the pipeline reads",
             $"Sample file '{platform.Namespace}/pipelines/bronze/p/config.yaml' ignored: it is in no landing zone that the pipeline reads",
             $"Sample file '{a}x' not found"],
            ignored["warnings"]!.AsArray().Select(warning => (string)warning!));

        Assert.Contains("not found", Error(await PreviewAsync(platform, new { sample_files = (string[])["nothing.csv"] })), StringComparison.Ordinal);
        Assert.Equal("""[{"total":40}]""", (await PreviewAsync(platform, new { sample_files = Array.Empty<string>() }))["rows"]!.ToJsonString());
    }

    [Theory]
    [InlineData("row 118", "SELECT * FROM silver.nothing_there", "nothing_there", "compile")]
    [InlineData("row 118", "SELECT * FROM {{ ref('silver.nothing_there') }}", "RefResolutionError: ref('silver.nothing_there'): the table", "compile")]
    [InlineData("row 118", "SELECT {{ nothing }}", "UndefinedError", "compile")]
    [InlineData("row 118", "SELECT {{ ", "TemplateSyntaxError", "compile")]
    [InlineData("row 118", "SELEC 1", "syntax error", "compile")]
    [InlineData("row 118", "SELECT nothing", "nothing", "execute")]
    [InlineData("row 118", "SELECT error('stop it')", "stop it", "execute")]
    [InlineData("row 118", "SELECT 'x'::INTEGER AS i", "Conversion Error", "execute")]
    [InlineData("row 118", "DROP TABLE x", "Only SELECT", "compile")]
    [InlineData("row 118", "COPY (SELECT 1) TO 'x.csv'", "Only SELECT", "compile")]
    [InlineData("row 118", "SELECT * FROM read_csv('/etc/passwd')", "not allowed", "compile")]
    [InlineData("row 118", "EXPLAIN SELECT 1", "must be a SELECT", "compile")]
    [InlineData("row 118", "-- @merge_strategy: sideways\nSELECT 1", "sideways", "detect")]
    public async Task What_is_wrong_with_a_pipeline_is_said_with_200(string row, string sql, string error, string failing)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", sql);
        var preview = await PreviewAsync(platform, null);
        Assert.Contains(error, Error(preview), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(failing, Phases(preview));
        Assert.Equal("[]", preview["rows"]!.ToJsonString());
        Assert.Equal("[]", preview["columns"]!.ToJsonString());
        Assert.Contains(preview["logs"]!.AsArray(), line => (string)line!["level"]! == "error");
        server.AssertNothingLocal(preview.Text);
    }

    [Theory]
    [InlineData("row 119", "SELECT 1 AS x;")]
    [InlineData("row 119", "SELECT 1 AS x -- the end")]
    [InlineData("row 119", "SELECT 1 AS x; -- the end")]
    [InlineData("row 119", "SELECT 1 AS x /* the end */ ;\n\n")]
    [InlineData("row 119", "-- @description: d\nSELECT 1 AS x\n-- @owner: o\n;")]
    [InlineData("row 119", "WITH a AS (SELECT 1 AS x) FROM a")]
    [InlineData("row 119", "VALUES (1)")]
    public async Task A_statement_may_end_as_authors_end_it(string row, string sql)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", sql);
        var preview = await PreviewAsync(platform, new { limit = 1 });
        Assert.Null(preview.Json.AsObject()["error"]);
        Assert.Equal(1, (int)preview["rows"]![0]!.AsObject().First().Value!);
        Assert.Equal(5, Phases(preview).Count);
    }

    [Theory]
    [InlineData("row 120")]
    public async Task The_file_and_the_annotations_make_one_configuration(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 1 AS id")).ExpectSuccess();
        const string Sql = "-- @description: only this\nSELECT '{{ is_incremental() }}' AS incremental, '{{ is_snapshot() }}' AS snapshot, '{{ watermark_value is none }}' AS none";
        await platform.PutPipelineAsync("p", Sql, "merge_strategy: incremental\nunique_key: id\nwatermark_column: id\n");
        Assert.Equal("""[{"incremental":"True","snapshot":"False","none":"False"}]""", (await PreviewAsync(platform, null))["rows"]!.ToJsonString());
        // The annotation of inline code wins over the stored file.
        var inline = await PreviewAsync(platform, new { code = "-- @merge_strategy: snapshot\n" + Sql });
        Assert.Equal("""[{"incremental":"False","snapshot":"True","none":"True"}]""", inline["rows"]!.ToJsonString());
    }

    [Theory]
    [InlineData("clause 6.1")]
    public async Task The_draft_is_previewed_and_reads_the_tables_as_they_are(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("source", "SELECT range AS i FROM range(5)")).ExpectSuccess();
        await platform.PutPipelineAsync("p", "SELECT sum(i)::INTEGER AS a, (SELECT count(*) FROM bronze.source) AS b FROM {{ ref('bronze.source') }}");
        var preview = await PreviewAsync(platform, null);
        Assert.Equal("""[{"a":10,"b":5}]""", preview["rows"]!.ToJsonString());
        Assert.Contains("READ_PARQUET", preview.TextOf("explain_output"), StringComparison.Ordinal);
        server.AssertNothingLocal(preview.Text);
    }

    [Theory]
    [InlineData("clause 6.1", "{{ ref('bronze.source', at='2100-01-01T00:00:00Z') }}", 2)]
    [InlineData("clause 6.1", "{{ ref('bronze.source', at='FIRST') }}", 1)]
    [InlineData("clause 6.1", "bronze.source AT (VERSION => FIRST)", 1)]
    public async Task A_preview_reads_the_past_as_a_run_would(string row, string table, int expected)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("source", "SELECT 1 AS i")).ExpectSuccess();
        var snapshots = (await server.Client.WithoutValidation.GetAsync($"/api/v1/tables/{platform.Namespace}/bronze/source/snapshots")).Expect(200);
        var first = snapshots["snapshots"]![0]!["snapshot_id"]!.ToString();
        (await platform.RunSqlAsync("source", "SELECT 2 AS i")).ExpectSuccess();
        await platform.PutPipelineAsync("p", $"SELECT i FROM {table.Replace("FIRST", first, StringComparison.Ordinal)}");
        Assert.Equal($$"""[{"i":{{expected}}}]""", (await PreviewAsync(platform, null))["rows"]!.ToJsonString());
    }

    [Theory]
    [InlineData("clause 6.1")]
    public async Task A_preview_that_takes_too_long_is_stopped_and_says_so(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", Endless);
        var start = Stopwatch.GetTimestamp();
        var preview = await PreviewAsync(platform, null);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 29, 40);
        Assert.Equal("the preview ran past the time limit of 30 s", Error(preview));
        Assert.Equal(["detect", "compile"], Phases(preview));
        Assert.Equal(2, (int)(await platform.RowsAsync("SELECT 2 AS x"))[0]!["x"]!);
    }

    [Theory]
    [InlineData("clause 6.1")]
    public async Task A_client_that_goes_away_stops_its_preview(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", Endless);
        // More than the engine admits at once: if they went on, nobody else would be let in for half a minute.
        for (var i = 0; i < Environment.ProcessorCount + 2; i++)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(400));
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/pipelines/{platform.Namespace}/bronze/p/preview");
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Process.Client.SendAsync(request, patience.Token));
        }

        var start = Stopwatch.GetTimestamp();
        Assert.Equal(2, (int)(await platform.RowsAsync("SELECT 2 AS x"))[0]!["x"]!);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Theory]
    [InlineData("clause 6.1")]
    public async Task Python_is_said_to_be_missing_and_its_tests_are_SQL(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await server.Client.PostAsync("/api/v1/pipelines", new { @namespace = platform.Namespace, layer = "bronze", name = "p", type = "python" })).Expect(201);
        var preview = await PreviewAsync(platform, null);
        Assert.Contains("Python pipelines are not supported yet", Error(preview), StringComparison.Ordinal);
        Assert.Equal("python", (string)preview["phases"]![0]!["metadata"]!["pipeline_type"]!);
        Assert.Contains("Python", Error(await PreviewAsync(platform, new { code = "with open('x') as f:\n    result = f" })), StringComparison.Ordinal);
        Assert.Equal("""[{"bad":7}]""", (await PreviewAsync(platform, new { code = "-- @severity: warn\nSELECT 7 AS bad" }))["rows"]!.ToJsonString());
        Assert.Contains("nothing", Error(await PreviewAsync(platform, new { code = "-- a test\nSELECT * FROM silver.nothing" })), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clause 6.1", "[]", 400)]
    [InlineData("clause 6.1", "{", 400)]
    [InlineData("clause 6.1", "null", 400)]
    [InlineData("clause 6.1", """{"limit": "10"}""", 400)]
    [InlineData("clause 6.1", """{"limit": 1.5}""", 400)]
    [InlineData("clause 6.1", """{"code": 1}""", 400)]
    [InlineData("clause 6.1", """{"sample_files": "x"}""", 400)]
    [InlineData("clause 6.1", """{"sample_files": [null]}""", 400)]
    [InlineData("clause 6.1", """{"sample_files": [1]}""", 400)]
    [InlineData("clause 6.1", """{"code": "\ud800"}""", 400)]
    [InlineData("clause 6.1", "", 404)]
    [InlineData("clause 6.1", "{}", 404)]
    public async Task A_body_that_is_none_is_refused(string row, string json, int status)
    {
        var platform = await server.NewPlatformAsync(row);
        (await server.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/gold/none/preview", json)).ExpectError(status, status == 404 ? "NOT_FOUND" : "INVALID_ARGUMENT");
    }

    private const string Endless = "SELECT count(*) AS n FROM range(1000000) a, range(1000000) b, range(1000) c WHERE a.range + b.range * c.range = 17";

    private static async Task<ContractResponse> PreviewAsync(TestPlatform platform, object? body, string query = "") =>
        (await platform.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/preview{query}", body)).Expect(200);

    private static List<string> Phases(ContractResponse preview) => [.. preview["phases"]!.AsArray().Select(phase => (string)phase!["name"]!)];

    private static string Error(ContractResponse preview)
    {
        Assert.NotNull(preview.Json.AsObject()["error"]);
        return preview.TextOf("error");
    }
}
