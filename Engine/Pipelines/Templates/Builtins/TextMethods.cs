using System.Text;
using Rat.Engine.Pipelines.Templates.Syntax;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Methods of texts that change case, ends or width, and formatting.</summary>
internal static class TextMethods
{
    private static readonly Parameter[] Characters = [Optional("chars")];
    private static readonly Parameter[] Width = [Required("width"), Optional("fillchar", " ")];

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Builtin.Of("capitalize", (budget, self) => Capitalize(Read(self, budget))),
        Builtin.Of("casefold", (budget, self) => Lower(Read(self, budget))),
        Builtin.Of("lower", (budget, self) => Lower(Read(self, budget))),
        Builtin.Of("upper", (budget, self) => Upper(Read(self, budget))),
        Builtin.Of("swapcase", (budget, self) => SwapCase(Read(self, budget))),
        Builtin.Of("title", (budget, self) => Title(Read(self, budget))),
        Builtin.Of("center", Width, (budget, self, a) => Pad((string)self!, a, Centered, budget)),
        Builtin.Of("ljust", Width, (budget, self, a) => Pad((string)self!, a, _ => 0, budget)),
        Builtin.Of("rjust", Width, (budget, self, a) => Pad((string)self!, a, missing => missing, budget)),
        Builtin.Of("zfill", [Required("width")], (budget, self, a) => ZeroFill((string)self!, a[0], budget)),
        Builtin.Of("expandtabs", [Optional("tabsize", new System.Numerics.BigInteger(8))], (budget, self, a) =>
            ExpandTabs((string)self!, TextArguments.Count(a[0], "tabsize"), budget)),
        Builtin.Of("strip", Characters, (budget, self, a) => Strip(Read(self, budget), a[0], atStart: true, atEnd: true)),
        Builtin.Of("lstrip", Characters, (budget, self, a) => Strip(Read(self, budget), a[0], atStart: true, atEnd: false)),
        Builtin.Of("rstrip", Characters, (budget, self, a) => Strip(Read(self, budget), a[0], atStart: false, atEnd: true)),
        Builtin.Of("removeprefix", [Required("prefix")], (budget, self, a) =>
            TextArguments.Text(a[0], "prefix") is var prefix && Read(self, budget).StartsWith(prefix, StringComparison.Ordinal)
                ? ((string)self!)[prefix.Length..] : self),
        Builtin.Of("removesuffix", [Required("suffix")], (budget, self, a) =>
            TextArguments.Text(a[0], "suffix") is var suffix && Read(self, budget).EndsWith(suffix, StringComparison.Ordinal)
                ? ((string)self!)[..^suffix.Length] : self),
        Builtin.Of("join", [Required("iterable")], (budget, self, a) =>
            Join((string)self!, Iteration.Over(a[0], budget), budget)),
        new("format", (budget, self, arguments) => BraceFormat.Call((string)self!, "format", arguments, isEscaping: false, budget)),
        new("format_map", (budget, self, arguments) => BraceFormat.Call((string)self!, "format_map", arguments, isEscaping: false, budget)),
    ];

    public static string Lower(string text) => text.ToLowerInvariant();

    public static string Upper(string text) => text.ToUpperInvariant().Replace("ß", "SS", StringComparison.Ordinal);

    /// <summary>The first letter as a capital, all others small.</summary>
    public static string Capitalize(string text)
    {
        if (text.Length == 0)
            return text;
        var first = CodePoints.ToUnits(text, 1);
        return Upper(text[..first]) + Lower(text[first..]);
    }

    /// <summary>Without these characters at its ends: a text of them, or None for white space.</summary>
    public static string Strip(string text, object? characters, bool atStart, bool atEnd)
    {
        if (TextArguments.OptionalText(characters, "chars") is { } set)
        {
            return (atStart, atEnd) switch
            {
                (true, true) => text.Trim(set.ToCharArray()),
                (true, false) => text.TrimStart(set.ToCharArray()),
                _ => text.TrimEnd(set.ToCharArray()),
            } is var stripped && set.Length > 0 ? stripped : text;
        }

        var span = atStart ? Whitespace.TrimStart(text) : text;
        return (atEnd ? Whitespace.TrimEnd(span) : span).ToString();
    }

    public static string Center(string text, int width, Budget budget) => Pad(text, width, " ", Centered, budget);

    /// <summary>The items, which must be texts, with the separator between them.</summary>
    public static string Join(string separator, IEnumerable<object?> items, Budget budget)
    {
        var joined = new BoundedText(budget);
        var index = 0;
        foreach (var item in items)
        {
            Undefined.ThrowIf(item);
            var text = Markup.TextOf(item)
                ?? throw TemplateException.Type($"sequence item {index}: expected str instance, {TypeName.Of(item)} found");
            if (index++ > 0)
                joined.Append(separator);
            joined.Append(text);
        }

        return joined.ToString();
    }

    private static string Read(object? self, Budget budget) => budget.Made((string)self!);

    private static string SwapCase(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        Rune.IsUpper(rune) ? Lower(rune.ToString()) : Rune.IsLower(rune) ? Upper(rune.ToString()) : rune.ToString()));

    private static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            title.Append(isInWord ? Lower(rune.ToString()) : Capitalize(rune.ToString()));
            isInWord = TextTests.IsCased(rune);
        }

        return title.ToString();
    }

    /// <summary>What goes to the left of a text of that length to centre it; an odd rest goes where Python puts it.</summary>
    private static int Centered(int missing, int width) => (missing / 2) + (missing & width & 1);

    private static string Pad(string text, object?[] arguments, Func<int, int> left, Budget budget) =>
        Pad(text, arguments, (missing, _) => left(missing), budget);

    private static string Pad(string text, object?[] arguments, Func<int, int, int> left, Budget budget) => Pad(
        text, TextArguments.Count(arguments[0], "width"), TextArguments.Text(arguments[1], "fillchar"), left, budget);

    private static string Pad(string text, int width, string fill, Func<int, int, int> left, Budget budget)
    {
        if (CodePoints.Count(fill) != 1)
            throw TemplateException.Type("The fill character must be exactly one character long");
        budget.Read(text);
        var missing = width - CodePoints.Count(text);
        if (missing <= 0)
            return text;
        budget.MakeText(text.Length + ((long)missing * fill.Length));
        var before = left(missing, width);
        return new StringBuilder().Insert(0, fill, before).Append(text).Insert(before * fill.Length + text.Length, fill, missing - before).ToString();
    }

    private static string ZeroFill(string text, object? width, Budget budget)
    {
        var sign = text.Length > 0 && text[0] is '+' or '-' ? text[..1] : "";
        var digits = Math.Max(0, TextArguments.Count(width, "width") - sign.Length);
        return sign + Pad(text[sign.Length..], digits, "0", (missing, _) => missing, budget);
    }

    private static string ExpandTabs(string text, int size, Budget budget)
    {
        budget.MakeText(text.Length + ((long)text.AsSpan().Count('\t') * Math.Max(size, 0)));
        var expanded = new StringBuilder(text.Length);
        var column = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != '\t')
            {
                expanded.Append(rune.ToString());
                column = rune.Value is '\n' or '\r' ? 0 : column + 1;
            }
            else if (size > 0)
            {
                var spaces = size - (column % size);
                expanded.Append(' ', spaces);
                column += spaces;
            }
        }

        return expanded.ToString();
    }
}
