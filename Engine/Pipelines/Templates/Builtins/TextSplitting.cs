using System.Numerics;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Cuts texts into lists.</summary>
internal static class TextSplitting
{
    private static readonly Parameter[] Split = [Optional("sep"), Optional("maxsplit", new BigInteger(-1))];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("split", Split, (budget, self, a) => Apply((string)self!, a, fromEnd: false, budget)),
        Builtin.Of("rsplit", Split, (budget, self, a) => Apply((string)self!, a, fromEnd: true, budget)),
        Builtin.Of("splitlines", [Optional("keepends", false)], (budget, self, a) =>
            Lines((string)self!, Iteration.IsTrue(a[0]), budget).ConvertAll(object? (line) => line)),
    ];

    /// <summary>The lines of a text; a line break at its end starts no further line.</summary>
    public static List<string> Lines(string text, bool keepsEnds, Budget budget)
    {
        var lines = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var end = start;
            while (end < text.Length && !IsLineBreak(text[end]))
                end++;
            var next = end == text.Length ? end : text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
            Add(lines, text[start..(keepsEnds ? next : end)], budget);
            start = next;
        }

        return lines;
    }

    /// <summary>The words between white space; the last one holds all that is left after so many cuts.</summary>
    public static List<string> Words(string text, int rounds, Budget budget)
    {
        var words = new List<string>();
        for (var at = Whitespace.Skip(text, 0); at < text.Length; at = Whitespace.Skip(text, at))
        {
            var end = at;
            while (end < text.Length && (rounds == 0 || !Whitespace.Is(text[end])))
                end++;
            Add(words, text[at..end], budget);
            at = end;
            rounds--;
        }

        return words;
    }

    private static List<object?> Apply(string text, object?[] arguments, bool fromEnd, Budget budget)
    {
        var separator = TextArguments.OptionalText(arguments[0], "sep");
        var limit = TextArguments.Count(arguments[1], "maxsplit");
        var rounds = limit < 0 ? int.MaxValue : limit;
        if (separator?.Length == 0)
            throw TemplateException.Value("empty separator");
        var parts = (separator, fromEnd) switch
        {
            (null, false) => Words(text, rounds, budget),
            (null, true) => WordsFromEnd(text, rounds, budget),
            (_, false) => Parts(text, separator, rounds, budget),
            _ => PartsFromEnd(text, separator, rounds, budget),
        };
        return parts.ConvertAll(object? (part) => part);
    }

    private static List<string> WordsFromEnd(string text, int rounds, Budget budget)
    {
        var words = new List<string>();
        var end = Whitespace.TrimEnd(text).Length;
        while (end > 0)
        {
            var start = end;
            while (start > 0 && (rounds == 0 || !Whitespace.Is(text[start - 1])))
                start--;
            Add(words, text[start..end], budget);
            rounds--;
            end = Whitespace.TrimEnd(text.AsSpan(0, start)).Length;
        }

        words.Reverse();
        return words;
    }

    private static List<string> Parts(string text, string separator, int rounds, Budget budget)
    {
        var parts = new List<string>();
        var start = 0;
        for (int at; rounds > 0 && (at = TextSearch.IndexOf(text, separator, start, budget)) >= 0; rounds--)
        {
            Add(parts, text[start..at], budget);
            start = at + separator.Length;
        }

        Add(parts, text[start..], budget);
        return parts;
    }

    private static List<string> PartsFromEnd(string text, string separator, int rounds, Budget budget)
    {
        var parts = new List<string>();
        var end = text.Length;
        for (int at; rounds > 0 && (at = TextSearch.LastIndexOf(text, separator, end, budget)) >= 0; rounds--)
        {
            Add(parts, text[(at + separator.Length)..end], budget);
            end = at;
        }

        Add(parts, text[..end], budget);
        parts.Reverse();
        return parts;
    }

    private static void Add(List<string> parts, string part, Budget budget)
    {
        budget.MakeElements(1);
        budget.MakeText(part.Length);
        parts.Add(part);
    }

    private static bool IsLineBreak(char letter) =>
        letter is '\n' or '\r' or '\v' or '\f' or (>= '\u001c' and <= '\u001e') or '\u0085' or '\u2028' or '\u2029';
}
