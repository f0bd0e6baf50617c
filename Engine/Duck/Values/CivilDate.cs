namespace Rat.Engine.Duck.Values;

/// <summary>A day of the proleptic Gregorian calendar, of any year: DuckDB's reach far beyond those of <see cref="DateOnly"/>.</summary>
/// <param name="Year">Astronomical: 0 is 1 BC.</param>
internal readonly record struct CivilDate(long Year, int Month, int Day)
{
    private const long DaysPerEra = 146_097; // 400 years
    private const long EpochFromEra = 719_468; // 0000-03-01 to 1970-01-01

    /// <summary>Counts in years that begin in March, so that the leap day is a year's last.</summary>
    public static CivilDate FromDays(long daysSince1970)
    {
        var days = daysSince1970 + EpochFromEra;
        var era = Math.DivRem(days, DaysPerEra, out var dayOfEra);
        if (dayOfEra < 0)
            (era, dayOfEra) = (era - 1, dayOfEra + DaysPerEra);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        return new CivilDate((era * 400) + yearOfEra + (month <= 2 ? 1 : 0), (int)month, (int)day);
    }
}
