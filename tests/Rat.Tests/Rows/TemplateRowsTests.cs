using System.Globalization;
using System.Text.Json.Nodes;

namespace Rat.Tests.Rows;

/// <summary>Templates (engine.md 2), seen in the compiled statement of the run's log and in the table.</summary>
public class TemplateRowsTests(EngineServer server) : IClassFixture<EngineServer>
{
    [Theory]
    [InlineData("row 23", "{{ ref('bronze.orders') }}", "own")]
    [InlineData("row 23", "{{ ref(\"bronze.orders\") }} AS o", "own")]
    [InlineData("row 24", "{{ ref('OTHER.bronze.events') }}", "other")]
    [InlineData("row 24", "(SELECT * FROM {{ ref('OTHER.bronze.events') }}) AS e", "other")]
    public async Task A_ref_reads_the_table_that_it_names(string row, string expression, string expected)
    {
        var (platform, other) = (await server.NewPlatformAsync(row), await server.NewPlatformAsync(row));
        (await platform.RunSqlAsync("orders", "SELECT 'own' AS origin")).ExpectSuccess();
        (await platform.RunSqlAsync("events", "SELECT 'own' AS origin")).ExpectSuccess();
        (await other.RunSqlAsync("orders", "SELECT 'other' AS origin")).ExpectSuccess();
        (await other.RunSqlAsync("events", "SELECT 'other' AS origin")).ExpectSuccess();

        var sql = $"SELECT origin FROM {expression.Replace("OTHER", other.Namespace, StringComparison.Ordinal)}";
        (await platform.RunSqlAsync("reader", sql, layer: "silver")).ExpectSuccess();
        Assert.Equal($"\"{expected}\"", await platform.CellAsync("SELECT origin FROM silver.reader"));
    }

    [Theory]
    [InlineData("row 25", "SELECT * FROM {{ ref('just_a_name') }}", "RefResolutionError|just_a_name|layer.name|ns.layer.name")]
    [InlineData("row 26", "SELECT * FROM {{ ref('bronze.nowhere') }}", "RefResolutionError|bronze.nowhere")]
    [InlineData("row 26", "SELECT * FROM {{ ref('elsewhere.gold.nowhere') }}", "RefResolutionError|elsewhere.gold.nowhere")]
    [InlineData("row 30", "SELECT 1 AS x\nWHERE '{{ watermak_value }}' > ''", "UndefinedError|'watermak_value' is undefined")]
    [InlineData("row 30", "SELECT 1 AS x {% if watermak_value %}, 2 AS y{% endif %}", "UndefinedError|'watermak_value' is undefined")]
    [InlineData("row 32", "SELECT *\nFROM x\nWHERE {{ ref('a.b') }", "TemplateSyntaxError|line 3")]
    [InlineData("row 32", "SELECT 1 AS x\n{% if true %}", "TemplateSyntaxError")]
    [InlineData("row 32", "SELECT {{ 1 | no_such_filter }} AS x", "TemplateSyntaxError|no_such_filter")]
    [InlineData("row 33", "SELECT '{{ ''.__class__ }}' AS x", "SecurityError|unsafe")]
    [InlineData("row 33", "SELECT '{{ ref.__globals__ }}' AS x", "SecurityError|unsafe")]
    [InlineData("row 33", "SELECT '{{ {}['__class__'] }}' AS x", "SecurityError|unsafe")]
    [InlineData("clause 2.1", "{% include 'x.sql' %}SELECT 1 AS x", "include")]
    public async Task A_template_that_gives_no_statement_fails_before_anything_is_executed(string row, string source, string fragments)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("p", "SELECT 'old' AS x")).ExpectSuccess();
        var run = await platform.RunSqlAsync("p", source);
        var error = run.ExpectFailure();
        Assert.All(fragments.Split('|'), fragment => Assert.Contains(fragment, error, StringComparison.Ordinal));
        server.AssertNothingLocal(error);
        Assert.Contains("Compiling template", run.Messages);
        Assert.DoesNotContain(run.Messages, message => message.StartsWith("Compiled", StringComparison.Ordinal));
        Assert.DoesNotContain("Executing SQL via DuckDB", run.Messages);
        Assert.Equal("\"old\"", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 27", "SELECT 1 AS x{% if false %} FROM {{ ref('bronze.nowhere') }}{% endif %}", "SELECT 1 AS x")]
    [InlineData("row 27", "{% if is_incremental() %}SELECT * FROM {{ this }}{% else %}SELECT 1 AS x{% endif %}", "SELECT 1 AS x")]
    [InlineData("row 31", "SELECT '{{ x | default('a') }}' AS x", "SELECT 'a' AS x")]
    [InlineData("row 31", "SELECT '{{ x | d(\"a\") | upper }}' AS x", "SELECT 'A' AS x")]
    [InlineData("row 31", "SELECT '{% if x is defined %}b{% else %}a{% endif %}' AS x", "SELECT 'a' AS x")]
    [InlineData("row 35", "SELECT 1 AS a\n{%- if true -%}\n  , 2 AS b\n{%- endif %}\n  , 3 AS c", "SELECT 1 AS a, 2 AS b\n  , 3 AS c")]
    [InlineData("row 35", "SELECT 1 AS a\n{% if true %}\n  , 2 AS b\n{% endif %}\n  , 3 AS c", "SELECT 1 AS a\n\n  , 2 AS b\n\n  , 3 AS c")]
    [InlineData("row 35", "SELECT 1 AS a\n{%- if true %}\n  , 2 AS b\n{%- endif -%}\n  , 3 AS c", "SELECT 1 AS a\n  , 2 AS b, 3 AS c")]
    [InlineData("row 35", "SELECT 1 AS a {{- ', 2 AS b' -}} , 3 AS c", "SELECT 1 AS a, 2 AS b, 3 AS c")]
    [InlineData("row 35", "SELECT 1 AS a {%+ if true +%} , 2 AS b {%+ endif %}", "SELECT 1 AS a  , 2 AS b")]
    [InlineData("row 36", "SELECT 1 AS a{# , 2 AS b\n {{ nope }} #}", "SELECT 1 AS a")]
    [InlineData("row 36", "SELECT 1 AS a {#- gone -#} , 2 AS b", "SELECT 1 AS a, 2 AS b")]
    [InlineData("row 37", "SELECT 1 AS a,\n-- @note: in the middle\n  2 AS b -- stays", "SELECT 1 AS a,\n  2 AS b -- stays")]
    [InlineData("row 37", "SELECT 1 AS a,\n  # @note: in the middle\n  2 AS b", "SELECT 1 AS a,\n  2 AS b")]
    [InlineData("row 37", "-- kept\nSELECT 1 AS a, -- @note: behind something\n  2 AS b\n-- @last: line\n",
        "-- kept\nSELECT 1 AS a, -- @note: behind something\n  2 AS b")]
    [InlineData("row 39", "SELECT '{{ is_incremental() }} {{ is_scd2() }} {{ is_snapshot() }} {{ is_append_only() }} {{ is_delete_insert() }}' AS x",
        "SELECT 'False False False False False' AS x")]
    [InlineData("row 39",
        "SELECT {% if is_incremental() or is_scd2() or is_snapshot() or is_append_only() or is_delete_insert() %}1{% else %}0{% endif %} AS x",
        "SELECT 0 AS x")]
    [InlineData("clause 2.4", "SELECT '{{ watermark_value }}' AS x, {% if watermark_value is none %}1{% else %}0{% endif %} AS y",
        "SELECT 'None' AS x, 1 AS y")]
    [InlineData("clause 2.4", "SELECT {% if is_incremental %}1{% else %}0{% endif %} AS x", "SELECT 1 AS x")]
    [InlineData("clause 2.1", "SELECT {% for n in range(3) %}{{ n }} AS c{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}",
        "SELECT 0 AS c0, 1 AS c1, 2 AS c2")]
    [InlineData("clause 2.1", "{% raw %}SELECT '{{ x }}' AS x{% endraw %}", "SELECT '{{ x }}' AS x")]
    public async Task A_template_compiles_to_its_statement(string row, string source, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        Assert.Equal(expected, (await platform.RunSqlAsync("p", source)).ExpectSuccess().CompiledSql);
    }

    [Theory]
    [InlineData("row 28", "SELECT x FROM read_csv_auto('{{ landing_zone('drop') }}')", "SELECT x FROM read_csv_auto('s3://rat/NS/landing/drop/**')")]
    [InlineData("row 28", "SELECT x FROM read_csv_auto('{{ landing_zone(\"drop\") }}')", "SELECT x FROM read_csv_auto('s3://rat/NS/landing/drop/**')")]
    [InlineData("row 29", "SELECT x FROM read_csv_auto('{{ landing_zone(\"m\") }}/*.csv')", "SELECT x FROM read_csv_auto('s3://rat/NS/landing/m/**/*.csv')")]
    [InlineData("row 29", "SELECT x FROM read_csv('{{ landing_zone('m') }}/*.csv', header = true)",
        "SELECT x FROM read_csv('s3://rat/NS/landing/m/**/*.csv', header = true)")]
    public async Task A_landing_zone_is_an_address_inside_a_string(string row, string source, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        await platform.UploadAsync("drop", "a.csv", "x\n7\n");
        await platform.UploadAsync("m", "a.csv", "x\n7\n");
        await platform.UploadAsync("m", "b.txt", "x\n8\n");
        await platform.UploadAsync("m", "c.csv.bak", "x\n9\n");
        var run = (await platform.RunSqlAsync("p", source)).ExpectSuccess();
        Assert.Equal(expected.Replace("NS", platform.Namespace, StringComparison.Ordinal), run.CompiledSql);
        Assert.Equal("7", await platform.CellAsync("SELECT x FROM bronze.p"));
    }

    [Theory]
    [InlineData("row 34", "full_refresh", "other")]
    [InlineData("row 34", "scd2", "scd2")]
    [InlineData("row 34", "snapshot", "snapshot")]
    [InlineData("row 34", "append_only", "append")]
    [InlineData("row 34", "delete_insert", "delete")]
    public async Task The_branch_of_the_strategy_is_taken__seen_in_the_compiled_statement(string row, string strategy, string expected)
    {
        var platform = await server.NewPlatformAsync(row);
        const string Source = """
            {% if is_scd2() %}SELECT 'scd2' AS branch
            {% elif is_snapshot() %}SELECT 'snapshot' AS branch
            {% elif is_append_only() %}SELECT 'append' AS branch
            {% elif is_delete_insert() %}SELECT 'delete' AS branch
            {% else %}SELECT 'other' AS branch{% endif %}
            """;
        var run = await platform.RunSqlAsync("p", Source, $"merge_strategy: {strategy}\nunique_key: [branch]\npartition_column: branch");
        Assert.Equal($"SELECT '{expected}' AS branch", run.CompiledSql);
    }

    [Theory]
    [InlineData("row 38")]
    public async Task One_run_has_one_start_in_the_documented_form(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        const string Source = "SELECT '{{ run_started_at }}' AS a, '{{ run_started_at }}' AS b, CAST('{{ run_started_at }}' AS TIMESTAMP WITH TIME ZONE) AS t";
        var run = (await platform.RunSqlAsync("p", Source)).ExpectSuccess();

        var cells = Assert.Single(await platform.RowsAsync("SELECT * FROM bronze.p"))!.AsObject();
        var text = (string)cells["a"]!;
        Assert.Equal(text, (string)cells["b"]!);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$", text);
        var shown = await platform.RunOfAsync(run.Id);
        var started = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        Assert.InRange(started, Time(shown["created_at"]!), Time(shown["finished_at"]!));
        Assert.Equal(started, Time(cells["t"]!));
    }

    [Theory]
    [InlineData("row 43")]
    public async Task Landing_zones_are_found_in_the_source_text_in_order(string row)
    {
        var platform = await server.NewPlatformAsync(row);
        const string Source = """
            -- landing_zone('in_a_comment') and landing_zone(variable)
            SELECT 1 AS x
            {% if false %}, '{{ landing_zone("double") }}', '{{ landing_zone( 'single' ) }}'{% endif %}
            """;
        var run = (await platform.RunSqlAsync("p", Source)).ExpectSuccess();
        Assert.Collection(run.At("warn"),
            warning => Assert.Contains("'in_a_comment' has no files", warning, StringComparison.Ordinal),
            warning => Assert.Contains("'double' has no files", warning, StringComparison.Ordinal),
            warning => Assert.Contains("'single' has no files", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("row 43", "SELECT * FROM {{ ref('bronze.b') }}", "SELECT * FROM {{ ref(\"NS.bronze.a\") }}", true)]
    [InlineData("row 43", "SELECT 1 AS x {% if false %}{{ ref( \"bronze.b\" ) }}{% endif %}",
        "SELECT 1 AS x {% if false %}{{ ref('bronze.a') }}{% endif %}", true)]
    [InlineData("row 43", "SELECT 1 AS x -- ref('bronze.b')", "SELECT 1 AS x -- ref('bronze.a')", false)]
    public async Task Refs_are_found_with_either_quote_and_a_circle_of_them_is_named(string row, string a, string b, bool isCircle)
    {
        var platform = await server.NewPlatformAsync(row);
        (await platform.RunSqlAsync("a", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("b", "SELECT 1 AS x")).ExpectSuccess();
        await platform.PutPipelineAsync("b", b.Replace("NS", platform.Namespace, StringComparison.Ordinal));
        var run = await platform.RunSqlAsync("a", a);
        if (!isCircle)
        {
            run.ExpectSuccess();
            return;
        }

        var error = run.ExpectFailure();
        var name = $"{platform.Namespace}.bronze";
        Assert.Contains($"{name}.a -> {name}.b -> {name}.a", error, StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(JsonNode node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);
}
