using System.Globalization;
using System.Numerics;
using Rat.Engine.Pipelines.Templates.Syntax;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Texts and floats to numbers, as Python's <c>int()</c> and <c>float()</c> read them.</summary>
internal static class Conversions
{
    public static BigInteger Truncate(double number)
    {
        if (double.IsNaN(number))
            throw TemplateException.Value("cannot convert float NaN to integer");
        return double.IsFinite(number)
            ? new BigInteger(number)
            : throw TemplateException.Overflow("cannot convert float infinity to integer");
    }

    /// <summary>An integer in a base from 2 to 36, or in the base that its prefix says if that is 0; null if it is none.</summary>
    public static BigInteger? ParseInteger(string text, int numberBase)
    {
        var digits = Trim(text);
        var isNegative = digits.StartsWith('-');
        if (isNegative || digits.StartsWith('+'))
            digits = digits[1..];
        var prefixed = digits.Length > 1 && digits[0] == '0' ? (digits[1] | 0x20) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefixed > 0 && (numberBase == prefixed || numberBase == 0))
        {
            digits = digits[2..].StartsWith('_') ? digits[3..] : digits[2..];
            numberBase = prefixed;
        }
        else if (numberBase == 0)
        {
            if (digits.StartsWith('0') && digits.Any(digit => digit is not ('0' or '_')))
                return null;
            numberBase = 10;
        }

        if (numberBase is < 2 or > 36 || WithoutUnderscores(digits) is not { } plain || plain.Length * 4L > TemplateLimits.IntegerBits)
            return null;
        var value = BigInteger.Zero;
        foreach (var letter in plain)
        {
            var digit = letter is >= '0' and <= '9' ? letter - '0' : (letter | 0x20) is >= 'a' and <= 'z' ? (letter | 0x20) - 'a' + 10 : 36;
            if (digit >= numberBase)
                return null;
            value = (value * numberBase) + digit;
        }

        return isNegative ? -value : value;
    }

    /// <summary>A float, <c>inf</c> and <c>nan</c> included; null if the text is none.</summary>
    public static double? ParseFloat(string text)
    {
        var trimmed = Trim(text);
        var unsigned = trimmed.StartsWith('-') || trimmed.StartsWith('+') ? trimmed[1..] : trimmed;
        var sign = trimmed.StartsWith('-') ? -1.0 : 1.0;
        if (unsigned.Equals("inf", StringComparison.OrdinalIgnoreCase) || unsigned.Equals("infinity", StringComparison.OrdinalIgnoreCase))
            return sign * double.PositiveInfinity;
        if (unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
            return double.NaN;
        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (unsigned.Length == 0 || !(char.IsAsciiDigit(unsigned[0]) || unsigned[0] == '.') || WithoutUnderscores(unsigned) is not { } plain)
            return null;
        return double.TryParse(plain, Style, CultureInfo.InvariantCulture, out var number) ? sign * number : null;
    }

    private static string Trim(string text) => Whitespace.TrimStart(Whitespace.TrimEnd(text)).ToString();

    /// <summary>Underscores may stand between digits only.</summary>
    private static string? WithoutUnderscores(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '_' && (at == 0 || at + 1 == text.Length || !char.IsLetterOrDigit(text[at - 1]) || !char.IsLetterOrDigit(text[at + 1])))
                return null;
        }

        return text.Length == 0 ? null : text.Replace("_", "", StringComparison.Ordinal);
    }
}
