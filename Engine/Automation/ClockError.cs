namespace Rat.Engine.Automation;

/// <summary>
/// How a clock that was set back is taken. A time that was recorded a little later than it is now means that the clock ran fast: what was due up to then
/// has fired, and doesn't fire twice. One that is further away was recorded by a wrong clock and says nothing.
/// </summary>
internal static class ClockError
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(3);

    private static readonly long ToleranceMicroseconds = (long)Tolerance.TotalMicroseconds;

    /// <summary>The latest time that may have been recorded by a clock that is right now, in microseconds since the epoch.</summary>
    public static long LatestCredible(long now) => now + ToleranceMicroseconds;
}
