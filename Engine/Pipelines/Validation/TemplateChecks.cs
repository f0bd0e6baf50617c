using System.Text.RegularExpressions;
using Rat.Engine.Pipelines.Templates;

namespace Rat.Engine.Pipelines.Validation;

/// <summary>Checks of one SQL file that need nothing but its text (engine.md 6.2, 1 to 3, and static names).</summary>
internal static partial class TemplateChecks
{
    private const string SyntaxError = "TemplateSyntaxError: ";
    private const int LongestQuote = 80;

    /// <summary>The template, or null when it is none: that is its only error then.</summary>
    /// <param name="isTest">It is a quality test, in which the name <c>previous</c> exists.</param>
    public static Template? Check(string source, bool isTest, FileReport report)
    {
        var parsed = Template.Parse(source);
        if (!parsed.Succeeded)
        {
            report.Error($"Jinja syntax error: {WithoutClass(parsed.Failure.Message)}");
            return null;
        }

        var template = parsed.Value;
        foreach (var call in NestedCalls(source))
            report.Error($"nested Jinja in a function call: {call} — the argument is an expression already, write it without {{{{ }}}}");
        foreach (var (name, line) in template.Survey.UndefinedNames(isTest))
            report.Error($"'{name}' is undefined (line {line})");
        foreach (var (text, line) in template.Survey.BareCalls)
            report.Warn($"bare function call outside delimiters: {text} (line {line}) — write it as {{{{ {text} }}}}");
        foreach (var (name, line) in template.Survey.UncalledQuestions)
            report.Warn($"{name} is a function (line {line}): without () it is always true");
        return template;
    }

    // ref('{{ x }}'): a quoted argument, on one line, with a template expression in it.
    private static IEnumerable<string> NestedCalls(string source)
    {
        foreach (var line in source.Split('\n'))
        {
            var lastClose = line.LastIndexOf("}}", StringComparison.Ordinal);
            if (lastClose < 0)
                continue;
            foreach (Match call in CallWithText().Matches(line))
            {
                var argument = call.Index + call.Length;
                var length = line.AsSpan(argument).IndexOfAny('\'', '"');
                var open = (length < 0 ? line.AsSpan(argument) : line.AsSpan(argument, length)).IndexOf("{{", StringComparison.Ordinal);
                if (open >= 0 && argument + open < lastClose)
                    yield return Quote(line.AsSpan(call.Index));
            }
        }
    }

    private static string Quote(ReadOnlySpan<char> line)
    {
        // No further than it is shown: a line may hold as many calls as it has room for.
        var shown = line[..Math.Min(line.Length, LongestQuote)];
        var end = shown.IndexOf(')');
        return end >= 0 ? shown[..(end + 1)].ToString() : shown.TrimEnd().ToString() + (shown.Length < line.Length ? "…" : "");
    }

    private static string WithoutClass(string message) =>
        message.StartsWith(SyntaxError, StringComparison.Ordinal) ? message[SyntaxError.Length..] : message;

    [GeneratedRegex("""(?<!\w)(?:ref|landing_zone)\([ \t]*['"]""")]
    private static partial Regex CallWithText();
}
