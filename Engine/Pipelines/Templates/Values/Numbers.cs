using System.Numerics;

namespace Rat.Engine.Pipelines.Templates.Values;

/// <summary>Integers of any size (of <see cref="TemplateLimits.IntegerBits"/>, to be exact), floats, and booleans as 0 and 1.</summary>
internal static class Numbers
{
    /// <summary>An integer or a boolean as an integer; null for anything else.</summary>
    public static BigInteger? AsInteger(object? value) => value switch
    {
        BigInteger number => number,
        bool flag => flag ? BigInteger.One : BigInteger.Zero,
        _ => null,
    };

    /// <summary>Any number as a float; null for anything else. An integer beyond the floats is an error.</summary>
    public static double? AsFloat(object? value) => value is double number ? number : AsInteger(value) is { } integer ? ToFloat(integer) : null;

    /// <summary>The number of an integer argument such as a width; an error names what it was for.</summary>
    public static int ToInt32(object? value, string what)
    {
        Undefined.ThrowIf(value);
        if (AsInteger(value) is not { } number)
            throw TemplateException.Type($"{what} must be an integer, not '{TypeName.Of(value)}'");
        return number >= int.MinValue && number <= int.MaxValue
            ? (int)number
            : throw TemplateException.Overflow($"{what} is out of range");
    }

    /// <summary>Negative, zero or positive; null if one is not a number (NaN). An integer and a float are compared exactly.</summary>
    public static int? Compare(object? left, object? right)
    {
        switch (left, right)
        {
            case (double a, double b):
                return double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);
            case (double a, _):
                return -CompareExactly(AsInteger(right)!.Value, a);
            case (_, double b):
                return CompareExactly(AsInteger(left)!.Value, b);
            default:
                return AsInteger(left)!.Value.CompareTo(AsInteger(right)!.Value);
        }
    }

    public static double ToFloat(BigInteger number) => Divide(number, BigInteger.One) is var result && double.IsFinite(result)
        ? result
        : throw TemplateException.Overflow("int too large to convert to float");

    /// <summary>The float nearest to the exact quotient, ties to even; the divisor isn't zero.</summary>
    public static double Divide(BigInteger dividend, BigInteger divisor)
    {
        var isNegative = dividend.Sign < 0 != divisor.Sign < 0;
        dividend = BigInteger.Abs(dividend);
        divisor = BigInteger.Abs(divisor);
        if (dividend.IsZero)
            return isNegative ? -0.0 : 0.0;

        // 62 or 63 bits of the quotient, the last one set if anything was cut off: enough for one correct rounding to the 53 of a float.
        var shift = 62 - (int)(dividend.GetBitLength() - divisor.GetBitLength());
        var quotient = shift >= 0
            ? BigInteger.DivRem(dividend << shift, divisor, out var rest)
            : BigInteger.DivRem(dividend, divisor << -shift, out rest);
        var bits = (ulong)quotient | (rest.IsZero ? 0UL : 1UL);
        var result = Math.ScaleB((double)bits, -shift);
        return isNegative ? -result : result;
    }

    public static BigInteger Bounded(BigInteger number) => number.GetBitLength() <= TemplateLimits.IntegerBits
        ? number
        : throw TemplateException.Overflow("an integer is too large");

    private static int? CompareExactly(BigInteger integer, double number)
    {
        if (double.IsNaN(number))
            return null;
        if (double.IsInfinity(number))
            return number > 0 ? -1 : 1;
        var floor = Math.Floor(number);
        var order = integer.CompareTo(new BigInteger(floor));
        return order == 0 && number > floor ? -1 : order;
    }
}
