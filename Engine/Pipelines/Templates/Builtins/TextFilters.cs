using System.Net;
using System.Numerics;
using System.Text;
using Rat.Engine.Pipelines.Templates.Values;
using static Rat.Engine.Pipelines.Templates.Builtins.Parameter;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Filters of texts. Most make a text of other values first, and give markup for markup.</summary>
internal static class TextFilters
{
    private const string TitleBreaks = "-({[<";
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";

    public static IReadOnlyList<Builtin> All { get; } =
    [
        Mapping("capitalize", TextMethods.Capitalize),
        Mapping("lower", TextMethods.Lower),
        Mapping("upper", TextMethods.Upper),
        Plain("title", [], (text, _, _) => Title(text)),
        Builtin.Of("string", (budget, value) => value is Markup ? value : ValueText.Of(value, budget)),
        Builtin.Of("trim", [Optional("chars")], (budget, value, a) => Like(value, TextMethods.Strip(
            budget.Made(ValueText.Of(value, budget)), a[0], atStart: true, atEnd: true))),
        Builtin.Of("center", [Optional("width", new BigInteger(80))], (budget, value, a) => Like(value, TextMethods.Center(
            ValueText.Of(value, budget), TextArguments.Count(a[0], "width"), budget))),
        Plain("replace", [Required("old"), Required("new"), Optional("count")], (text, a, budget) => TextSearchMethods.Replace(
            text, ValueText.Of(a[0], budget), ValueText.Of(a[1], budget), a[2] is null ? -1 : TextArguments.Count(a[2], "count"), budget)),
        Builtin.Of("indent", [Optional("width", new BigInteger(4)), Optional("first", false), Optional("blank", false)], (budget, value, a) =>
            Like(value, Indent(TextArguments.Text(value, "indent"), a[0], Iteration.IsTrue(a[1]), Iteration.IsTrue(a[2]), budget))),
        Builtin.Of("truncate",
            [Optional("length", new BigInteger(255)), Optional("killwords", false), Optional("end", "..."), Optional("leeway")], Truncate),
        Builtin.Of("wordcount", (budget, value) => new BigInteger(CountWords(budget.Made(ValueText.Of(value, budget))))),
        new("format", (budget, value, arguments) => Format(value, arguments, budget)),
        Builtin.Of("e", (budget, value) => Markup.Of(value, budget)),
        Builtin.Of("escape", (budget, value) => Markup.Of(value, budget)),
        Builtin.Of("forceescape", (budget, value) => new Markup(Markup.Escape(ValueText.Of(value, budget), budget))),
        Builtin.Of("safe", (budget, value) => value as Markup ?? new Markup(ValueText.Of(value, budget))),
        Plain("striptags", [], (text, _, budget) => StripTags(text, budget)),
        Builtin.Of("urlencode", UrlEncode),
        Builtin.Of("tojson", [Optional("indent")], (budget, value, a) => new Markup(JsonText.Of(value, a[0], budget))),
    ];

    /// <summary>A result as markup if what it was made of is markup.</summary>
    private static object Like(object? origin, string text) => origin is Markup ? new Markup(text) : text;

    private static Builtin Mapping(string name, Func<string, string> map) =>
        Builtin.Of(name, (budget, value) => Like(value, map(budget.Made(ValueText.Of(value, budget)))));

    /// <summary>A filter whose result is always a plain text.</summary>
    private static Builtin Plain(string name, Parameter[] parameters, Func<string, object?[], Budget, string> map) =>
        Builtin.Of(name, parameters, (budget, value, a) => map(budget.Made(ValueText.Of(value, budget)), a, budget));

    /// <summary>Each word with a capital first: here words start after white space, a hyphen or an opening bracket only.</summary>
    private static string Title(string text)
    {
        var title = new StringBuilder(text.Length);
        var isStart = true;
        foreach (var rune in text.EnumerateRunes())
        {
            var isBreak = rune.IsBmp && (Syntax.Whitespace.Is((char)rune.Value) || TitleBreaks.Contains((char)rune.Value, StringComparison.Ordinal));
            title.Append(isStart ? TextMethods.Upper(rune.ToString()) : TextMethods.Lower(rune.ToString()));
            isStart = isBreak;
        }

        return title.ToString();
    }

    private static string Indent(string text, object? width, bool first, bool blank, Budget budget)
    {
        var indention = Markup.TextOf(width) ?? new string(' ', Math.Clamp(TextArguments.Count(width, "width"), 0, TemplateLimits.TextLength));
        var lines = TextSplitting.Lines(text + "\n", keepsEnds: false, budget);
        var length = text.Length + ((long)indention.Length * (lines.Count + 1));
        budget.MakeText(length);
        var indented = new StringBuilder((int)length);
        for (var index = 0; index < lines.Count; index++)
        {
            if (index > 0)
                indented.Append('\n');
            if (index == 0 ? first : blank || lines[index].Length > 0)
                indented.Append(indention);
            indented.Append(lines[index]);
        }

        return indented.ToString();
    }

    private static object? Truncate(Budget budget, object? value, object?[] arguments)
    {
        var text = TextArguments.Text(value, "truncate");
        var length = TextArguments.Count(arguments[0], "length");
        var end = TextArguments.Text(arguments[2], "end");
        var leeway = arguments[3] is null ? 5 : TextArguments.Count(arguments[3], "leeway");
        var kept = length - CodePoints.Count(end);
        if (kept < 0)
            throw new TemplateException("AssertionError", $"expected length >= {CodePoints.Count(end)}, got {length}");
        if (leeway < 0)
            throw new TemplateException("AssertionError", $"expected leeway >= 0, got {leeway}");
        budget.MakeText(text.Length);
        if (CodePoints.Count(text) <= (long)length + leeway)
            return value;
        var cut = CodePoints.Slice(text, 0, kept);
        var lastSpace = Iteration.IsTrue(arguments[1]) ? -1 : cut.LastIndexOf(' ');
        return Like(value, (lastSpace < 0 ? cut : cut[..lastSpace]) + end);
    }

    private static int CountWords(string text)
    {
        var count = 0;
        var isInWord = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isWord = Rune.IsLetterOrDigit(rune) || Rune.GetNumericValue(rune) >= 0 || rune.Value == '_';
            count += isWord && !isInWord ? 1 : 0;
            isInWord = isWord;
        }

        return count;
    }

    private static object Format(object? value, Arguments arguments, Budget budget)
    {
        if (arguments.Positional.Count > 0 && arguments.ByName.Count > 0)
            throw new TemplateException("FilterArgumentError", "can't handle positional and keyword arguments at the same time");
        object format = value is Markup ? value : ValueText.Of(value, budget);
        if (arguments.ByName.Count == 0)
            return PrintfFormat.Apply(format, new TupleValue(arguments.Positional), budget);
        var values = new DictValue(budget);
        foreach (var (name, item) in arguments.ByName)
            values.Set(name, item);
        return PrintfFormat.Apply(format, values, budget);
    }

    /// <summary>Comments go first, then tags, then entities become letters, and white space becomes single spaces.</summary>
    private static string StripTags(string text, Budget budget)
    {
        var stripped = Without(Without(text, "<!--", "-->"), "<", ">");
        return WebUtility.HtmlDecode(string.Join(' ', TextSplitting.Words(stripped, int.MaxValue, budget)));
    }

    private static string Without(string text, string start, string end)
    {
        var kept = new StringBuilder(text.Length);
        var at = 0;
        while (text.IndexOf(start, at, StringComparison.Ordinal) is >= 0 and var open
            && text.IndexOf(end, open, StringComparison.Ordinal) is >= 0 and var close)
        {
            kept.Append(text, at, open - at);
            at = close + end.Length;
        }

        return kept.Append(text, at, text.Length - at).ToString();
    }

    private static object? UrlEncode(Budget budget, object? value)
    {
        if (value is string or Markup || !Iteration.IsIterable(value))
            return Quote(value, "/", budget);
        var pairs = (value is DictValue dict ? new DictView(dict, DictView.Part.Items).Items() : Iteration.Over(value, budget)).Select(pair =>
        {
            if (Iteration.ToList(pair, budget) is not [var key, var item])
                throw TemplateException.Value("a pair of key and value is needed");
            return $"{Quote(key, "", budget)}={Quote(item, "", budget)}".Replace("%20", "+", StringComparison.Ordinal);
        });
        return budget.Made(string.Join('&', pairs));
    }

    /// <summary>Percent-encodes all but RFC 3986's unreserved letters (section 2.3) and some more.</summary>
    private static string Quote(object? value, string safe, Budget budget)
    {
        var bytes = Encoding.UTF8.GetBytes(ValueText.Of(value, budget));
        budget.MakeText(bytes.Length * 3L);
        var quoted = new StringBuilder(bytes.Length);
        foreach (var octet in bytes)
        {
            if (Unreserved.Contains((char)octet, StringComparison.Ordinal) || safe.Contains((char)octet, StringComparison.Ordinal))
                quoted.Append((char)octet);
            else
                quoted.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return quoted.ToString();
    }
}
