using System.Globalization;
using System.Text;

namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>
/// Strings with Python's escapes (https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences), without <c>\N{name}</c>. An
/// escape that Python doesn't know stays as it is written.
/// </summary>
internal static class StringLiteral
{
    /// <summary>The place after the closing quote of the string that starts here; null if it never closes.</summary>
    public static int? EndOf(string source, int start)
    {
        for (var at = start + 1; at < source.Length; at++)
        {
            if (source[at] == '\\')
                at++;
            else if (source[at] == source[start])
                return at + 1;
        }

        return null;
    }

    public static string Unescape(ReadOnlySpan<char> text, int line)
    {
        if (!text.Contains('\\'))
            return text.ToString();
        var result = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\')
                result.Append(text[at]);
            else
                at += Escape(text[(at + 1)..], result, line);
        }

        return result.ToString();
    }

    /// <summary>Reads what follows a backslash and says how many letters that was.</summary>
    private static int Escape(ReadOnlySpan<char> text, StringBuilder result, int line)
    {
        switch (text[0])
        {
            case '\n':
                return 1;
            case 'x':
                return CodePoint(text, 2, result, line);
            case 'u':
                return CodePoint(text, 4, result, line);
            case 'U':
                return CodePoint(text, 8, result, line);
            case 'N':
                throw TemplateException.Syntax("characters by name (\\N{…}) are not supported", line);
            case >= '0' and <= '7':
                var length = 1;
                while (length < Math.Min(3, text.Length) && text[length] is >= '0' and <= '7')
                    length++;
                var value = 0;
                foreach (var digit in text[..length])
                    value = (value * 8) + (digit - '0');
                result.Append((char)value);
                return length;
            case var letter when SingleLetter(letter) is { } meant:
                result.Append(meant);
                return 1;
            default:
                result.Append('\\').Append(text[0]);
                return 1;
        }
    }

    private static char? SingleLetter(char letter) => letter switch
    {
        '\\' or '\'' or '"' => letter,
        'a' => '\a',
        'b' => '\b',
        'f' => '\f',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\v',
        _ => null,
    };

    private static int CodePoint(ReadOnlySpan<char> text, int digits, StringBuilder result, int line)
    {
        if (text.Length <= digits || !uint.TryParse(text.Slice(1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            throw TemplateException.Syntax($"truncated \\{text[0]} escape: {digits} hexadecimal digits expected", line);
        if (!Rune.TryCreate(value, out var rune))
            throw TemplateException.Syntax($"\\{text[0]} escape names no character", line);
        result.Append(rune.ToString());
        return digits + 1;
    }
}
