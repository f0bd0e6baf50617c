using System.Diagnostics;
using Rat.Tests.Contract;

namespace Rat.Tests.Rows;

/// <summary>Quality tests hold what a run has staged against its author's rules, and decide whether it is committed (engine.md 5).</summary>
public class QualityRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    private const string ThreeRows = "SELECT unnest([1, 2, 3]) AS n";

    [Theory]
    [InlineData("row 98", "SELECT * FROM {{ this }} WHERE n > 3", "success", "Quality test 't': pass (0 rows, ")]
    [InlineData("row 98", "SELECT * FROM {{ this }};\n-- all of them", "failed", "Quality test 't': fail (3 rows, ")]
    [InlineData("row 98", "SELEC 1", "failed", "Quality test 't' errored: Parser Error")]
    [InlineData("clause 5.4", "SELECT no_such_column FROM {{ this }}", "failed", "Quality test 't' errored: ")]
    [InlineData("clause 5.4", "SELECT CAST('word' AS INTEGER)", "failed", "Quality test 't' errored: Conversion Error")]
    [InlineData("clause 5.4", "SELECT * FROM {{ ref('bronze.nowhere') }}", "failed", "Quality test 't' errored: RefResolutionError: ref('bronze.nowhere')")]
    [InlineData("clause 5.4", "SELECT {{ undefined_name }}", "failed", "Quality test 't' errored: UndefinedError: 'undefined_name' is undefined")]
    [InlineData("clause 5.4", "SELECT 1 {% if", "failed", "Quality test 't' errored: TemplateSyntaxError")]
    [InlineData("clause 5.4", "-- only a comment", "failed", "Quality test 't' errored: sql is empty")]
    [InlineData("clause 5.4", "COPY {{ this }} TO 'file.csv'", "failed", "Quality test 't' errored: Only SELECT queries are allowed")]
    [InlineData("clause 5.4", "SELECT 1; SELECT 2", "failed", "Quality test 't' errored: only one statement is allowed")]
    [InlineData("clause 5.4", "DESCRIBE {{ this }}", "failed", "Quality test 't' errored: a quality test must be a SELECT")]
    [InlineData("clause 5.4", "SELECT * FROM read_csv('/etc/passwd')", "failed", "Quality test 't' errored: Direct file/URL access")]
    [InlineData("clause 5.3", "SELECT 1 WHERE '{{ is_incremental() or is_append_only() }}' <> 'False' OR '{{ watermark_value }}' <> 'None'", "success", "Quality test 't': pass")]
    public async Task A_test_passes_fails_or_errs(string row, string test, string status, string line)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "-- @merge_strategy: append_only\n" + ThreeRows);
        await platform.PutTestAsync("p", "t", test);
        var run = await platform.RunAsync("p");
        Assert.Equal(status, run.Status);
        Assert.Contains("Found 1 quality test", run.At("info"));
        Assert.Contains(run.Messages, message => message.StartsWith(line, StringComparison.Ordinal));
        Assert.All([.. run.Messages, run.Error ?? ""], server.AssertNothingLocal);
        Assert.Equal(status == "success" ? 200 : 404, (await platform.TableAsync("p")).Status);
    }

    [Theory]
    [InlineData("row 105b", "SELECT count(*) FROM {{ this }} WHERE n > 3", 0)]
    [InlineData("row 105b", "SELECT count(*) FROM {{ this }} WHERE n > 0", 3)]
    [InlineData("row 105b", "SELECT count(n) AS passed FROM {{ ref('bronze.p') }} WHERE n > 1", 2)]
    [InlineData("clause 5.4", "SELECT sum(n) FROM {{ this }} WHERE n > 3", 0)] // NULL
    [InlineData("clause 5.4", "SELECT sum(CASE WHEN n = 2 THEN 1 ELSE 0 END) FROM {{ this }}", 1)]
    [InlineData("clause 5.4", "WITH bad AS (SELECT * FROM {{ this }} WHERE n > 3) SELECT COUNT(*) FROM bad", 0)]
    [InlineData("clause 5.4", "FROM {{ this }} SELECT count(DISTINCT n) FILTER (WHERE n > 3)", 0)]
    [InlineData("clause 5.4", "/* count */ SELECT count(*) /* of */ FROM {{ this }} WHERE n > 3 ORDER BY 1 LIMIT 5;", 0)]
    [InlineData("clause 5.4", "SELECT count(*) FROM {{ this }} HAVING count(*) > 5", 0)]
    [InlineData("clause 5.4", "SELECT count(*) FROM {{ this }} GROUP BY n", 3)]
    [InlineData("clause 5.4", "SELECT count(*) FROM {{ this }} WHERE n = 3 GROUP BY ALL", 1)]
    [InlineData("clause 5.4", "SELECT count(*) FROM {{ this }} WHERE n > 1 GROUP BY ()", 1)]
    [InlineData("clause 5.4", "SELECT count(*) - 3 FROM {{ this }}", 1)]
    [InlineData("clause 5.4", "SELECT 0 AS count", 1)]
    [InlineData("clause 5.4", "SELECT * FROM (SELECT count(*) FROM {{ this }} WHERE n > 3)", 1)]
    [InlineData("clause 5.4", "SELECT sum(n * 1.5) FROM {{ this }}", 1)]
    [InlineData("clause 5.4", "SELECT max(n) FROM {{ this }}", 1)]
    [InlineData("clause 5.4", "SELECT count(*) OVER () FROM {{ this }} LIMIT 1", 1)]
    [InlineData("clause 5.4", "SELECT count(*), count(n) FROM {{ this }} WHERE n > 3", 1)]
    [InlineData("clause 5.4", "SELECT count(*) FROM {{ this }} WHERE n > 3 UNION ALL SELECT 5", 2)]
    public async Task A_lone_aggregate_counts_the_violations_and_any_other_row_is_one(string row, string test, int violations)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "t", test);
        var run = await platform.RunAsync("p");
        var verdict = violations == 0 ? "pass" : "fail";
        Assert.Contains(run.Messages, message => message.StartsWith($"Quality test 't': {verdict} ({violations} rows, ", StringComparison.Ordinal));
        Assert.Equal(violations == 0 ? "success" : "failed", run.Status);
    }

    [Theory]
    [InlineData("row 99", "-- @severity: error\n", "error")]
    [InlineData("row 99", "-- @severity: critical\n", "error")]
    [InlineData("row 99", "-- @severity: WARN\n", "warn")]
    [InlineData("row 99", "--@severity: warning, for now\n", "warn")]
    [InlineData("row 99", "", "error")]
    [InlineData("clause 5.2", "-- @Severity: warn\n", "error")]
    [InlineData("clause 5.2", "# @severity: warn\n", "error")]
    [InlineData("clause 5.2", "-- @severity: warn\n-- @severity: error\n", "warn")]
    public async Task The_severity_decides_what_a_violation_does(string row, string annotations, string severity)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        // Anywhere in the file, after the statement too; # is no comment of SQL, so the template takes it out.
        await platform.PutTestAsync("p", "t", $"SELECT * FROM {{{{ this }}}}\n{annotations}");
        var listed = Assert.Single((await TestsAsync(platform))["tests"]!.AsArray())!;
        Assert.Equal(severity, (string)listed["severity"]!);
        var run = await platform.RunAsync("p");
        Assert.Equal(severity == "warn" ? "success" : "failed", run.Status);
        Assert.Contains($"  [{severity}] t: fail — 3 violations", run.At(severity));
    }

    [Theory]
    [InlineData("row 100", "-- @tags: A, b ,,C", "a,b,c")]
    [InlineData("row 100", "SELECT 1", "")]
    public async Task Tags_are_trimmed_and_in_small_letters(string row, string test, string tags)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "t", test);
        var listed = Assert.Single((await TestsAsync(platform))["tests"]!.AsArray())!;
        Assert.Equal(tags, string.Join(',', listed["tags"]!.AsArray().Select(tag => (string)tag!)));
    }

    [Theory]
    [InlineData("row 101")]
    public async Task Failed_gate_of_a_first_run_leaves_no_table(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "small", "-- @description: n is small\nSELECT n FROM {{ this }} WHERE n > 1");
        await platform.PutTestAsync("p", "broken", "SELECT nothing FROM {{ this }}");
        await platform.PutTestAsync("p", "fine", "SELECT 1 WHERE false");
        var run = await platform.RunAsync("p");
        var error = run.ExpectFailure();
        Assert.StartsWith("Quality tests failed: 2 of 3", error, StringComparison.Ordinal);
        Assert.Contains("\n  broken: errored: ", error, StringComparison.Ordinal);
        Assert.Contains("\n  small (n is small): 2 violations\n    n\n    -\n    2\n    3", error, StringComparison.Ordinal);
        Assert.DoesNotContain("fine", error, StringComparison.Ordinal);
        Assert.Contains("Quality test 'small' description: n is small", run.At("info"));
        Assert.Contains("Quality tests: 1 passed, 1 failed, 1 errored", run.At("info"));
        Assert.Contains(run.At("error"), message => message.Contains($"discarding branch 'run-{run.Id}'", StringComparison.Ordinal));
        Assert.DoesNotContain(run.Messages, message => message.StartsWith("Merging branch", StringComparison.Ordinal));

        var stored = (await platform.Client.WithoutValidation.GetAsync($"/api/v1/runs/{run.Id}/quality")).Expect(200);
        Assert.Equal("broken error error 0; fine passed error 0; small failed error 2", Summary(stored));
        Assert.Equal("[1,2,3]", Counts(stored));
        Assert.Equal("n is small", (string)stored["results"]![2]!["description"]!);
        Assert.Equal("n\n-\n2\n3", (string)stored["results"]![2]!["sample"]!);
        Assert.EndsWith("/p/tests/quality/small.sql", (string)stored["results"]![2]!["file"]!, StringComparison.Ordinal);

        var shown = await platform.RunOfAsync(run.Id);
        Assert.Equal("failed", (string)shown["status"]!);
        Assert.Equal(3, (long)shown["rows_written"]!); // staged, not live
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
        (await platform.QueryAsync("SELECT * FROM bronze.p")).ExpectError(400);
        Assert.Empty(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("row 102", "SELECT * FROM {{ this }} WHERE n > 1", "fail — 2 violations")]
    [InlineData("row 103", "SELECT nothing FROM {{ this }}", "error — ")]
    public async Task A_warning_never_keeps_a_run_from_being_committed(string row, string test, string line)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "t", $"-- @severity: warn\n{test}");
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Contains(run.At("warn"), message => message.StartsWith($"  [warn] t: {line}", StringComparison.Ordinal));
        Assert.Contains("Pipeline completed successfully", run.Messages);
        Assert.Equal("3", await platform.CellAsync("SELECT count(*) AS n FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 104", "SELECT 1 WHERE (SELECT sum(n) FROM {{ this }}) <> 6")]
    [InlineData("row 104", "SELECT 1 WHERE (SELECT sum(n) FROM {{ ref('bronze.p') }}) <> 6")]
    [InlineData("row 104", "SELECT 1 WHERE (SELECT sum(n) FROM {{ ref('NS.bronze.p') }} AS p) <> 6")]
    [InlineData("clause 5.3", "SELECT 1 WHERE (SELECT sum(n) FROM bronze.p) <> 6")]
    [InlineData("clause 5.3", "SELECT 1 WHERE (SELECT sum(n) FROM p) <> 6")]
    [InlineData("clause 5.3", "SELECT 1 WHERE (SELECT sum(n) FROM {{ previous }}) <> 1000")]
    [InlineData("clause 5.3", "SELECT * FROM {{ previous }} AS old JOIN {{ this }} AS new USING (n) JOIN {{ ref('bronze.other') }} USING (n)")]
    [InlineData("clause 5.3", "SELECT 1 WHERE (SELECT n FROM {{ ref('bronze.other') }}) <> 1000 OR (SELECT n FROM bronze.other) <> 1000")]
    public async Task A_test_sees_the_rows_of_its_run_and_everything_else_as_it_was(string row, string test)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("other", "SELECT 1000 AS n")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT 1000 AS n")).ExpectSuccess();
        await platform.PutTestAsync("p", "t", test.Replace("NS", platform.Namespace, StringComparison.Ordinal));
        await platform.PutTestAsync("p", "u", "SELECT 1 WHERE (SELECT count(*) FROM {{ this }}) <> 3");
        (await platform.RunSqlAsync("p", ThreeRows)).ExpectSuccess();
        Assert.Equal("6", await platform.CellAsync("SELECT sum(n) AS s FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 5.3", "SELECT * FROM {{ previous }}", "success")]
    [InlineData("clause 5.3", "SELECT n + 1 FROM {{ previous }} AS old JOIN {{ this }} USING (n)", "success")]
    [InlineData("clause 5.3", "SELECT nothing FROM {{ previous }}", "failed")]
    public async Task Before_the_first_run_the_previous_table_is_empty_with_the_same_columns(string row, string test, string status)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "t", test);
        Assert.Equal(status, (await platform.RunAsync("p")).Status);
    }

    [Theory]
    [InlineData("row 52", "SELECT 1 WHERE (SELECT sum(n) FROM {{ this }}) <> 6 OR (SELECT sum(n) FROM {{ previous }}) <> 6", "success")]
    [InlineData("row 52", "SELECT * FROM {{ this }}", "failed")]
    public async Task A_run_without_rows_is_tested_against_the_table_that_is_there(string row, string test, string status)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", ThreeRows)).ExpectSuccess();
        var before = (await platform.TableAsync("p")).Expect(200).Text;
        await platform.PutTestAsync("p", "t", test);
        var run = await platform.RunSqlAsync("p", "SELECT 4 AS n WHERE false");
        Assert.Equal(status, run.Status);
        Assert.Contains("Zero rows, skipping write", run.Messages);
        Assert.Contains(run.Messages, message => message.StartsWith("Quality test 't': ", StringComparison.Ordinal));
        Assert.Equal(0, (long)(await platform.RunOfAsync(run.Id))["rows_written"]!);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
    }

    [Theory]
    [InlineData("clause 5.3", "this")]
    [InlineData("clause 5.3", "previous")]
    public async Task Without_rows_and_without_a_table_a_test_of_it_errs(string row, string name)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "SELECT 4 AS n WHERE false");
        await platform.PutTestAsync("p", "t", $"SELECT * FROM {{{{ {name} }}}}");
        Assert.Contains($"{name}: the table {platform.Namespace}.bronze.p does not exist", (await platform.RunAsync("p")).ExpectFailure(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row 105")]
    public async Task Failed_gate_leaves_the_table_as_it_was(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        var before = (await platform.TableAsync("p")).Expect(200).Text;
        await platform.PutTestAsync("p", "never", "SELECT * FROM {{ this }} WHERE x = 'new'");
        var run = await platform.RunSqlAsync("p", "SELECT 'new' AS x");
        run.ExpectFailure();
        Assert.Contains("Pipeline not published — running the draft", run.At("info"));
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));
        Assert.Single(server.DataFiles(platform.Namespace));
    }

    [Theory]
    [InlineData("row 75")]
    public async Task Rows_that_a_gate_has_refused_are_appended_once_when_it_lets_them_through(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", "-- @merge_strategy: append_only\n" + ThreeRows);
        (await platform.RunAsync("p")).ExpectSuccess();
        await platform.PutTestAsync("p", "t", "SELECT 1 FROM {{ this }} HAVING count(*) > 3");
        (await platform.RunAsync("p")).ExpectFailure();
        (await platform.RunAsync("p")).ExpectFailure();
        Assert.Equal("3", await platform.CellAsync("SELECT count(*) AS n FROM bronze.p"));
        await platform.PutTestAsync("p", "t", "SELECT 1 FROM {{ this }} HAVING count(*) <> 6");
        (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Equal("6", await platform.CellAsync("SELECT count(*) AS n FROM bronze.p"));
        Assert.Equal(2, server.DataFiles(platform.Namespace).Count);
    }

    [Theory]
    [InlineData("row 93", "SELECT * FROM {{ this }}")]
    [InlineData("row 93", null)]
    public async Task A_failed_run_leaves_its_landing_files_to_the_next(string row, string? test)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("z", "a.csv", "n\n1\n2\n");
        const string Source = "-- @archive_landing_zones: true\nSELECT n FROM read_csv_auto('{{ landing_zone(\"z\") }}')";
        await platform.PutPipelineAsync("p", test is null ? Source + " WHERE CAST(n || 'x' AS INTEGER) > 0" : Source);
        if (test is not null)
            await platform.PutTestAsync("p", "t", test);
        (await platform.RunAsync("p")).ExpectFailure();
        var files = (await platform.Client.GetAsync($"/api/v1/landing-zones/{platform.Namespace}/z/files")).Expect(200);
        Assert.Single(files["files"]!.AsArray());

        if (test is not null)
            await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/t.sql");
        Assert.Equal(2, (await platform.RunSqlAsync("p", Source)).ExpectSuccess().Rows);
    }

    [Theory]
    [InlineData("row 107")]
    public async Task The_sample_has_three_rows_and_says_how_many_more_there_are(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", $$"""
            SELECT i AS id, repeat('x', 60) AS "a long text", CASE WHEN i = 1 THEN NULL ELSE {'k': [i]} END AS nested,
                   CASE i WHEN 1 THEN 'two' || chr(10) || 'lines' ELSE 'é' END AS odd
            FROM range(1, 11) AS t(i)
            """);
        await platform.PutTestAsync("p", "t", "SELECT * FROM {{ this }} ORDER BY id");
        var run = await platform.RunAsync("p");
        Assert.Contains("10 violations", run.ExpectFailure(), StringComparison.Ordinal);
        const string Heading = "Sample violations for 't':\n";
        var sample = Assert.Single(run.At("warn"), message => message.StartsWith(Heading, StringComparison.Ordinal))[Heading.Length..];
        var cut = new string('x', 37) + "...";
        Assert.Equal($$"""
            id | a long text                              | nested    | odd
            ---+------------------------------------------+-----------+----------
            1  | {{cut}} | NULL      | two lines
            2  | {{cut}} | {"k":[2]} | é
            3  | {{cut}} | {"k":[3]} | é
            ... and 7 more rows
            """, sample);
    }

    [Theory]
    [InlineData("row 109")]
    public async Task Tests_run_on_demand_against_the_committed_table(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "b_rows", "SELECT * FROM {{ this }} WHERE n > 1");
        await platform.PutTestAsync("p", "a_count", "-- @severity: warn\nSELECT count(*) FROM {{ ref('bronze.p') }} WHERE n > 2");
        await platform.PutTestAsync("p", "c_fine", "SELECT * FROM {{ previous }} WHERE n > 3");
        await platform.PutTestAsync("p", "d_broken", "-- @severity: warn\nSELECT nothing FROM {{ this }}");
        var before = await CallAsync(platform);
        Assert.Equal("a_count error warn 0; b_rows error error 0; c_fine error error 0; d_broken error warn 0", Summary(before));
        Assert.Equal("[0,4,4]", Counts(before));

        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/b_rows.sql");
        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/d_broken.sql");
        (await platform.RunAsync("p")).ExpectSuccess();
        await platform.PutTestAsync("p", "b_rows", "SELECT * FROM {{ this }} WHERE n > 1");
        await platform.PutTestAsync("p", "d_broken", "-- @severity: warn\nSELECT nothing FROM {{ this }}");
        var runs = (await RunsAsync(platform)).Count;
        var table = (await platform.TableAsync("p")).Text;
        var after = await CallAsync(platform);
        Assert.Equal("a_count warned warn 1; b_rows failed error 2; c_fine passed error 0; d_broken error warn 0", Summary(after));
        Assert.Equal("[1,3,4]", Counts(after));
        Assert.Equal(runs, (await RunsAsync(platform)).Count);
        Assert.Equal(table, (await platform.TableAsync("p")).Text);
    }

    [Theory]
    [InlineData("clause 5.3", "merge_strategy: incremental\nunique_key: id", 4)]
    [InlineData("clause 5.3", "merge_strategy: delete_insert\nunique_key: id", 4)]
    [InlineData("clause 5.3", "merge_strategy: snapshot\npartition_column: id", 4)]
    [InlineData("clause 5.3", "merge_strategy: scd2\nunique_key: id", 5)]
    public async Task A_test_sees_the_merged_table_and_what_it_refuses_is_not_merged(string row, string config, int merged)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT unnest([1, 2, 3]) AS id, 'old' AS x", config)).ExpectSuccess();
        var before = (await platform.TableAsync("p")).Expect(200).Text;
        var rows = (await platform.RowsAsync("SELECT * FROM bronze.p ORDER BY ALL")).ToJsonString();
        await platform.PutTestAsync("p", "merged", $$$"""
            SELECT 1 WHERE (SELECT count(*) FROM {{ this }}) <> {{{merged}}} OR (SELECT count(*) FROM {{ previous }}) <> 3
                OR (SELECT count(*) FROM {{ this }} WHERE x = 'new') <> 2 OR EXISTS (FROM {{ previous }} WHERE x = 'new')
            """);
        await platform.PutTestAsync("p", "refused", "SELECT * FROM {{ this }} WHERE id = 4");
        var refused = await platform.RunSqlAsync("p", "SELECT unnest([2, 4]) AS id, 'new' AS x", config);
        Assert.StartsWith("Quality tests failed: 1 of 2", refused.ExpectFailure(), StringComparison.Ordinal);
        Assert.Equal(merged, (long)(await platform.RunOfAsync(refused.Id))["rows_written"]!);
        Assert.Equal(before, (await platform.TableAsync("p")).Expect(200).Text);
        Assert.Equal(rows, (await platform.RowsAsync("SELECT * FROM bronze.p ORDER BY ALL")).ToJsonString());

        await platform.DeleteFileAsync("pipelines/bronze/p/tests/quality/refused.sql");
        Assert.Equal(merged, (await platform.RunAsync("p")).ExpectSuccess().Rows);
        Assert.Equal($"{merged}", await platform.CellAsync("SELECT count(*) AS n FROM bronze.p"));
    }

    [Theory]
    [InlineData("clause 5.3")]
    public async Task Tests_of_runs_at_once_each_see_the_rows_of_their_own_run(string row)
    {
        const int Pipelines = 5;
        var platform = await server.NewPlatformAsync(row);
        for (var i = 0; i < Pipelines; i++)
            (await platform.RunSqlAsync($"p{i}", "SELECT 0 AS generation FROM range(10)")).ExpectSuccess();
        for (var generation = 1; generation <= 4; generation++)
        {
            for (var i = 0; i < Pipelines; i++)
            {
                await platform.PutPipelineAsync($"p{i}", $"SELECT {generation} AS generation FROM range(10)");
                // By its plain name too, which the runs of its neighbours read at the same time and see as it is committed.
                await platform.PutTestAsync($"p{i}", "own", $"SELECT * FROM bronze.p{i} WHERE generation <> {generation}");
                await platform.PutTestAsync($"p{i}", "own_ref", $"SELECT count(*) FROM {{{{ this }}}} JOIN {{{{ previous }}}} USING (generation)");
                await platform.PutTestAsync($"p{i}", "others", $"""
                    SELECT generation FROM bronze.p{(i + 1) % Pipelines} GROUP BY generation HAVING count(*) <> 10 OR generation NOT IN ({generation - 1}, {generation})
                    """);
            }

            var runs = await Task.WhenAll(Enumerable.Range(0, Pipelines).Select(i => platform.RunAsync($"p{i}")));
            Assert.All(runs, run => run.ExpectSuccess());
        }
    }

    [Theory]
    [InlineData("clause 5.4")]
    public async Task A_run_that_passes_keeps_its_results_and_one_without_tests_has_none(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        var without = (await platform.RunSqlAsync("p", ThreeRows)).ExpectSuccess();
        await platform.PutTestAsync("p", "t", "-- @severity: warn\n-- @tags: A\n-- @remediation: look\n-- @owner: ann\nSELECT * FROM {{ this }}");
        var run = (await platform.RunAsync("p")).ExpectSuccess();
        Assert.Contains("Quality test 't': unknown annotation @owner ignored", run.At("warn"));
        var client = platform.Client.WithoutValidation;
        var stored = Assert.Single((await client.GetAsync($"/api/v1/runs/{run.Id}/quality")).Expect(200)["results"]!.AsArray())!;
        Assert.Equal("warned 3 3 violations look a", $"{stored["status"]} {stored["value"]} {stored["message"]} {stored["remediation"]} {stored["tags"]![0]}");
        Assert.Equal("""{"results":[],"passed":0,"failed":0,"total":0}""", (await client.GetAsync($"/api/v1/runs/{without.Id}/quality")).Expect(200).Text);
        (await client.GetAsync($"/api/v1/runs/{Guid.NewGuid()}/quality")).ExpectError(404, "NOT_FOUND");
        (await client.GetAsync("/api/v1/runs/nothing/quality")).ExpectError(404, "NOT_FOUND");
    }

    [Theory]
    [InlineData("clause 4.10")]
    public async Task A_cancel_stops_a_test_within_2_s_and_nothing_is_committed(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.PutPipelineAsync("p", ThreeRows);
        await platform.PutTestAsync("p", "endless", "SELECT sum(a.i % 7 + b.j % 5) AS x FROM range(1000000000) AS a(i), range(1000000000) AS b(j)");
        await platform.PutTestAsync("p", "later", "SELECT 1 WHERE false");
        var id = await platform.StartAsync("p");
        await platform.ReachAsync(id, "Found 2 quality tests");
        await Task.Delay(300);
        var watch = Stopwatch.StartNew();
        (await platform.CancelAsync(id)).Expect(200);
        var ended = await platform.EndAsync(id);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Equal("cancelled", ended.Status);
        Assert.DoesNotContain(ended.Messages, message => message.Contains("'later'", StringComparison.Ordinal));
        (await platform.TableAsync("p")).ExpectError(404, "NOT_FOUND");
        Assert.Empty(server.DataFiles(platform.Namespace));
    }

    private static async Task<ContractResponse> TestsAsync(TestPlatform platform) =>
        (await platform.Client.GetAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/tests")).Expect(200);

    private static async Task<ContractResponse> CallAsync(TestPlatform platform) =>
        (await platform.Client.PostAsync($"/api/v1/pipelines/{platform.Namespace}/bronze/p/tests/run")).Expect(200);

    private static async Task<System.Text.Json.Nodes.JsonArray> RunsAsync(TestPlatform platform) =>
        (await platform.Client.GetAsync($"/api/v1/runs?namespace={platform.Namespace}")).Expect(200)["runs"]!.AsArray();

    private static string Summary(ContractResponse answer) => string.Join("; ", answer["results"]!.AsArray().Select(
        result => $"{(string)result!["name"]!} {(string)result["status"]!} {(string)result["severity"]!} {(long)result["value"]!}"));

    private static string Counts(ContractResponse answer) => $"[{answer["passed"]},{answer["failed"]},{answer["total"]}]";
}
