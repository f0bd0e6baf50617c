using System.Globalization;
using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>
/// Decimal digits of a float's exact value, ties to even. The library rounds ties away from zero, so that 0.125 with two digits would be
/// 0.13 and not Python's 0.12.
/// </summary>
internal static class ExactDecimal
{
    /// <summary>The integer nearest to <paramref name="magnitude"/> · 10^<paramref name="decimals"/>; the magnitude is finite and not negative.</summary>
    public static BigInteger Scaled(double magnitude, int decimals)
    {
        var bits = BitConverter.DoubleToUInt64Bits(magnitude);
        var biased = (int)(bits >> 52) & 0x7ff;
        BigInteger fraction = (bits & ((1UL << 52) - 1)) | (biased == 0 ? 0 : 1UL << 52);
        var exponent = Math.Max(biased, 1) - 1075;
        var dividend = exponent > 0 ? fraction << exponent : fraction;
        var divisor = exponent < 0 ? BigInteger.One << -exponent : BigInteger.One;
        if (decimals >= 0)
            dividend *= BigInteger.Pow(10, decimals);
        else
            divisor *= BigInteger.Pow(10, -decimals);
        return RoundedQuotient(dividend, divisor);
    }

    /// <summary>The first <paramref name="count"/> digits, and the power of ten of the first one. Zero has the power 0.</summary>
    public static (string Digits, int Exponent) Significant(double magnitude, int count)
    {
        if (magnitude == 0)
            return (new string('0', count), 0);
        var exponent = (int)Math.Floor(Math.Log10(magnitude));
        while (true)
        {
            var digits = Scaled(magnitude, count - 1 - exponent).ToString(CultureInfo.InvariantCulture);
            if (digits.Length == count)
                return (digits, exponent);

            // The estimate was off by one, or rounding has carried into a new digit.
            exponent += digits.Length > count ? 1 : -1;
        }
    }

    /// <summary>A float with so many decimals as the nearest float, as Python's <c>round</c> gives it; it may be infinite.</summary>
    public static double Round(double number, int decimals)
    {
        // Beyond these no digit of a float is left to be rounded, or no digit stays.
        if (!double.IsFinite(number) || decimals > 323)
            return number;
        if (decimals < -309)
            return Math.CopySign(0, number);
        var digits = Scaled(Math.Abs(number), decimals).ToString(CultureInfo.InvariantCulture);
        var rounded = double.Parse($"{digits}E{-decimals}", NumberStyles.Float, CultureInfo.InvariantCulture);
        return Math.CopySign(rounded, number);
    }

    /// <summary>An integer to a power of ten, ties to even.</summary>
    public static BigInteger Round(BigInteger number, int decimals)
    {
        if (decimals >= 0)
            return number;
        if (-decimals > TemplateLimits.IntegerBits)
            return BigInteger.Zero;
        var unit = BigInteger.Pow(10, -decimals);
        return number.Sign * RoundedQuotient(BigInteger.Abs(number), unit) * unit;
    }

    private static BigInteger RoundedQuotient(BigInteger dividend, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(dividend, divisor, out var rest);
        var half = (rest << 1).CompareTo(divisor);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
