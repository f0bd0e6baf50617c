using System.Text;
using System.Text.RegularExpressions;
using Rat.Engine.Pipelines.Templates;

namespace Rat.Engine.Pipelines;

/// <summary>
/// What a source refers to, told from its text alone: calls with one literal argument, whatever surrounds them. Lineage and archiving use it;
/// it never runs a template.
/// </summary>
internal static partial class SourceReferences
{
    /// <summary>Arguments of <c>ref('…')</c> in their order, repeated ones too, those in comments and branches never taken included.</summary>
    public static IReadOnlyList<string> Refs(string source) => [.. RefCall().Matches(source).Select(match => match.Groups[1].Value)];

    /// <summary>Arguments of <c>landing_zone('…')</c>, found like <see cref="Refs"/>.</summary>
    public static IReadOnlyList<string> LandingZones(string source) =>
        [.. LandingZoneCall().Matches(source).Select(match => match.Groups[1].Value)];

    /// <summary>
    /// Only the calls of <c>ref</c> that a template really makes: those inside tags, and not those that print into a comment of the SQL.
    /// Nothing if the source is no template.
    /// </summary>
    public static IReadOnlyList<string> TemplateRefs(string source) =>
        Template.Parse(source) is { Succeeded: true } template ? template.Value.References : [];

    /// <summary>The calls of <c>ref</c> in a Python source that are outside its comments.</summary>
    public static IReadOnlyList<string> PythonRefs(string source) => Refs(WithoutComments(source));

    private static string WithoutComments(string python)
    {
        var code = new StringBuilder(python.Length);
        var quote = "";
        for (var at = 0; at < python.Length; at++)
        {
            if (quote.Length > 0 && python[at] == '\\' && at + 1 < python.Length)
            {
                code.Append(python[at++]);
            }
            else if (quote.Length > 0 && python.AsSpan(at).StartsWith(quote, StringComparison.Ordinal))
            {
                code.Append(quote.AsSpan(1));
                at += quote.Length - 1;
                quote = "";
            }
            else if (quote.Length == 1 && python[at] == '\n')
            {
                quote = "";
            }
            else if (quote.Length == 0 && python[at] is '"' or '\'')
            {
                var isTriple = at + 2 < python.Length && python[at + 1] == python[at] && python[at + 2] == python[at];
                quote = new string(python[at], isTriple ? 3 : 1);
                code.Append(quote.AsSpan(1));
                at += quote.Length - 1;
            }
            else if (quote.Length == 0 && python[at] == '#')
            {
                var end = python.IndexOf('\n', at);
                at = end < 0 ? python.Length - 1 : end;
            }

            code.Append(python[at]);
        }

        return code.ToString();
    }

    [GeneratedRegex("""ref\(\s*['"]([^'"]+)['"]\s*\)""")]
    private static partial Regex RefCall();

    [GeneratedRegex("""landing_zone\(\s*['"]([^'"]+)['"]\s*\)""")]
    private static partial Regex LandingZoneCall();
}
