using System.Globalization;
using System.Numerics;
using Rat.Engine.Pipelines.Templates.Values;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Python's mini-language of formats (https://docs.python.org/3/library/string.html#format-specification-mini-language).</summary>
/// <param name="Align">One of <c>&lt; &gt; = ^</c>, or null for the default of the value's type.</param>
/// <param name="Grouping"><c>,</c> or <c>_</c> between groups of digits.</param>
/// <param name="Type">0 if none is given.</param>
internal sealed record FormatSpec(
    string Fill, char? Align, char Sign, bool NoNegativeZero, bool Alternate, int Width, char? Grouping, int? Precision, char Type)
{
    private const int MaxPrecision = 1000;

    /// <summary>The alignment of a width with a zero before it: after the sign for numbers, like none for texts.</summary>
    private const char ZeroFilled = '0';

    /// <summary>A value in this format.</summary>
    public static string Format(object? value, string specification, Budget budget)
    {
        if (specification.Length == 0 || value is Undefined { IsStrict: true })
            return ValueText.Of(value, budget);
        var spec = Parse(specification);
        budget.MakeText(spec.Width);
        return value switch
        {
            string or Markup => spec.OfText(Markup.TextOf(value)!),
            double number => spec.OfFloat(number),
            bool or BigInteger => spec.OfInteger(Numbers.AsInteger(value)!.Value),
            _ => throw TemplateException.Type($"unsupported format string passed to {TypeName.Of(value)}.__format__"),
        };
    }

    private static FormatSpec Parse(string text)
    {
        var at = 0;
        var (fill, align) = (" ", (char?)null);
        var first = CodePoints.SizeAt(text, 0);
        var hasFill = first < text.Length && IsAlign(text[first]);
        if (hasFill)
        {
            (fill, align) = (text[..first], text[first]);
            at = first + 1;
        }
        else if (IsAlign(text[0]))
        {
            align = text[0];
            at = 1;
        }

        var sign = at < text.Length && text[at] is '+' or '-' or ' ' ? text[at++] : '-';
        var noNegativeZero = Skip('z');
        var alternate = Skip('#');
        if (!hasFill && Skip('0'))
            (fill, align) = ("0", align ?? ZeroFilled);
        var width = Number() ?? 0;
        char? grouping = at < text.Length && text[at] is ',' or '_' ? text[at++] : null;
        int? precision = Skip('.') ? Number() ?? throw TemplateException.Value("Format specifier missing precision") : null;
        var type = at < text.Length ? text[at++] : '\0';
        if (at < text.Length)
            throw TemplateException.Value($"Invalid format specifier '{text}'");
        if (precision > MaxPrecision)
            throw TemplateException.Value("precision too big");
        return new FormatSpec(fill, align, sign, noNegativeZero, alternate, width, grouping, precision, type);

        bool Skip(char letter)
        {
            if (at >= text.Length || text[at] != letter)
                return false;
            at++;
            return true;
        }

        int? Number()
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
            if (start == at)
                return null;
            return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw TemplateException.Value("Too many decimal digits in format string");
        }
    }

    private static bool IsAlign(char letter) => letter is '<' or '>' or '=' or '^';

    private string OfText(string text)
    {
        if (Type is not ('\0' or 's'))
            throw UnknownType("str");
        if (Sign != '-')
            throw TemplateException.Value("Sign not allowed in string format specifier");
        if (Align == '=' || Grouping is not null || Alternate)
            throw TemplateException.Value("Format specifier not allowed for a string");
        var shown = Precision is { } precision && precision < CodePoints.Count(text) ? CodePoints.Slice(text, 0, precision) : text;
        return Pad("", shown, Align is null or ZeroFilled ? '<' : Align.Value);
    }

    private string OfInteger(BigInteger number)
    {
        if (Type is 'e' or 'E' or 'f' or 'F' or 'g' or 'G' or '%')
            return OfFloat(Numbers.ToFloat(number));
        if (Precision is not null)
            throw TemplateException.Value("Precision not allowed in integer format specifier");
        if (Type == 'c')
            return Pad("", Character(number), Align is null or ZeroFilled ? '<' : Align.Value);
        var magnitude = BigInteger.Abs(number);
        var (prefix, digits, group) = Type switch
        {
            '\0' or 'd' or 'n' => ("", magnitude.ToString(CultureInfo.InvariantCulture), 3),
            'x' => ("0x", IntegerText.Hexadecimal(magnitude), 4),
            'X' => ("0X", IntegerText.Hexadecimal(magnitude).ToUpperInvariant(), 4),
            'o' => ("0o", IntegerText.Octal(magnitude), 4),
            'b' => ("0b", IntegerText.Binary(magnitude), 4),
            _ => throw UnknownType("int"),
        };
        if (Grouping == ',' && group != 3)
            throw TemplateException.Value($"Cannot specify ',' with '{Type}'.");
        return OfDigits(SignOf(number.Sign < 0) + (Alternate ? prefix : ""), digits, "", group);
    }

    private static string Character(BigInteger number) =>
        number.Sign >= 0 && number <= 0x10ffff && System.Text.Rune.TryCreate((int)number, out var rune)
            ? rune.ToString()
            : throw TemplateException.Overflow("%c arg not in range(0x110000)");

    private string OfFloat(double number)
    {
        var magnitude = Math.Abs(number);
        var text = Type switch
        {
            '\0' when Precision is null => FloatText.Shortest(magnitude),
            '\0' => FloatText.FormatWithoutType(magnitude, Precision.Value),
            '%' => FloatText.Format(magnitude * 100, 'f', Precision ?? 6, Alternate) + "%",
            'e' or 'E' or 'f' or 'F' or 'g' or 'G' => FloatText.Format(magnitude, Type, Precision ?? 6, Alternate),
            'n' => FloatText.Format(magnitude, 'g', Precision ?? 6, Alternate),
            _ => throw UnknownType("float"),
        };
        var isNegative = double.IsNegative(number) && !double.IsNaN(number)
            && !(NoNegativeZero && text.All(letter => letter is '0' or '.' or '%'));
        var whole = text.TakeWhile(char.IsAsciiDigit).Count();
        return OfDigits(SignOf(isNegative), text[..whole], text[whole..], 3);
    }

    private TemplateException UnknownType(string type) =>
        TemplateException.Value($"Unknown format code '{Type}' for object of type '{type}'");

    private string SignOf(bool isNegative) => isNegative ? "-" : Sign == '-' ? "" : Sign.ToString();

    private string OfDigits(string sign, string digits, string rest, int group)
    {
        var isZeroFilled = Fill == "0" && Align is ZeroFilled or '=';
        if (Grouping is { } separator)
        {
            // Filling zeros are grouped like other digits.
            var minimum = isZeroFilled ? Width - sign.Length - rest.Length : 0;
            digits = IntegerText.Grouped(digits, separator, group, minimum);
        }

        return Pad(sign, digits + rest, Align is null ? '>' : Align == ZeroFilled ? '=' : Align.Value);
    }

    private string Pad(string sign, string text, char align)
    {
        var missing = Width - sign.Length - CodePoints.Count(text);
        if (missing <= 0)
            return sign + text;
        var before = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        var left = string.Concat(Enumerable.Repeat(Fill, before));
        var right = string.Concat(Enumerable.Repeat(Fill, missing - before));
        return align == '=' ? sign + left + text : left + sign + text + right;
    }
}
