namespace Rat.Tests.Templates;

/// <summary>Where the language is meant to differ from Jinja2.</summary>
public class TemplateDifferencesTests
{
    [Theory]
    // The contract refuses names with an underscore on every value, Jinja only those that exist as attributes.
    [InlineData("{{ {'_a': 1}._a }}", "! SecurityError: access to attribute '_a' of 'dict' object is unsafe. (line 1)")]
    // An unknown filter or test is an error of the parser, in a branch that is never taken too.
    [InlineData("{% if false %}{{ 1|nope }}{% endif %}", "! TemplateSyntaxError: No filter named 'nope'. (line 1)")]
    [InlineData("{{ 1 if true else (2 is nope) }}", "! TemplateSyntaxError: No test named 'nope'. (line 1)")]
    // Escaping for HTML would break SQL.
    [InlineData("{% autoescape true %}{% endautoescape %}", "! TemplateSyntaxError: autoescape has no meaning in SQL and is not supported (line 1)")]
    // A comment or raw block that opens with the last letters of the file.
    [InlineData("a {#", "! TemplateSyntaxError: Missing end of comment tag (line 1)")]
    [InlineData("a {% raw %}", "! TemplateSyntaxError: Missing end of raw directive (line 1)")]
    [InlineData("{{ (-8) ** 0.5 }}", "! ValueError: complex numbers are not supported (line 1)")]
    [InlineData("{{ '\\N{DASH}' }}", "! TemplateSyntaxError: characters by name (\\N{…}) are not supported (line 1)")]
    [InlineData("{{ 10 ** 5000 }}", "! OverflowError: an integer is too large (line 1)")]
    // Addresses of objects are left out.
    [InlineData("{{ range }} {{ is_scd2 }} {{ [1]|map('string') }}", "<class 'range'> <function is_scd2> <generator object do_map>")]
    // Filler text is the same each time.
    [InlineData("{{ lipsum(1, false, 3, 4) }}", "Lorem ipsum dolor.")]
    [InlineData("{% for a, in [(1,)] %}{{ a }}{% endfor %}", "1")]
    [InlineData("{% filter length %}abc{% endfilter %}", "3")]
    public void Known_differences(string template, string expected) => Assert.Equal(expected, SampleContext.Render(template));

    [Theory]
    [InlineData("urlize")]
    [InlineData("xmlattr")]
    [InlineData("wordwrap")]
    [InlineData("pprint")]
    [InlineData("random")]
    public void Filters_left_out(string filter) =>
        Assert.Equal($"! TemplateSyntaxError: No filter named '{filter}'. (line 1)", SampleContext.Render($"{{{{ 'a'|{filter} }}}}"));

    [Theory]
    [InlineData("{{ 1 }}\n{{ 2 }}\n\n{{ x }}", 4)]
    [InlineData("{# a\nb #}\n{% raw %}\n{% endraw %}{{ x }}", 4)]
    [InlineData("a\n{%- if true -%}\n\n b {{ x }}{% endif %}", 4)]
    [InlineData("{{ [1,\n 2,\n x.y] }}", 3)]
    [InlineData("{{ 'a\nb'\n ~ x }}", 3)]
    [InlineData("{% macro m() %}\n{{ x }}\n{% endmacro %}\n\n{{ m() }}", 2)]
    [InlineData("{% for i in [1] %}\n{{ i }}\n{{ i.x }}{% endfor %}", 3)]
    [InlineData("\r\n\r\n{{ x }}", 3)]
    [InlineData("\n{{ 1 +\n }}", 3)]
    [InlineData("\n{% if 1 %}\n\n", 3)]
    [InlineData("\n\n{% nope %}", 3)]
    [InlineData("{% set a %}\n\n{{ x }}{% endset %}", 3)]
    public void Errors_name_their_line(string template, int line) =>
        Assert.EndsWith($"(line {line})", SampleContext.Render(template), StringComparison.Ordinal);
}
