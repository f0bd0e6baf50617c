using System.Globalization;
using System.Text.RegularExpressions;
using Rat.Storage;

namespace Rat.Engine.History;

/// <summary>Which past of a table is meant: one of its snapshots, or what was there at a moment.</summary>
/// <param name="SnapshotId">Null for a moment.</param>
/// <param name="Microseconds">Of the moment, since the epoch.</param>
internal readonly partial record struct PointInTime(long? SnapshotId, long Microseconds)
{
    private const long TicksPerSecond = TimeSpan.TicksPerSecond;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const int TickDigits = 7;

    /// <summary>The id of a snapshot, or a time; a number alone is an id.</summary>
    public static Outcome<PointInTime> Parse(string text) => text.Length > 0 && text.All(char.IsAsciiDigit) ? ParseVersion(text) : ParseTime(text);

    public static Outcome<PointInTime> ParseVersion(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
            ? new PointInTime(id, 0)
            : Failure.Invalid($"'{Shorten(text)}' is not the id of a snapshot");

    /// <summary><c>2026-01-31</c>, <c>2026-01-31 12:30</c>, <c>2026-01-31T12:30:00.5+02:00</c>; without an offset in UTC.</summary>
    public static Outcome<PointInTime> ParseTime(string text)
    {
        var match = Time.Match(text);
        if (!match.Success)
            return NotATime(text);
        if (!DateTime.TryParseExact(match.Groups["date"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return NotATime(text);
        var (hour, minute, second) = (Number("hour"), Number("minute"), Number("second"));
        var (offsetHour, offsetMinute) = (Number("offsetHour"), Number("offsetMinute"));
        if (hour > 23 || minute > 59 || second > 59 || offsetHour > 15 || offsetMinute > 59)
            return NotATime(text);

        var fraction = match.Groups["fraction"].Value;
        var ticks = fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(TickDigits, '0').AsSpan(0, TickDigits), CultureInfo.InvariantCulture);
        var ofDay = ((((hour * 60) + minute) * 60) + second) * TicksPerSecond;
        var offset = ((offsetHour * 60) + offsetMinute) * 60 * TicksPerSecond * (match.Groups["sign"].Value == "-" ? -1 : 1);
        var sinceEpoch = date.Ticks - DateTime.UnixEpoch.Ticks + ofDay + ticks - offset;
        // Down, also before the epoch.
        return new PointInTime(null, (sinceEpoch - (((sinceEpoch % TicksPerMicrosecond) + TicksPerMicrosecond) % TicksPerMicrosecond)) / TicksPerMicrosecond);

        long Number(string group) => match.Groups[group] is { Success: true, Value: var digits } ? long.Parse(digits, CultureInfo.InvariantCulture) : 0;
    }

    private static Failure NotATime(string text) => Failure.Invalid(
        $"'{Shorten(text)}' is not a time: write it like 2026-01-31, 2026-01-31 12:30:00 or 2026-01-31T12:30:00+02:00; without an offset it is UTC");

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";

    [GeneratedRegex(
        """
        \A\s*(?<date>\d{4}-\d{2}-\d{2})
        (?:[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,9}))?)?
        (?:[ ]?(?:Z|UTC|(?<sign>[+-])(?<offsetHour>\d{2})(?::?(?<offsetMinute>\d{2}))?))?)?\s*\z
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Time { get; }
}
