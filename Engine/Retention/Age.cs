namespace Rat.Engine.Retention;

/// <summary>Ages of settings as points in time.</summary>
internal static class Age
{
    // Older than anything: a setting may be as large as a number can be.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365 * 1000);

    /// <summary>What was before is too old; null when there is no limit.</summary>
    public static DateTimeOffset? Limit(DateTimeOffset now, int days) => days == 0 ? null : Before(now, TimeSpan.FromDays(days));

    public static DateTimeOffset Before(DateTimeOffset now, TimeSpan age) => now - (age < Longest ? age : Longest);
}
