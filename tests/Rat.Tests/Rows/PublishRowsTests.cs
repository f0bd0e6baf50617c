using System.Text.Json.Nodes;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>What publishing refuses and warns of, and that runs of a published pipeline see nothing but what it pins (engine.md 1.2, 6.2).</summary>
public class PublishRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    // With it a draft is never valid, so that the answer says what each file has.
    private const string Broken = "SELECT {{ 1 +";

    [Theory]
    [InlineData("row 44", "SELECT '{{ landing_zone(\"z\") }}' AS z, '{{ run_started_at }}' AS t FROM {{ this }}", "", "")]
    [InlineData("row 45", "SELECT * FROM {{ ref('{{this}}') }}", "nested Jinja in a function call: ref('{{this}}')", "invalid ref '{{this}}'")]
    [InlineData("clause 6.2", "SELECT * FROM ref('{{ this }}')", "nested Jinja in a function call: ref('{{ this }}')", "")]
    [InlineData("clause 6.2", "SELECT '{{ landing_zone(\"{{ z }}\") }}'", "nested Jinja in a function call: landing_zone(\"{{ z }}\")", "")]
    [InlineData("clause 6.2", "SELECT xref('{{ this }}')", "", "")]
    [InlineData("row 46", "SELECT * FROM ref('a.b')", "", "bare function call outside delimiters: ref('a.b') (line 1)")]
    [InlineData("row 46", "SELECT 1\nFROM read_csv('landing_zone(\"z\")')", "", "bare function call outside delimiters: landing_zone(\"z\") (line 2)")]
    [InlineData("row 47", "SELECT 1 -- ref('a.b')", "", "")]
    [InlineData("row 47", "SELECT 1 /* for example\n ref('a.b') or\n landing_zone('z') */", "", "")]
    [InlineData("row 47", "{% set t = this if ref else ref('NS.bronze.other') %}SELECT 1", "", "")]
    [InlineData("clause 6.2", "SELECT '/*' AS glob, ref('a.b')", "", "bare function call outside delimiters: ref('a.b')")]
    [InlineData("clause 6.2", "SELECT {{ watermak_value }}", "'watermak_value' is undefined (line 1)", "")]
    [InlineData("clause 6.2", "SELECT 1\n{% if nothing %}{% endif %} {{ other.x }} {{ other.y }}", "'nothing' is undefined (line 2)|'other' is undefined (line 2)", "")]
    [InlineData("clause 6.2", "SELECT {{ previous }}", "'previous' is undefined (line 1)", "")]
    [InlineData("clause 6.2", "SELECT {{ x | default('1') }}, {{ y is defined }} {% if y %}{{ y }}{% endif %}", "", "")]
    [InlineData("clause 6.2",
        "{% set a, b = 1, 2 %}{% macro m(c, d=a) %}{{ c }}{{ d }}{{ varargs }}{{ caller() }}{% endmacro %}{% for e in range(3) %}{{ loop.index }}{{ e }}{% endfor %}"
        + "{% with f = 1 %}{{ f }}{% endwith %}{% set g = namespace(h=1) %}{% set g.h = 2 %}{% call m(1) %}{{ b }}{% endcall %}{% block k %}{{ self.k }}{% endblock %}SELECT 1", "", "")]
    [InlineData("clause 6.2", "{% if is_incremental %}{% endif %}SELECT {{ watermark_value }}", "", "is_incremental is a function (line 1): without () it is always true")]
    [InlineData("clause 6.2", "{% if is_incremental() %}{% endif %}SELECT 1", "", "is_incremental is used without watermark_value")]
    [InlineData("clause 6.2", "-- @watermark_column: day\nSELECT 1", "", "watermark_column day is set, but is_incremental is never used")]
    [InlineData("clause 6.2", "-- @watermark_column: day\n-- @merge_strategy: delete_insert\n-- @unique_key: id\nSELECT '{{ watermark_value }}'", "", "")]
    [InlineData("clause 6.2", "-- @merge_strategy: incremental\nSELECT 1", "", "merge_strategy incremental needs unique_key")]
    [InlineData("clause 6.2", "-- @merge_strategy: snapshot\nSELECT 1", "", "merge_strategy snapshot needs partition_column")]
    [InlineData("clause 6.2", "-- @merge_strategy: upsert\nSELECT 1", "annotation @merge_strategy: invalid merge_strategy 'upsert'", "")]
    [InlineData("clause 6.2", "-- @owner: ann\n-- @colour: red\nSELECT 1", "", "unknown annotation @colour ignored|unknown annotation @owner ignored")]
    [InlineData("clause 6.2", "SELECT * FROM {{ ref('bronze.nowhere') }}, {{ ref('bronze.other') }}", "", "ref('bronze.nowhere'): there is neither a pipeline nor a table NS.bronze.nowhere")]
    [InlineData("clause 6.2", "SELECT * FROM {{ ref('other') }}", "", "invalid ref 'other'")]
    public async Task A_draft_is_told_what_is_wrong_with_it(string row, string source, string errors, string warnings)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("other", "SELECT 1 AS x");
        await platform.PutPipelineAsync("p", Named(source));
        await platform.PutTestAsync("p", "zz_broken", Broken);
        var files = Files((await platform.PublishAsync("p")).Expect(422));
        Assert.Equal([$"{platform.Namespace}/pipelines/bronze/p/pipeline.sql", $"{platform.Namespace}/pipelines/bronze/p/tests/quality/zz_broken.sql"],
            files.Select(file => (string)file["path"]!));
        AssertStarts(Named(errors), files[0]["errors"]!);
        AssertStarts(Named(warnings), files[0]["warnings"]!);
        Assert.Equal(errors.Length == 0, (bool)files[0]["valid"]!);
        AssertStarts("Jinja syntax error: ", files[1]["errors"]!);

        // Alone it is published if it has no error, with the same warnings.
        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/zz_broken.sql");
        var alone = await platform.PublishAsync("p");
        Assert.Equal(errors.Length == 0 ? 200 : 422, alone.Status);
        AssertStarts(Named(warnings), Assert.Single(Files(alone))["warnings"]!);

        string Named(string text) => text.Replace("NS", platform.Namespace, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clause 6.2", "config.yaml", "merge_strategy: upsert", "config.yaml line 1, column 17: invalid merge_strategy 'upsert'", "")]
    [InlineData("clause 6.2", "config.yaml", "a: [", "config.yaml line ", "")]
    [InlineData("clause 6.2", "config.yaml", "colour: red", "", "config.yaml: unknown key 'colour' ignored")]
    [InlineData("clause 6.2", "tests/quality/t.sql", "-- @owner: ann\n-- @tags: a\nSELECT {{ this }}, {{ previous }}", "", "unknown annotation @owner ignored")]
    [InlineData("clause 6.2", "tests/quality/t.sql", "SELECT {{ nothing }}", "'nothing' is undefined (line 1)", "")]
    [InlineData("clause 6.2", "tests/quality/deep/t.sql", "SELECT {% if %}", "Jinja syntax error: ", "")]
    [InlineData("clause 6.2", "notes/draft.sql", "SELECT {{ 'open }}", "Jinja syntax error: ", "")]
    [InlineData("clause 6.2", "notes/draft.txt", "SELECT {{ 'open }}", "", "")]
    [InlineData("clause 6.2", "tests/quality/t.sql", "SELECT * FROM {{ ref('bronze.p') }} JOIN {{ ref('bronze.nowhere') }} USING (x)", "", "")]
    public async Task Every_file_of_the_folder_is_looked_at(string row, string path, string text, string errors, string warnings)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        await platform.PutFileAsync($"pipelines/bronze/p/{path}", text);
        var answer = await platform.PublishAsync("p");
        Assert.Equal(errors.Length == 0 ? 200 : 422, answer.Status);
        var file = Files(answer).SingleOrDefault(file => (string)file["path"]! == $"{platform.Namespace}/pipelines/bronze/p/{path}");
        Assert.Equal(path.EndsWith(".sql", StringComparison.Ordinal) || errors.Length + warnings.Length > 0, file is not null);
        if (file is not null)
        {
            AssertStarts(errors, file["errors"]!);
            AssertStarts(warnings, file["warnings"]!);
        }
    }

    [Theory]
    [InlineData("clause 6.2", "ref('a.b') ", "{{ ")]
    [InlineData("clause 6.2", "{{ ref('a.b') }} ", "ref('")]
    [InlineData("clause 6.2", "ref('{{ x }}') ", "landing_zone('")]
    [InlineData("clause 6.2", "{% raw %}{{ ref( {% endraw %}", "/* ")]
    public async Task A_file_of_nothing_but_mistakes_is_answered_at_once_and_shortly(string row, string piece, string end)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        var text = string.Concat(Enumerable.Repeat(piece, 3_000_000 / piece.Length)) + string.Concat(Enumerable.Repeat(end, 20_000 / end.Length));
        var path = $"{platform.Namespace}/pipelines/bronze/p/pipeline.sql";
        (await platform.Client.UploadAsync("/api/v1/files/upload", "p.sql", System.Text.Encoding.UTF8.GetBytes(text), null, ("path", path))).Expect(201);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var answer = await platform.PublishAsync("p");
        Assert.True(answer.Status is 200 or 422, answer.Text);
        Assert.True(answer.RawBody.Length < 300_000, $"{answer.RawBody.Length} bytes");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("row 47b", "SELECT * FROM {{ ref('silver.b') }}", "SELECT * FROM {{ ref('bronze.a') }}", "NS.bronze.a -> NS.silver.b -> NS.bronze.a")]
    [InlineData("row 47b", "SELECT * FROM {{ ref('bronze.a') }}", "SELECT 1 AS x", "NS.bronze.a -> NS.bronze.a")]
    [InlineData("row 47b", "SELECT 1 AS x {# {{ ref('bronze.a') }} #} -- {{ ref('bronze.a') }}", "SELECT * FROM {{ ref('bronze.a') }}", null)]
    [InlineData("row 47b", "SELECT 1 AS x\n-- ref(\"bronze.a\")", "SELECT 1 AS x", null)]
    public async Task A_cycle_of_refs_is_neither_published_nor_run(string row, string a, string b, string? cycle)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("a", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("b", "SELECT 1 AS x", layer: "silver")).ExpectSuccess();
        await platform.PutPipelineAsync("a", a);
        await platform.PutTestAsync("a", "self", "SELECT * FROM {{ ref('bronze.a') }} WHERE x > 1");
        await platform.PutPipelineAsync("b", b, layer: "silver");
        var published = await platform.PublishAsync("a");
        var run = await platform.RunAsync("a");
        if (cycle is null)
        {
            published.Expect(200);
            run.ExpectSuccess();
            return;
        }

        cycle = cycle.Replace("NS", platform.Namespace, StringComparison.Ordinal);
        Assert.Equal("template validation failed", published.ExpectError(422));
        var source = Assert.Single(Files(published), file => !(bool)file["valid"]!);
        Assert.EndsWith("/a/pipeline.sql", (string)source["path"]!, StringComparison.Ordinal);
        Assert.Contains(cycle, (string)Assert.Single(source["errors"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Contains(cycle, run.ExpectFailure(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row 50")]
    public async Task A_published_pipeline_runs_what_is_pinned_and_nothing_else(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 'pinned' AS x");
        (await platform.PublishAsync("p")).Expect(200);
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.py", "result = pa.table({'x': ['python']})");
        await platform.PutFileAsync("pipelines/bronze/p/pipeline.sql", "SELECT 'draft' AS x");
        await platform.PutFileAsync("pipelines/bronze/p/config.yaml", "merge_strategy: append_only");
        (await platform.RunAsync("p")).ExpectSuccess();
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Contains("Detected sql pipeline", run.Messages);
        Assert.DoesNotContain("Pipeline not published — running the draft", run.Messages);
        Assert.Equal("""[{"x":"pinned"}]""", (await platform.RowsAsync("SELECT x FROM bronze.p")).ToJsonString());

        // Deleting a file of the draft takes nothing away from what is published.
        await platform.DeleteFileAsync("pipelines/bronze/p/pipeline.sql");
        (await platform.RunAsync("p")).ExpectSuccess();
    }

    [Theory]
    [InlineData("row 106")]
    public async Task Tests_of_the_draft_are_not_run_beside_published_ones(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        await platform.PutTestAsync("p", "published", "SELECT * FROM {{ this }} WHERE x > 1");
        (await platform.PublishAsync("p")).Expect(200);
        await platform.PutTestAsync("p", "draft", "SELECT * FROM {{ this }}");
        await platform.PutTestAsync("p", "published", "SELECT * FROM {{ this }}");
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Contains("Found 1 quality test", run.Messages);
        Assert.Contains(run.Messages, message => message.StartsWith("Quality test 'published': pass", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Messages, message => message.Contains("'draft'", StringComparison.Ordinal));
        var tests = (await platform.Client.GetAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/tests")).Expect(200)["tests"]!.AsArray();
        Assert.Equal("draft False; published True", string.Join("; ", tests.Select(test => $"{test!["name"]} {(bool)test["published"]!}")));

        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/published.sql");
        Assert.Contains("Found 1 quality test", (await platform.RunAsync("p")).ExpectSuccess().Messages);
        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/draft.sql");
        (await platform.PublishAsync("p")).Expect(200);
        Assert.Contains("No quality tests found", (await platform.RunAsync("p")).ExpectSuccess().Messages);
    }

    [Theory]
    [InlineData("row 108")]
    public async Task Tests_of_another_pipeline_are_not_run(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        await platform.PutPipelineAsync("p2", "SELECT 1 AS x");
        await platform.PutTestAsync("p2", "other", "SELECT * FROM {{ this }}");
        (await platform.PublishAsync("p")).Expect(200);
        (await platform.PublishAsync("p2")).Expect(200);
        Assert.Contains("No quality tests found", (await platform.RunAsync("p")).ExpectSuccess().Messages);
        (await platform.RunAsync("p2")).ExpectFailure();
    }

    private static List<JsonObject> Files(ContractResponse answer) =>
        [.. answer["validation"]!["files"]!.AsArray().Select(file => file!.AsObject())];

    // Each expected beginning, separated by |, and no more than those.
    private static void AssertStarts(string expected, JsonNode actual)
    {
        var texts = actual.AsArray().Select(text => (string)text!).ToList();
        var starts = expected.Length == 0 ? [] : expected.Split('|');
        Assert.True(starts.Length == texts.Count, string.Join('\n', texts));
        Assert.All(starts.Zip(texts), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }
}
