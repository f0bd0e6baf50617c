using System.Diagnostics;

namespace Rat.Tests.Templates;

/// <summary>No template hangs, fills the memory or ends the process: each of these gives a text or a plain error, soon.</summary>
public class TemplateLimitsTests
{
    private const string Doubled = "{% set n = namespace(s=VALUE) %}{% for i in range(40) %}{% set n.s = (n.s, n.s) %}{% endfor %}";
    private const string Nested = "{% set n = namespace(s=VALUE) %}{% for i in range(100000) %}{% set n.s = WRAPPED %}{% endfor %}";

    [Theory]
    [InlineData("{% for i in range(100000) %}{% for j in range(100000) %}x{% endfor %}{% endfor %}", "LimitError")]
    [InlineData("{% set a = [1] %}{% for i in a %}{{ a.append(1) or '' }}{% endfor %}", "LimitError")]
    [InlineData("{{ 'a' * 1000000000 }}", "LimitError")]
    [InlineData("{{ [0] * 1000000000 }}", "LimitError")]
    [InlineData("{% set n = namespace(s='aaaaaaaa') %}{% for i in range(100) %}{% set n.s = n.s ~ n.s %}{% endfor %}", "LimitError")]
    [InlineData("{% set n = namespace(s=['a']) %}{% for i in range(100) %}{% set n.s = n.s + n.s %}{% endfor %}", "LimitError")]
    [InlineData("{% set s = 'a' * 8000000 %}{% for i in range(100) %}{% set t = s.upper() %}{% endfor %}", "LimitError")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError")]
    [InlineData(
        "{% macro a() %}{% call b() %}{% endcall %}{% endmacro %}{% macro b() %}{{ a() }}{{ caller() }}{% endmacro %}{{ a() }}",
        "RecursionError")]
    [InlineData("{% block a %}{{ self.a() }}{% endblock %}", "RecursionError")]
    [InlineData("{% for i in [[]] recursive %}{{ loop([[]]) }}{% endfor %}", "RecursionError")]
    [InlineData("{{ 2 ** 100000000 }}", "OverflowError")]
    [InlineData("{% set n = namespace(n=2) %}{% for i in range(1000) %}{% set n.n = n.n * n.n %}{% endfor %}", "OverflowError")]
    [InlineData("{{ '%1000000000d' % 1 }}", "LimitError")]
    [InlineData("{{ '%.1000000000f' % 1 }}", "ValueError")]
    [InlineData("{{ '{:1000000000}'.format(1) }}", "LimitError")]
    [InlineData("{{ '{:01000000000,}'.format(1) }}", "LimitError")]
    [InlineData("{{ 'a'.center(10 ** 20) }}", "LimitError")]
    [InlineData("{{ 'a'|indent(1000000000) }}", "LimitError")]
    [InlineData("{{ '\\t'.expandtabs(1000000000) }}", "LimitError")]
    [InlineData("{{ [1]|batch(1000000000, 0)|list }}", "LimitError")]
    [InlineData("{{ lipsum(1000000000) }}", "LimitError")]
    [InlineData("{{ range(100001) }}", "OverflowError")]
    [InlineData("{{ range(10 ** 30) }}", "OverflowError")]
    [InlineData("{{ ('a' * 4000000 ~ 'b') in ('a' * 8000000) }}", null)]
    [InlineData("{{ ('a' * 4000 ~ 'b' ~ 'a' * 4000) in ('a' * 8000000) }}", null)]
    [InlineData("{{ ('a' * 8000000).rfind('a' * 4000 ~ 'b' ~ 'a' * 4000) }}", null)]
    [InlineData("{{ ('a' * 8000000).rsplit('a' * 33) }}", "LimitError")]
    [InlineData("{{ ('a' * 4000000).replace('', 'xx') }}", "LimitError")]
    [InlineData("{{ ('<!--' * 1000000)|striptags|length }}", null)]
    [InlineData("{% set s = '😀' * 4000000 %}{% for i in range(100000) %}{{ s[5] }}{% endfor %}", "LimitError")]
    [InlineData("{% set l = range(100000)|list %}{% for i in range(100000) %}{{ l.pop(0) or '' }}{% endfor %}", "LimitError")]
    [InlineData("{% set d = dict(range(100000)|map('string')|batch(2)|list) %}{% for i in range(100000) %}{{ d.pop((2 * i)|string) }}{% endfor %}", "LimitError")]
    [InlineData("{{ dict(**dict(range(1000)|map('string')|batch(2)|list)) }}", "LimitError")]
    [InlineData("{% set a = [] %}{% set b = [] %}{{ a.append(b) }}{{ b.append(a) }}{{ a == b }}", "RecursionError")]
    [InlineData("{% set a = [] %}{{ a.append(a) }}{{ a }}", null)]
    [InlineData("{% set a = [] %}{{ a.append(a) }}{{ a|tojson }}", "ValueError")]
    public void Greedy_templates_end(string template, string? error) => AssertEnds(template, error);

    [Theory]
    [InlineData("[]", "[n.s]", "{{ n.s }}")]
    [InlineData("[]", "[n.s]", "{{ n.s == [n.s] }}")]
    [InlineData("[]", "[n.s]", "{{ n.s|tojson }}")]
    [InlineData("()", "(n.s,)", "{{ {n.s: 1} }}")]
    [InlineData("()", "(n.s,)", "{{ n.s < (n.s,) }}")]
    [InlineData("[1]", "n.s|map('string')", "{{ n.s|list }}")]
    [InlineData("[1]", "n.s|select", "{% for i in n.s %}{% endfor %}")]
    public void Deep_values_end(string start, string wrapped, string use) => AssertEnds(
        Nested.Replace("VALUE", start, StringComparison.Ordinal).Replace("WRAPPED", wrapped, StringComparison.Ordinal) + use, "RecursionError");

    [Theory]
    [InlineData("{{ n.s }}")]
    [InlineData("{{ {n.s: 1} }}")]
    [InlineData("{{ {}[n.s] }}")]
    [InlineData("{% set a = n.s %}DOUBLED{{ a == n.s }}")]
    [InlineData("{% set a = n.s %}DOUBLED{{ a < n.s }}")]
    public void Shared_values_end(string use)
    {
        var doubled = Doubled.Replace("VALUE", "()", StringComparison.Ordinal);
        AssertEnds(doubled + use.Replace("DOUBLED", doubled, StringComparison.Ordinal), "LimitError");
    }

    [Theory]
    [InlineData("{{ ", "(", "1", ")", " }}", 5000)]
    [InlineData("{{ ", "[", "", "]", " }}", 5000)]
    [InlineData("{{ ", "{1:", "1", "}", " }}", 5000)]
    [InlineData("{{ ", "f(", "1", ")", " }}", 5000)]
    [InlineData("{{ ", "x[", "1", "]", " }}", 5000)]
    [InlineData("{{ ", "-", "1", "", " }}", 100000)]
    [InlineData("{{ ", "not ", "1", "", " }}", 100000)]
    [InlineData("{{ 1", " if 1 else 1", "", "", " }}", 100000)]
    [InlineData("{% set ", "(", "a", ")", " = 1 %}", 5000)]
    [InlineData("", "{% if 1 %}", "", "{% endif %}", "", 5000)]
    [InlineData("", "{% for i in x %}", "", "", "", 100000)]
    [InlineData("", "{% macro m() %}", "", "{% endmacro %}", "", 5000)]
    [InlineData("{{ f(", "a=1, ", "", "", ") }}", 300)]
    public void Deep_source_is_a_syntax_error(string start, string opening, string middle, string closing, string end, int times) =>
        AssertEnds(start + Repeat(opening, times) + middle + Repeat(closing, times) + end, "TemplateSyntaxError");

    [Theory]
    [InlineData("{{ 1", " + 1", "RecursionError")]
    [InlineData("{{ 1", " and 1", "RecursionError")]
    [InlineData("{{ 1", " if 1", "RecursionError")]
    [InlineData("{{ 1", " == 1", null)]
    [InlineData("{{ 1", " ~ 1", null)]
    [InlineData("{{ 'a'", " 'a'", null)]
    [InlineData("{{ 'a'", "|upper", "RecursionError")]
    [InlineData("{{ x", ".a", "RecursionError")]
    [InlineData("{{ x", "[0]", "RecursionError")]
    [InlineData("{{ x", "()", "RecursionError")]
    public void Long_chains_end(string start, string link, string? error) => AssertEnds(start + Repeat(link, 100_000) + " }}", error);

    [Fact]
    public void Ordinary_length_is_no_problem()
    {
        Assert.Equal("401", SampleContext.Render("{{ 1" + Repeat(" + 1", 400) + " }}"));
        Assert.Equal("9", SampleContext.Render("{{ " + Repeat("(", 90) + "9" + Repeat(")", 90) + " }}"));
        Assert.Equal("x", SampleContext.Render(Repeat("{% if true %}", 90) + "x" + Repeat("{% endif %}", 90)));
        Assert.Equal("3628800", SampleContext.Render("{% macro f(n) %}{{ 1 if n < 2 else n * f(n - 1)|int }}{% endmacro %}{{ f(10) }}"));
        Assert.Equal(588_890, SampleContext.Render("{% for i in range(100000) %}{{ i }},{% endfor %}").Length);
        Assert.StartsWith("! the template is longer than", SampleContext.Render(Repeat("x", 5_000_000)), StringComparison.Ordinal);
    }

    /// <summary>On a small stack, where the depth that would be allowed elsewhere doesn't fit.</summary>
    private static void AssertEnds(string template, string? error)
    {
        var result = "";
        var watch = Stopwatch.StartNew();
        var thread = new Thread(() => result = SampleContext.Render(template), maxStackSize: 512 << 10);
        thread.Start();
        thread.Join();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"took {watch.Elapsed}");
        if (error is null)
            Assert.False(result.StartsWith("! ", StringComparison.Ordinal), result);
        else
            Assert.StartsWith($"! {error}: ", result, StringComparison.Ordinal);
    }

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
