using System.Globalization;
using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>Numbers as Python writes them: <c>1_000</c>, <c>0xff</c>, <c>0o17</c>, <c>0b1</c>, <c>1.5e-3</c>.</summary>
internal static class NumberLiteral
{
    /// <summary>Letters that belong to the integer at this place, 0 if none is here. Zero is the only decimal number that starts with 0.</summary>
    public static int IntegerLength(string text, int at)
    {
        if (at >= text.Length || !char.IsAsciiDigit(text[at]))
            return 0;
        if (text[at] != '0')
            return DigitsLength(text, at, char.IsAsciiDigit);
        Func<char, bool>? isDigit = at + 1 >= text.Length ? null : (text[at + 1] | 0x20) switch
        {
            'x' => char.IsAsciiHexDigit,
            'o' => digit => digit is >= '0' and <= '7',
            'b' => digit => digit is '0' or '1',
            _ => null,
        };
        if (isDigit is not null)
        {
            var start = at + 2 < text.Length && text[at + 2] == '_' ? at + 3 : at + 2;
            if (DigitsLength(text, start, isDigit) is > 0 and var digits)
                return start + digits - at;
        }

        return DigitsLength(text, at, digit => digit == '0');
    }

    /// <summary>Letters that belong to the number with a fraction or an exponent at this place, 0 if none is here.</summary>
    public static int FloatLength(string text, int at)
    {
        if (at > 0 && text[at - 1] == '.')
            return 0;
        var whole = DigitsLength(text, at, char.IsAsciiDigit);
        if (whole == 0)
            return 0;
        var end = at + whole;
        var isFloat = false;
        if (end < text.Length && text[end] == '.' && DigitsLength(text, end + 1, char.IsAsciiDigit) is > 0 and var fraction)
        {
            end += 1 + fraction;
            isFloat = true;
        }

        if (end < text.Length && text[end] is 'e' or 'E')
        {
            var digits = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (DigitsLength(text, digits, char.IsAsciiDigit) is > 0 and var exponent)
            {
                end = digits + exponent;
                isFloat = true;
            }
        }

        return isFloat ? end - at : 0;
    }

    /// <summary>The value of what <see cref="IntegerLength"/> found.</summary>
    public static BigInteger Integer(string text, int line)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.Length * 4L > TemplateLimits.IntegerBits)
            throw TemplateException.Syntax("integer literal is too long", line);
        return digits.Length < 2 ? digits[0] - '0' : (digits[1] | 0x20) switch
        {
            'x' => BigInteger.Parse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            'o' => digits.Skip(2).Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')),
            'b' => digits.Skip(2).Aggregate(BigInteger.Zero, (sum, digit) => (sum * 2) + (digit - '0')),
            _ => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The value of what <see cref="FloatLength"/> found; too large a number is infinite.</summary>
    public static double Float(string text) =>
        double.Parse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Digits with single underscores between them.</summary>
    private static int DigitsLength(string text, int at, Func<char, bool> isDigit)
    {
        var end = at;
        while (end < text.Length && (isDigit(text[end]) || (text[end] == '_' && end > at && end + 1 < text.Length && isDigit(text[end + 1]))))
            end++;
        return end - at;
    }
}
