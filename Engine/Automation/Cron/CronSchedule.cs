using System.Text;
using Cronos;
using Rat.Storage;

namespace Rat.Engine.Automation.Cron;

/// <summary>
/// Due times of a cron expression: five fields, and before them an optional time zone (behaviour §8; the rules for days and for daylight saving
/// stand in docs/automation.md).
/// </summary>
internal sealed class CronSchedule
{
    private const int Longest = 100;

    private static readonly string[] ZonePrefixes = ["TZ=", "CRON_TZ="];

    private readonly IReadOnlyList<CronExpression> _expressions;
    private readonly TimeZoneInfo _zone;

    private CronSchedule(IReadOnlyList<CronExpression> expressions, TimeZoneInfo zone) => (_expressions, _zone) = (expressions, zone);

    /// <summary>Reads an expression; the failure says which part is wrong.</summary>
    public static Outcome<CronSchedule> Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > Longest)
            return Failure.Invalid($"cron must be at most {Longest} bytes");
        var words = text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        var zone = TimeZoneInfo.Utc;
        if (words.Length > 0 && ZonePrefixes.FirstOrDefault(prefix => words[0].StartsWith(prefix, StringComparison.Ordinal)) is { } prefix)
        {
            var found = CronZone.Find(words[0][prefix.Length..]);
            if (!found.Succeeded)
                return found.Failure;
            (zone, words) = (found.Value, words[1..]);
        }

        if (words.Length != CronField.All.Length)
            return Failure.Invalid("cron must have five fields: minute hour day-of-month month day-of-week");
        var fields = new string[words.Length];
        for (var index = 0; index < words.Length; index++)
        {
            var normal = CronField.All[index].Normalize(words[index]);
            if (!normal.Succeeded)
                return normal.Failure;
            fields[index] = normal.Value;
        }

        return new CronSchedule(Expressions(fields), zone);
    }

    /// <summary>The first due time strictly after a time; null when there is none, as for the 30th of February.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        _expressions.Min(expression => expression.GetNextOccurrence(after, _zone))?.ToUniversalTime();

    // Two restricted day fields mean either of them. The library's one expression means both.
    private static IReadOnlyList<CronExpression> Expressions(string[] fields) => fields is [var minute, var hour, var day, var month, var weekday]
        && day != "*" && weekday != "*"
            ? [CronExpression.Parse($"{minute} {hour} {day} {month} *"), CronExpression.Parse($"{minute} {hour} * {month} {weekday}")]
            : [CronExpression.Parse(string.Join(' ', fields))];
}
