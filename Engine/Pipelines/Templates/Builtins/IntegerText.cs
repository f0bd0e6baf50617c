using System.Globalization;
using System.Numerics;
using System.Text;

namespace Rat.Engine.Pipelines.Templates.Builtins;

/// <summary>Digits of integers that aren't negative, in other bases and in groups.</summary>
internal static class IntegerText
{
    public static string Hexadecimal(BigInteger number) => Trim(number.ToString("x", CultureInfo.InvariantCulture));

    public static string Binary(BigInteger number) => Trim(number.ToString("b", CultureInfo.InvariantCulture));

    public static string Octal(BigInteger number)
    {
        var binary = Binary(number);
        binary = binary.PadLeft((binary.Length + 2) / 3 * 3, '0');
        var digits = new StringBuilder(binary.Length / 3);
        for (var at = 0; at < binary.Length; at += 3)
            digits.Append((char)('0' + ((binary[at] - '0') * 4) + ((binary[at + 1] - '0') * 2) + (binary[at + 2] - '0')));
        return Trim(digits.ToString());
    }

    /// <summary>Digits with a separator between groups, counted from the right, and with zeros on the left up to a width.</summary>
    public static string Grouped(string digits, char separator, int group, int minimumWidth)
    {
        var grouped = new StringBuilder();
        for (var index = 0; index < digits.Length || grouped.Length < minimumWidth; index++)
        {
            if (index > 0 && index % group == 0)
                grouped.Append(separator);
            grouped.Append(index < digits.Length ? digits[^(index + 1)] : '0');
        }

        var letters = grouped.ToString().ToCharArray();
        Array.Reverse(letters);
        return new string(letters);
    }

    private static string Trim(string digits) => digits.TrimStart('0') is { Length: > 0 } significant ? significant : "0";
}
