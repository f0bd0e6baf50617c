using Rat.Engine.Pipelines;
using Rat.Storage;

namespace Rat.Tests.Templates;

/// <summary>References told from the text (engine §2.9 and §10, rows 43 and 47b), and cycles of them.</summary>
public class SourceReferencesTests
{
    [Theory]
    [InlineData("{{ ref('a.b') }} {{ ref(\"c.d\") }} -- ref('e.f')", "a.b|c.d|e.f")]
    [InlineData("{{ ref('a.b') }} {{ ref('a.b') }}", "a.b|a.b")]
    [InlineData("f\"{ref('a.b')}\" {# ref('c.d') #} {% if false %}{{ ref( \n'e.f' ) }}{% endif %}", "a.b|c.d|e.f")]
    [InlineData("xref('a.b') ref ('c.d') ref(x) ref('a' ~ 'b') ref(s='x.y') ref('') ref('mixed.quotes\")", "a.b|mixed.quotes")]
    [InlineData("REF('a.b') landing_zone('z')", "")]
    public void Refs_of_the_text(string source, string expected) => Assert.Equal(expected, string.Join('|', SourceReferences.Refs(source)));

    [Theory]
    [InlineData("'{{ landing_zone('x') }}' {{landing_zone( \"y\" )}} # landing_zone('x')", "x|y|x")]
    [InlineData("{{ ref('a.b') }}", "")]
    public void Landing_zones_of_the_text(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', SourceReferences.LandingZones(source)));

    [Theory]
    [InlineData("{{ ref('a.b') }} {{ ref(\"c.d\") }}", "a.b|c.d")]
    [InlineData("-- Use ref(\"bronze.table_name\")\nSELECT * FROM {{ ref('a.b') }}", "a.b")]
    [InlineData("-- {{ ref('c.d') }}\n/* {{ ref('e.f') }} */ {{ ref('a.b') }}", "a.b")]
    [InlineData("SELECT '--', \"/*\" FROM {{ ref('a.b') }}", "a.b")]
    [InlineData("SELECT '{{ ref('a.b') }}' -- {{ ref('c.d') }}", "a.b")]
    [InlineData("{# {{ ref('c.d') }} #}{% raw %}{{ ref('e.f') }}{% endraw %}ref('g.h')", "")]
    [InlineData("-- {% set t = ref('a.b') %}\n{{ t }}", "a.b")]
    [InlineData("{% if ref('a.b') == ref('c.d')|upper %}{% endif %}{{ [ref('e.f')] }}", "a.b|c.d|e.f")]
    [InlineData("{{ ref('a' 'b') }} {{ ref('a' ~ 'b') }} {{ ref(x) }} {{ ref('a', 'b') }} {{ x.ref('c.d') }}", "ab")]
    [InlineData("{% if false %}{{ ref('a.b') }}{% endif %}", "a.b")]
    [InlineData("{{ ref('a.b') }", "")]
    public void Refs_that_a_template_makes(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', SourceReferences.TemplateRefs(source)));

    [Theory]
    [InlineData("result = f\"SELECT * FROM {ref('a.b')}\"  # ref('c.d')", "a.b")]
    [InlineData("# ref('c.d')\nx = ref('a.b')", "a.b")]
    [InlineData("s = '# not a comment'; x = ref('a.b')", "a.b")]
    [InlineData("s = '''\n# in a text ref('a.b')\n'''\n# ref('c.d')", "a.b")]
    [InlineData("s = 'it\\'s # x'; ref(\"a.b\")", "a.b")]
    [InlineData("s = 'open\nx = ref('a.b') # ref('c.d')", "a.b")]
    [InlineData("#", "")]
    public void Refs_of_Python_outside_comments(string source, string expected) =>
        Assert.Equal(expected, string.Join('|', SourceReferences.PythonRefs(source)));

    [Theory]
    [InlineData("silver.a: silver.b; silver.b: silver.a", "ns.silver.a -> ns.silver.b -> ns.silver.a")]
    [InlineData("silver.a: silver.a", "ns.silver.a -> ns.silver.a")]
    [InlineData("silver.a: ns.silver.a", "ns.silver.a -> ns.silver.a")]
    [InlineData("silver.a: bronze.x silver.b; silver.b: silver.c bronze.x; silver.c: bronze.y", null)]
    [InlineData("silver.a: silver.b silver.c; silver.b: silver.d; silver.c: silver.a; silver.d: silver.a", "ns.silver.a -> ns.silver.c -> ns.silver.a")]
    [InlineData("silver.a: silver.b; silver.b: silver.c; silver.c: silver.b", null)]
    [InlineData("silver.a: o.gold.b; o.gold.b: gold.c; o.gold.c: ns.silver.a", "ns.silver.a -> o.gold.b -> o.gold.c -> ns.silver.a")]
    [InlineData("silver.a: nonsense silver.b; silver.b: x", null)]
    [InlineData("silver.b: silver.a", null)]
    public void Cycles_through_a_pipeline(string pipelines, string? expected)
    {
        var sources = pipelines.Split("; ").Select(line => line.Split(": ")).ToDictionary(
            pair => pair[0].Split('.') is { Length: 2 } ? $"ns.{pair[0]}" : pair[0],
            pair => string.Concat(pair[1].Split(' ').Select(table => $"{{{{ ref('{table}') }}}} ")));
        Assert.Equal(expected, RefCycles.Find(new TableName("ns", "silver", "a"), table => sources.GetValueOrDefault(table.ToString())));
    }

    [Fact]
    public void Ref_in_a_comment_makes_no_cycle()
    {
        Assert.Null(RefCycles.Find(new TableName("ns", "silver", "a"), _ => "-- ref('silver.a') {{ ref('silver.a') }}\nSELECT 1 {# {{ ref('silver.a') }} #}"));
        Assert.NotNull(RefCycles.FindAmong(new TableName("ns", "silver", "a"), _ => ["silver.a"]));
    }

    [Fact]
    public void Long_chains_are_followed_and_each_pipeline_is_read_once()
    {
        var read = 0;
        var cycle = RefCycles.Find(new TableName("ns", "silver", "p0"), table =>
        {
            read++;
            var number = int.Parse(table.Name[1..], System.Globalization.CultureInfo.InvariantCulture);
            return $"{{{{ ref('silver.p{(number + 1) % 5000}') }}}}{{{{ ref('silver.p{(number + 1) % 5000}') }}}}";
        });
        Assert.Equal(5000, read);
        Assert.Equal(5001, cycle?.Split(" -> ").Length);
    }
}
