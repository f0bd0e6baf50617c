namespace Rat.Engine.Duck.Values;

/// <summary>Dates and times as text. What RFC 3339 can't say (years before 1 or after 9999, infinities) reads as DuckDB prints it.</summary>
internal static class TemporalText
{
    /// <summary>Bytes that any of these texts fits into.</summary>
    public const int MaxLength = 80;

    private const long MicrosPerSecond = 1_000_000;
    private const long NanosPerSecond = 1_000_000_000;
    private const int SecondsPerDay = 86_400;

    // Offset of TIMETZ is stored as this minus the seconds, so that times of one instant sort by offset.
    private const int LargestOffset = (16 * 60 * 60) - 1;

    public static void AddDate(ref TextBuffer text, int days)
    {
        if (!AddInfinity(ref text, days, int.MaxValue))
            AddDate(ref text, CivilDate.FromDays(days));
    }

    /// <summary>RFC 3339 with <c>Z</c>, and a fraction only if there is one.</summary>
    /// <param name="unitsPerSecond">1, 1000, 10^6 or 10^9.</param>
    /// <param name="fractionWidth">Digits of a fraction in that unit.</param>
    /// <param name="isZoned">TIMESTAMP WITH TIME ZONE: DuckDB's own form says so.</param>
    public static void AddTimestamp(ref TextBuffer text, long value, long unitsPerSecond, int fractionWidth, bool isZoned)
    {
        if (AddInfinity(ref text, value, long.MaxValue))
            return;
        var unitsPerDay = unitsPerSecond * SecondsPerDay;
        var days = Math.DivRem(value, unitsPerDay, out var rest);
        if (rest < 0)
            (days, rest) = (days - 1, rest + unitsPerDay);
        var date = CivilDate.FromDays(days);
        var isRfc3339 = date.Year is >= 1 and <= 9999;
        AddDate(ref text, date);
        text.Add(isRfc3339 ? (byte)'T' : (byte)' ');
        AddClock(ref text, rest / unitsPerSecond, rest % unitsPerSecond, fractionWidth);
        text.Add(isRfc3339 ? "Z"u8 : isZoned ? "+00"u8 : ""u8);
    }

    /// <summary><c>HH:MM:SS[.ffffff]</c></summary>
    public static void AddTime(ref TextBuffer text, long micros) => AddClock(ref text, micros / MicrosPerSecond, micros % MicrosPerSecond, 6);

    /// <summary><c>HH:MM:SS[.fffffffff]</c></summary>
    public static void AddTimeNanos(ref TextBuffer text, long nanos) => AddClock(ref text, nanos / NanosPerSecond, nanos % NanosPerSecond, 9);

    /// <summary><c>HH:MM:SS[.ffffff]±HH[:MM[:SS]]</c></summary>
    /// <param name="bits">Microseconds above 24 bits of offset.</param>
    public static void AddTimeTz(ref TextBuffer text, ulong bits)
    {
        AddTime(ref text, (long)(bits >> 24));
        var offset = LargestOffset - (int)(bits & 0xFF_FFFF);
        text.Add(offset < 0 ? (byte)'-' : (byte)'+');
        offset = Math.Abs(offset);
        text.AddTwoDigits(offset / 3600);
        if (offset % 3600 == 0)
            return;
        text.Add((byte)':');
        text.AddTwoDigits(offset / 60 % 60);
        if (offset % 60 == 0)
            return;
        text.Add((byte)':');
        text.AddTwoDigits(offset % 60);
    }

    /// <summary>DuckDB's form, for example <c>1 year 2 months -3 days 04:05:06.7</c>.</summary>
    public static void AddInterval(ref TextBuffer text, Interval value)
    {
        var start = text.Length;
        AddCount(ref text, start, value.Months / 12, " year"u8);
        AddCount(ref text, start, value.Months % 12, " month"u8);
        AddCount(ref text, start, value.Days, " day"u8);
        var isEmpty = text.Length == start;
        if (value.Micros == 0 && !isEmpty)
            return;
        if (!isEmpty)
            text.Add((byte)' ');
        if (value.Micros < 0)
            text.Add((byte)'-');
        // The smallest long has no positive counterpart.
        var micros = (ulong)(value.Micros < 0 ? -(Int128)value.Micros : value.Micros);
        AddClock(ref text, (long)(micros / (ulong)MicrosPerSecond), (long)(micros % (ulong)MicrosPerSecond), 6);
    }

    private static void AddCount(ref TextBuffer text, int start, int count, ReadOnlySpan<byte> unit)
    {
        if (count == 0)
            return;
        if (text.Length > start)
            text.Add((byte)' ');
        text.Add(count);
        text.Add(unit);
        if (count is not (1 or -1))
            text.Add((byte)'s');
    }

    private static void AddDate(ref TextBuffer text, CivilDate date)
    {
        var year = date.Year > 0 ? date.Year : 1 - date.Year;
        if (year is >= 1000 and <= 9999)
        {
            text.AddTwoDigits((int)year / 100);
            text.AddTwoDigits((int)year % 100);
        }
        else
        {
            text.AddPadded(year, 4);
        }

        text.Add((byte)'-');
        text.AddTwoDigits(date.Month);
        text.Add((byte)'-');
        text.AddTwoDigits(date.Day);
        if (date.Year <= 0)
            text.Add(" (BC)"u8);
    }

    private static void AddClock(ref TextBuffer text, long seconds, long fraction, int fractionWidth)
    {
        var hours = seconds / 3600;
        if (hours < 100)
            text.AddTwoDigits((int)hours);
        else
            text.Add(hours);
        text.Add((byte)':');
        text.AddTwoDigits((int)(seconds / 60 % 60));
        text.Add((byte)':');
        text.AddTwoDigits((int)(seconds % 60));
        text.AddFraction(fraction, fractionWidth);
    }

    private static bool AddInfinity(ref TextBuffer text, long value, long infinity)
    {
        if (value != infinity && value != -infinity)
            return false;
        text.Add(value < 0 ? "-infinity"u8 : "infinity"u8);
        return true;
    }
}

/// <summary>DuckDB's INTERVAL as it lies in a vector.</summary>
internal readonly record struct Interval(int Months, int Days, long Micros);
