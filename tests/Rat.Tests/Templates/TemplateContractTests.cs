using Rat.Engine.Pipelines;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;

namespace Rat.Tests.Templates;

/// <summary>What the contract says of templates (engine §2 and §10, rows 23 to 41).</summary>
public class TemplateContractTests
{
    [Theory]
    [InlineData("{{ ref('bronze.orders') }}", "REF(bronze.orders)")]
    [InlineData("{{ ref(\"other.bronze.events\") }}", "REF(other.bronze.events)")]
    [InlineData("{{ ref('bronze.a.b.c') }}", "REF(bronze.a.b.c)")]
    [InlineData("{{ ref('just_a_name') }}", "! RefResolutionError: invalid ref 'just_a_name': expected layer.name or ns.layer.name (line 1)")]
    [InlineData("SELECT *\nFROM {{ ref('silver.missing') }}", "! RefResolutionError: table ns.silver.missing not found (line 2)")]
    [InlineData("{% if false %}{{ ref('silver.missing') }}{% endif %}x", "x")]
    [InlineData("{% set t = ref('silver.missing') %}x{% if false %}{{ t }}{% endif %}", "x")]
    [InlineData("{% set t = ref('silver.missing') %}\n{{ t }}", "! RefResolutionError: table ns.silver.missing not found (line 2)")]
    [InlineData("{{ ref('bronze.a') ~ ' x' }} {{ ref('bronze.a')|upper }} {{ [ref('bronze.a')]|join }}", "REF(bronze.a) x REF(BRONZE.A) REF(bronze.a)")]
    [InlineData("{% macro m(t) %}{{ t }}{% endmacro %}{{ m(ref('bronze.a')) }} {{ m(this) }}", "REF(bronze.a) THIS")]
    [InlineData("{{ ref(5) }}", "! TypeError: ref() argument must be str, not int (line 1)")]
    [InlineData("{{ ref() }}", "! TypeError: ref() missing required argument: 'name' (line 1)")]
    [InlineData("'{{ landing_zone(\"launch-data\") }}' '{{ landing_zone('uploads') }}'", "'s3://rat/ns/landing/launch-data/*' 's3://rat/ns/landing/uploads/*'")]
    [InlineData("{{ landing_zone(\"m\") }}/*.csv", "s3://rat/ns/landing/m/*/*.csv")]
    [InlineData("\n\n{{ watermak_value }}", "! UndefinedError: 'watermak_value' is undefined (line 3)")]
    [InlineData("{{ x | default('a') }}", "a")]
    [InlineData("{{ ref('a.b') }", "! TemplateSyntaxError: unexpected '}' (line 1)")]
    [InlineData("{{ ''.__class__ }}", "! SecurityError: access to attribute '__class__' of 'str' object is unsafe. (line 1)")]
    [InlineData("{{ {'_a': 1}['_a'] }}", "! SecurityError: access to attribute '_a' of 'dict' object is unsafe. (line 1)")]
    [InlineData("{{ this }} '{{ run_started_at }}'", "THIS '2026-02-16T09:30:00.123456+00:00'")]
    [InlineData("-- {{ ref('bronze.a') }} in a comment", "-- REF(bronze.a) in a comment")]
    [InlineData("{% if is_incremental() and watermark_value %}WHERE d > '{{ watermark_value }}'{% endif %}", "WHERE d > '2024-12-05'")]
    [InlineData("{% if is_incremental %}a function is true{% endif %}", "a function is true")]
    [InlineData("{{ previous is defined }} {{ namespace is defined }} {{ run_id is defined }}", "False True False")]
    public void Platform_names(string template, string expected) => Assert.Equal(expected, SampleContext.Render(template));

    [Theory]
    [InlineData(null, "False False False False False")]
    [InlineData(MergeStrategy.FullRefresh, "False False False False False")]
    [InlineData(MergeStrategy.Incremental, "True False False False False")]
    [InlineData(MergeStrategy.Scd2, "False True False False False")]
    [InlineData(MergeStrategy.Snapshot, "False False True False False")]
    [InlineData(MergeStrategy.AppendOnly, "False False False True False")]
    [InlineData(MergeStrategy.DeleteInsert, "False False False False True")]
    internal void Strategy_functions(MergeStrategy? strategy, string expected) => Assert.Equal(expected, SampleContext.Render(
        "{{ is_incremental() }} {{ is_scd2() }} {{ is_snapshot() }} {{ is_append_only() }} {{ is_delete_insert() }}",
        SampleContext.Create(strategy)));

    [Fact]
    public void First_incremental_run_has_no_filter_and_the_second_one_has()
    {
        const string Template = "SELECT 1{% if is_incremental() and watermark_value %} WHERE d > '{{ watermark_value }}'{% endif %}";
        Assert.Equal("SELECT 1", SampleContext.Render(Template, SampleContext.Create(hasRows: false, watermark: null)));
        Assert.Equal("SELECT 1 WHERE d > '2024-12-05'", SampleContext.Render(Template));
    }

    [Fact]
    public void No_watermark_is_none() => Assert.Equal(
        "True True None", SampleContext.Render(
            "{{ watermark_value is none }} {{ watermark_value is defined }} {{ watermark_value }}", SampleContext.Create(watermark: null)));

    [Fact]
    public void This_is_asked_when_it_is_used_and_then_once()
    {
        var asked = 0;
        var context = SampleContext.Create() with
        {
            This = () =>
            {
                asked++;
                return "T";
            },
        };
        Assert.Equal("x True", SampleContext.Render("{% set t = this %}{% if false %}{{ this }}{% endif %}x {{ this is defined }}", context));
        Assert.Equal(0, asked);
        Assert.Equal("T T t", SampleContext.Render("{{ this }} {{ this }} {{ this|lower }}", context));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Previous_exists_where_it_is_given() => Assert.Equal(
        "P", SampleContext.Render("{{ previous }}", SampleContext.Create() with { Previous = () => "P" }));

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.NotFound)]
    internal void Failed_reference_keeps_the_kind_of_its_failure(FailureKind kind)
    {
        var context = SampleContext.Create() with { This = () => new Failure(kind, "why"), LandingZone = _ => new Failure(kind, "no files") };
        Assert.Equal(new Failure(kind, "RefResolutionError: why (line 1)"), Template.Parse("{{ this }}").Value.Render(context).Failure);
        Assert.Equal(
            new Failure(kind, "LandingZoneError: no files (line 2)"), Template.Parse("\n{{ landing_zone('z') }}").Value.Render(context).Failure);
    }

    [Fact]
    public void Cancelled_rendering_ends()
    {
        using var cancelled = new CancellationTokenSource();
        var context = SampleContext.Create() with
        {
            This = () =>
            {
                cancelled.Cancel();
                return "T";
            },
        };
        var template = Template.Parse("{{ this }}{% for i in range(100000) %}{{ i }}{% endfor %}").Value;
        Assert.Throws<OperationCanceledException>(() => template.Render(context, cancelled.Token));
    }

    [Theory]
    [InlineData("{% include 'a' %}")]
    [InlineData("{% import 'a' as b %}")]
    [InlineData("{% from 'a' import b %}")]
    [InlineData("{% extends 'a' %}")]
    public void Other_templates_can_not_be_reached(string template)
    {
        Assert.Contains("no other template can be loaded (line 1)", SampleContext.Render(template), StringComparison.Ordinal);
        Assert.Equal("", SampleContext.Render("{% if false %}" + template + "{% endif %}"));
    }

    [Theory]
    [InlineData("bronze.orders", "own.bronze.orders")]
    [InlineData("other.bronze.orders", "other.bronze.orders")]
    [InlineData("a.b.c.d.e", "a.b.c.d.e")]
    [InlineData("orders", null)]
    [InlineData("", null)]
    [InlineData(".x", null)]
    [InlineData("bronze.", null)]
    [InlineData("a..b", null)]
    public void Names_of_tables(string text, string? expected)
    {
        var name = RefName.Parse(text, "own");
        Assert.Equal(expected, name.Succeeded ? name.Value.ToString() : null);
        if (expected is null)
            Assert.Equal(Failure.Invalid($"invalid ref '{text}': expected layer.name or ns.layer.name"), name.Failure);
    }

    [Fact]
    public void Fourth_dot_stays_in_the_name() => Assert.Equal(new TableName("a", "b", "c.d"), RefName.Parse("a.b.c.d", "own").Value);
}
