using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Methods of texts that look for another text.</summary>
internal static class TextSearchMethods
{
    private static readonly Parameter[] Part = [Required("sub"), Optional("start"), Optional("end")];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("find", Part, (budget, self, a) => Number(Find((string)self!, a, fromEnd: false, budget))),
        Builtin.Of("rfind", Part, (budget, self, a) => Number(Find((string)self!, a, fromEnd: true, budget))),
        Builtin.Of("index", Part, (budget, self, a) => Number(Found(Find((string)self!, a, fromEnd: false, budget)))),
        Builtin.Of("rindex", Part, (budget, self, a) => Number(Found(Find((string)self!, a, fromEnd: true, budget)))),
        Builtin.Of("count", Part, (budget, self, a) => Number(Count((string)self!, a, budget))),
        Builtin.Of("startswith", Part, (budget, self, a) => Matches("startswith", (string)self!, a, budget, (text, part) =>
            text.StartsWith(part, StringComparison.Ordinal))),
        Builtin.Of("endswith", Part, (budget, self, a) => Matches("endswith", (string)self!, a, budget, (text, part) =>
            text.EndsWith(part, StringComparison.Ordinal))),
        Builtin.Of("replace", [Required("old"), Required("new"), Optional("count", new BigInteger(-1))], (budget, self, a) => Replace(
            (string)self!, TextArguments.Text(a[0], "old"), TextArguments.Text(a[1], "new"), TextArguments.Count(a[2], "count"), budget)),
        Builtin.Of("partition", [Required("sep")], (budget, self, a) => Partition((string)self!, a[0], fromEnd: false, budget)),
        Builtin.Of("rpartition", [Required("sep")], (budget, self, a) => Partition((string)self!, a[0], fromEnd: true, budget)),
    ];

    /// <summary>Replaces the first occurrences, or all if <paramref name="count"/> is negative. An empty text occurs around every letter.</summary>
    public static string Replace(string text, string old, string replacement, int count, Budget budget)
    {
        var rounds = count < 0 ? int.MaxValue : count;
        var replaced = new BoundedText(budget);
        var copied = 0;
        for (var at = 0; rounds > 0 && at <= text.Length && (at = TextSearch.IndexOf(text, old, at, budget)) >= 0; rounds--)
        {
            replaced.Append(text.AsSpan(copied, at - copied)).Append(replacement);
            copied = at + old.Length;
            at = old.Length > 0 ? copied : at + CodePoints.SizeAt(text, at);
        }

        return replaced.Append(text.AsSpan(copied)).ToString();
    }

    private static BigInteger Number(int value) => new(value);

    private static int Found(int index) => index >= 0 ? index : throw TemplateException.Value("substring not found");

    private static int Find(string text, object?[] arguments, bool fromEnd, Budget budget)
    {
        var part = TextArguments.Text(arguments[0], "sub");
        if (TextArguments.Range(text, arguments[1], arguments[2], budget) is not { } range)
            return -1;
        var found = fromEnd
            ? TextSearch.LastIndexOf(text, part, range.End, budget)
            : TextSearch.IndexOf(text[..range.End], part, range.Start, budget);
        return found < range.Start ? -1 : CodePoints.FromUnits(text, found);
    }

    private static int Count(string text, object?[] arguments, Budget budget)
    {
        var part = TextArguments.Text(arguments[0], "sub");
        return TextArguments.Range(text, arguments[1], arguments[2], budget) is { } range
            ? TextSearch.Count(text[range.Start..range.End], part, budget)
            : 0;
    }

    private static bool Matches(string name, string text, object?[] arguments, Budget budget, Func<string, string, bool> matches)
    {
        IReadOnlyList<object?> candidates = arguments[0] is TupleValue tuple ? tuple.Items : [arguments[0]];
        var parts = candidates.Select(candidate => TextArguments.Text(candidate, $"{name} first arg")).ToArray();
        if (TextArguments.Range(text, arguments[1], arguments[2], budget) is not { } range)
            return false;
        return parts.Any(part => matches(text[range.Start..range.End], part));
    }

    private static TupleValue Partition(string text, object? separator, bool fromEnd, Budget budget)
    {
        var mark = TextArguments.Text(separator, "sep");
        if (mark.Length == 0)
            throw TemplateException.Value("empty separator");
        budget.MakeText(text.Length);
        var at = fromEnd ? TextSearch.LastIndexOf(text, mark, text.Length, budget) : TextSearch.IndexOf(text, mark, 0, budget);
        if (at < 0)
            return fromEnd ? TupleValue.Of("", "", text) : TupleValue.Of(text, "", "");
        return TupleValue.Of(text[..at], mark, text[(at + mark.Length)..]);
    }
}
