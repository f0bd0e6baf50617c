using System.Security;
using Rat.Storage;

namespace Rat.Engine.Automation.Cron;

/// <summary>Time zones by their names in the tz database, which the host brings (/usr/share/zoneinfo); UTC needs none.</summary>
internal static class CronZone
{
    /// <summary>The zone, or why there is none: the name is unknown, or this host knows no zones at all.</summary>
    public static Outcome<TimeZoneInfo> Find(string name)
    {
        // Zones are files: a name must not lead anywhere else.
        if (name.Length == 0 || name[0] == '/' || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '_' or '-' or '+'))
            return Unknown(name);
        if (name is "UTC")
            return TimeZoneInfo.Utc;
        return TryFind(name) is { } zone
            ? zone
            : TryFind("Europe/Berlin") is null ? Failure.Invalid(
                $"cron: time zone {name} can't be used: this host has no time zone database; install its package tzdata, or write the times in UTC")
            : Unknown(name);
    }

    private static Failure Unknown(string name) => Failure.Invalid($"cron: unknown time zone \"{name}\": write a name such as Europe/Berlin");

    private static TimeZoneInfo? TryFind(string name)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception exception) when (exception is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException
            or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
