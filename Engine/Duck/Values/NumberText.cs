namespace Rat.Engine.Duck.Values;

/// <summary>Numbers that JSON readers would lose digits of, and how they are written.</summary>
internal static class NumberText
{
    /// <summary>Bytes that a DECIMAL or an integer of 128 bits fits into.</summary>
    public const int MaxLength = 48;

    /// <summary>2^53 - 1: integers up to it are exact in a double (RFC 8259, section 6).</summary>
    public const long LargestExactInteger = (1L << 53) - 1;

    // Every decimal of that many significant digits survives the way into a double and back.
    private const ulong FirstWithSixteenDigits = 1_000_000_000_000_000;

    /// <summary>Plain notation with exactly <paramref name="scale"/> digits behind the point, as DuckDB prints a DECIMAL.</summary>
    public static void AddDecimal(ref TextBuffer text, Int128 unscaled, int scale)
    {
        if (unscaled < 0)
            text.Add((byte)'-');
        Span<byte> buffer = stackalloc byte[MaxLength];
        var digits = Digits(Magnitude(unscaled), buffer);
        var whole = digits.Length - scale;
        if (whole > 0)
            text.Add(digits[..whole]);
        else
            text.Add((byte)'0');
        if (scale == 0)
            return;
        text.Add((byte)'.');
        for (var i = whole; i < 0; i++)
            text.Add((byte)'0');
        text.Add(digits[Math.Max(whole, 0)..]);
    }

    /// <summary>True when the value has at most 15 significant digits; zeros at its end count for nothing.</summary>
    public static bool FitsDouble(Int128 unscaled)
    {
        var magnitude = Magnitude(unscaled);
        if (magnitude < FirstWithSixteenDigits)
            return true;
        while (magnitude > ulong.MaxValue)
        {
            (magnitude, var last) = UInt128.DivRem(magnitude, 10);
            if (last != 0)
                return false;
        }

        var small = (ulong)magnitude;
        while (small >= FirstWithSixteenDigits)
        {
            (small, var last) = Math.DivRem(small, 10);
            if (last != 0)
                return false;
        }

        return true;
    }

    private static UInt128 Magnitude(Int128 value) => value < 0 ? (UInt128)(-value) : (UInt128)value;

    private static ReadOnlySpan<byte> Digits(UInt128 magnitude, Span<byte> buffer)
    {
        var written = 0;
        // 128-bit formatting divides in software: most values don't need it.
        if (magnitude <= ulong.MaxValue)
            ((ulong)magnitude).TryFormat(buffer, out written);
        else
            magnitude.TryFormat(buffer, out written);
        return buffer[..written];
    }
}
