using System.Globalization;

namespace Rat.Tests.Automation;

/// <summary>
/// Due times of a cron expression, minute by minute, from the rules of docs/automation.md alone. It shares nothing with the timer or with the library
/// that evaluates expressions, and asks the system for nothing but the offset of a zone at a time.
/// </summary>
internal sealed class MinuteOracle
{
    private readonly HashSet<int> _minutes, _hours, _days, _months, _weekdays;
    private readonly bool _anyDay, _anyWeekday, _isFixed;
    private readonly TimeZoneInfo _zone;

    public MinuteOracle(string expression)
    {
        var words = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        _zone = TimeZoneInfo.Utc;
        if (words[0].Contains('=', StringComparison.Ordinal))
        {
            _zone = TimeZoneInfo.FindSystemTimeZoneById(words[0].Split('=')[1]);
            words.RemoveAt(0);
        }

        _minutes = Numbers(words[0], 0, 59, []);
        _hours = Numbers(words[1], 0, 23, []);
        _days = Numbers(words[2], 1, 31, []);
        _months = Numbers(words[3], 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);
        _weekdays = Numbers(words[4], 0, 6, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);
        _anyDay = words[2] is "*" or "?" or "*/1";
        _anyWeekday = words[4] is "*" or "?" or "*/1";
        _isFixed = words.Take(2).All(word => word.All(letter => char.IsAsciiDigit(letter) || letter == ','));
    }

    /// <summary>Every due minute from <paramref name="from"/> up to, not including, <paramref name="until"/>, as minutes since 1970; both UTC.</summary>
    public IEnumerable<long> Due(DateTime from, DateTime until)
    {
        var repeatedUntil = DateTime.MinValue;
        // A day before, so that a hour that is being repeated at the beginning is known as one.
        for (var utc = from.AddDays(-1); utc < until; utc = utc.AddMinutes(1))
        {
            var (before, local) = (utc.AddMinutes(-1) + _zone.GetUtcOffset(utc.AddMinutes(-1)), utc + _zone.GetUtcOffset(utc));
            if (local <= before)
                repeatedUntil = utc + (before - local) + TimeSpan.FromMinutes(1);
            var isDue = Matches(local) && !(_isFixed && utc < repeatedUntil);
            for (var skipped = before.AddMinutes(1); skipped < local && !isDue; skipped = skipped.AddMinutes(1))
                isDue = Matches(skipped);
            if (isDue && utc >= from)
                yield return (utc - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute;
        }
    }

    private bool Matches(DateTime local)
    {
        if (!_minutes.Contains(local.Minute) || !_hours.Contains(local.Hour) || !_months.Contains(local.Month))
            return false;
        var (day, weekday) = (_days.Contains(local.Day), _weekdays.Contains((int)local.DayOfWeek));
        return (_anyDay, _anyWeekday) switch
        {
            (true, true) => true,
            (true, false) => weekday,
            (false, true) => day,
            _ => day || weekday,
        };
    }

    private static HashSet<int> Numbers(string field, int first, int last, string[] names)
    {
        var numbers = new HashSet<int>();
        foreach (var item in field.Split(','))
        {
            var (range, step) = item.Split('/') is [var left, var right] ? (left, Number(right)) : (item, 0);
            var bounds = range is "*" or "?" ? [first, last] : range.Split('-').Select(Number).ToArray();
            var end = bounds.Length == 2 ? bounds[1] : step > 0 ? last : bounds[0];
            for (var number = bounds[0]; number <= end; number += Math.Max(step, 1))
                numbers.Add(number);
        }

        return numbers;

        int Number(string text) => Array.IndexOf(names, text.ToUpperInvariant()) is >= 0 and var index
            ? first + index
            : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
