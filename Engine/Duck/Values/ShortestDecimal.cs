using System.Numerics;

namespace Rat.Engine.Duck.Values;

/// <summary>
/// The shortest decimal that reads back as the same DOUBLE or FLOAT, and of those the closest. Raffaello Giulietti, "The Schubfach way to render
/// doubles" (2021), sections 8 and 9; names as there. .NET's own formatting gives the same digits in three times the time.
/// </summary>
internal static class ShortestDecimal
{
    private const int SmallestPower = -292;
    private const int LargestPower = 324;

    /// <returns>The value is digits × 10^exponent; the digits may end in zeros.</returns>
    public static (ulong Digits, int Exponent) Of(double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        return Of(bits & ((1UL << 52) - 1), (int)(bits >> 52) & 0x7FF, hidden: 1UL << 52, bias: 1075);
    }

    /// <inheritdoc cref="Of(double)"/>
    public static (ulong Digits, int Exponent) Of(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return Of(bits & ((1UL << 23) - 1), (int)(bits >> 23) & 0xFF, hidden: 1UL << 23, bias: 150);
    }

    private static (ulong Digits, int Exponent) Of(ulong fraction, int biased, ulong hidden, int bias)
    {
        // 1. The value is c × 2^q.
        var (c, q) = biased == 0 ? (fraction, 1 - bias) : (fraction | hidden, biased - bias);
        if (c == 0)
            return (0, 0);

        // 2. Four times the value and the bounds of what rounds to it. Below a power of two the next number is only half as far.
        var isIrregular = fraction == 0 && biased > 1;
        var (lowerBound, center, upperBound) = ((4 * c) - (isIrregular ? 1UL : 2UL), 4 * c, (4 * c) + 2);

        // 3. Scaled by 10^-k, so that the interval is at least 1 and less than 10 wide.
        var k = ((q * 1262611) - (isIrregular ? 524031 : 0)) >> 22; // log10 of 2^q, or of 3/4 × 2^q
        var h = q + ((-k * 1741647) >> 19) + 1; // log2 of 10^-k
        var g = Powers.Of(-k);
        var odd = c & 1; // bounds of an odd c round away from it, and so don't belong to the interval
        var lower = RoundToOdd(g, lowerBound << h) + odd;
        var scaled = RoundToOdd(g, center << h);
        var upper = RoundToOdd(g, upperBound << h) - odd;

        // 4. One digit less, if exactly one neighbour of that length lies inside.
        var s = scaled / 4;
        if (s >= 10)
        {
            var shorter = s / 10;
            var isBelowInside = lower <= 40 * shorter;
            var isAboveInside = (40 * shorter) + 40 <= upper;
            if (isBelowInside != isAboveInside)
                return (shorter + (isAboveInside ? 1UL : 0), k + 1);
        }

        // 5. Else the neighbour that lies inside, or the closer of two, or the even one.
        var isInside = lower <= 4 * s;
        var isNextInside = (4 * s) + 4 <= upper;
        if (isInside != isNextInside)
            return (s + (isNextInside ? 1UL : 0), k);
        var middle = (4 * s) + 2;
        return (s + (scaled > middle || (scaled == middle && (s & 1) != 0) ? 1UL : 0), k);
    }

    /// <summary>Upper part of the product, its last bit set if anything but zeros was cut off.</summary>
    private static ulong RoundToOdd(UInt128 g, ulong factor)
    {
        var low = Math.BigMul((ulong)g, factor, out _);
        var high = Math.BigMul((ulong)(g >> 64), factor, out var middle);
        var sum = middle + low;
        if (sum < middle)
            high++;
        return high | (sum > 1 ? 1UL : 0);
    }

    /// <summary>Powers of ten, cut to 128 bits and rounded up.</summary>
    private static class Powers
    {
        private static readonly UInt128[] Table = [.. Enumerable.Range(SmallestPower, LargestPower - SmallestPower + 1).Select(Compute)];

        public static UInt128 Of(int power) => Table[power - SmallestPower];

        private static UInt128 Compute(int power)
        {
            var shift = 127 - ((power * 1741647) >> 19);
            var ten = BigInteger.Pow(10, Math.Abs(power));
            var (numerator, denominator) = (power < 0 ? BigInteger.One : ten, power < 0 ? ten : BigInteger.One);
            if (shift > 0)
                numerator <<= shift;
            else
                denominator <<= -shift;
            return (UInt128)((numerator + denominator - 1) / denominator);
        }
    }
}
