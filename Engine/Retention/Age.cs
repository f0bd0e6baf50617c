namespace Rat.Engine.Retention;

/// <summary>Ages of settings, which may be as large as a number can be, as spans and points in time.</summary>
internal static class Age
{
    // Older than anything, and far from what a point in time can hold.
    private const int MostDays = 365 * 1000;
    private const int HoursPerDay = 24;

    public static TimeSpan OfDays(int days) => TimeSpan.FromDays(Math.Min(days, MostDays));

    public static TimeSpan OfHours(int hours) => TimeSpan.FromHours(Math.Min(hours, MostDays * HoursPerDay));

    /// <summary>What was before is too old; null when there is no limit.</summary>
    public static DateTimeOffset? Limit(DateTimeOffset now, int days) => days == 0 ? null : now - OfDays(days);
}
