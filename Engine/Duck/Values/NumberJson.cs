namespace Rat.Engine.Duck.Values;

/// <summary>Numbers as JSON numbers while a reader that keeps them in a double (RFC 8259, section 6) loses no digit, else as strings.</summary>
internal static class NumberJson
{
    private const long LargestExactInteger = (1L << 53) - 1;

    // Sign, 39 digits, point, a zero before it, quotes.
    private const int MaxLength = 48;

    // Every decimal of at most 15 significant digits survives the way into a double and back.
    private const ulong FirstWithSixteenDigits = 1_000_000_000_000_000;

    public static void Add(JsonBuffer json, long value)
    {
        if (value is < -LargestExactInteger or > LargestExactInteger)
        {
            AddLarge(json, value);
            return;
        }

        value.TryFormat(json.Reserve(MaxLength), out var length);
        json.Advance(length);
    }

    public static void Add(JsonBuffer json, Int128 value)
    {
        if (value >= -LargestExactInteger && value <= LargestExactInteger)
            Add(json, (long)value);
        else
            AddLarge(json, value);
    }

    public static void Add(JsonBuffer json, UInt128 value)
    {
        if (value <= (UInt128)Int128.MaxValue)
        {
            Add(json, (Int128)value);
            return;
        }

        var target = json.Reserve(MaxLength);
        value.TryFormat(target[1..], out var length);
        Quote(json, target, length);
    }

    public static void Add(JsonBuffer json, float value)
    {
        if (!float.IsFinite(value))
        {
            AddNotFinite(json, value);
            return;
        }

        var (digits, exponent) = ShortestDecimal.Of(value);
        AddShortest(json, float.IsNegative(value), digits, exponent);
    }

    public static void Add(JsonBuffer json, double value)
    {
        if (!double.IsFinite(value))
        {
            AddNotFinite(json, value);
            return;
        }

        var (digits, exponent) = ShortestDecimal.Of(value);
        AddShortest(json, double.IsNegative(value), digits, exponent);
    }

    /// <summary>Plain notation with exactly <paramref name="scale"/> digits behind the point, as DuckDB prints a DECIMAL.</summary>
    public static void AddDecimal(JsonBuffer json, Int128 unscaled, int scale)
    {
        var magnitude = unscaled < 0 ? (UInt128)(-unscaled) : (UInt128)unscaled;
        var target = json.Reserve(MaxLength);
        if (FitsDouble(magnitude))
            json.Advance(FormatDecimal(target, unscaled < 0, magnitude, scale));
        else
            Quote(json, target, FormatDecimal(target[1..], unscaled < 0, magnitude, scale));
    }

    private static void AddLarge(JsonBuffer json, Int128 value)
    {
        var target = json.Reserve(MaxLength);
        value.TryFormat(target[1..], out var length);
        Quote(json, target, length);
    }

    /// <summary>Plain notation from 10^-6 to 10^21, beyond it with an exponent: the form of ECMAScript, "Number::toString".</summary>
    private static void AddShortest(JsonBuffer json, bool isNegative, ulong digits, int exponent)
    {
        while (digits >= 10 && digits % 10 == 0)
            (digits, exponent) = (digits / 10, exponent + 1);
        var text = new TextBuffer(json.Reserve(MaxLength));
        if (isNegative)
            text.Add((byte)'-');
        text.AddShortest(digits, exponent);
        json.Advance(text.Length);
    }

    private static void AddNotFinite(JsonBuffer json, double value) =>
        json.Add(double.IsNaN(value) ? "\"NaN\""u8 : value > 0 ? "\"Infinity\""u8 : "\"-Infinity\""u8);

    /// <summary>Puts quotes around a text that stands at the second place.</summary>
    private static void Quote(JsonBuffer json, Span<byte> target, int length)
    {
        target[0] = (byte)'"';
        target[length + 1] = (byte)'"';
        json.Advance(length + 2);
    }

    private static int FormatDecimal(Span<byte> target, bool isNegative, UInt128 magnitude, int scale)
    {
        var start = isNegative ? 1 : 0;
        target[0] = (byte)'-';
        // 128-bit formatting divides in software, and most values don't need it.
        int digits;
        if (magnitude <= ulong.MaxValue)
            ((ulong)magnitude).TryFormat(target[start..], out digits);
        else
            magnitude.TryFormat(target[start..], out digits);
        if (scale == 0)
            return start + digits;

        if (digits <= scale)
        {
            // 0.0012 has two digits: they go to the right, zeros in front of them.
            target.Slice(start, digits).CopyTo(target[(start + scale + 1 - digits)..]);
            target.Slice(start, scale + 1 - digits).Fill((byte)'0');
            digits = scale + 1;
        }

        var point = start + digits - scale;
        target.Slice(point, scale).CopyTo(target[(point + 1)..]);
        target[point] = (byte)'.';
        return start + digits + 1;
    }

    /// <summary>True when it has at most 15 significant digits; zeros at its end count for nothing.</summary>
    private static bool FitsDouble(UInt128 magnitude)
    {
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
}
