using System.Globalization;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Floats as text, with Python's layout.</summary>
internal static class FloatText
{
    /// <summary>The shortest digits that give the same float again; with an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Shortest(double number)
    {
        if (NotFinite(number) is { } word)
            return word;
        var sign = double.IsNegative(number) ? "-" : "";
        var (digits, exponent) = ShortestDigits(Math.Abs(number));
        return sign + (exponent is >= -4 and < 16 ? Positional(digits, exponent, keepsPoint: true) : Scientific(digits, exponent, 'e'));
    }

    /// <summary>What a formatting type makes of a float that is not negative.</summary>
    /// <param name="type"><c>e</c>, <c>f</c> or <c>g</c>, or their capitals.</param>
    /// <param name="keepsZeros">For <c>g</c>: zeros at the end stay; for the others: the point stays even if no digit follows.</param>
    public static string Format(double magnitude, char type, int precision, bool keepsZeros)
    {
        if (NotFinite(magnitude) is { } word)
            return char.IsUpper(type) ? word.ToUpperInvariant() : word;
        var marker = char.IsUpper(type) ? 'E' : 'e';
        switch (char.ToLowerInvariant(type))
        {
            case 'f':
                return Fixed(magnitude, precision) + (keepsZeros && precision == 0 ? "." : "");
            case 'e':
                var (digits, exponent) = ExactDecimal.Significant(magnitude, precision + 1);
                return Scientific(digits, exponent, marker, keepsZeros);
            default:
                return General(magnitude, precision, marker, keepsZeros);
        }
    }

    /// <summary>A float with a precision but no formatting type: like <c>g</c>, but recognisable as a float.</summary>
    public static string FormatWithoutType(double magnitude, int precision)
    {
        if (NotFinite(magnitude) is { } word)
            return word;
        var (digits, exponent) = ExactDecimal.Significant(magnitude, Math.Max(precision, 1));
        digits = TrimZeros(digits);
        return exponent >= -4 && exponent < Math.Max(precision, 1) - 1
            ? Positional(digits, exponent, keepsPoint: true)
            : Scientific(digits, exponent, 'e');
    }

    private static string? NotFinite(double number) =>
        double.IsNaN(number) ? "nan" : double.IsPositiveInfinity(number) ? "inf" : double.IsNegativeInfinity(number) ? "-inf" : null;

    private static string General(double magnitude, int precision, char marker, bool keepsZeros)
    {
        precision = Math.Max(precision, 1);
        var (digits, exponent) = ExactDecimal.Significant(magnitude, precision);
        if (!keepsZeros)
            digits = TrimZeros(digits);
        return exponent >= -4 && exponent < precision
            ? Positional(digits, exponent, keepsPoint: false) + (keepsZeros && exponent == precision - 1 ? "." : "")
            : Scientific(digits, exponent, marker, keepsZeros);
    }

    private static string TrimZeros(string digits) => digits.TrimEnd('0') is { Length: > 0 } significant ? significant : "0";

    private static string Fixed(double magnitude, int decimals)
    {
        var digits = ExactDecimal.Scaled(magnitude, decimals).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        return decimals == 0 ? digits : $"{digits[..^decimals]}.{digits[^decimals..]}";
    }

    private static (string Digits, int Exponent) ShortestDigits(double magnitude)
    {
        var text = magnitude.ToString("R", CultureInfo.InvariantCulture);
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var mantissa = mark < 0 ? text : text[..mark];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        var leading = digits.Length - digits.TrimStart('0').Length;
        exponent += (point < 0 ? mantissa.Length : point) - 1 - leading;
        return digits.Trim('0') is { Length: > 0 } significant ? (significant, exponent) : ("0", 0);
    }

    private static string Positional(string digits, int exponent, bool keepsPoint)
    {
        if (exponent < 0)
            return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1)
            return digits.PadRight(exponent + 1, '0') + (keepsPoint ? ".0" : "");
        return $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    private static string Scientific(string digits, int exponent, char marker, bool keepsPoint = false)
    {
        var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : keepsPoint ? digits + "." : digits;
        return $"{mantissa}{marker}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
