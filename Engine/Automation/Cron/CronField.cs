using System.Globalization;
using Rat.Storage;

namespace Rat.Engine.Automation.Cron;

/// <summary>One of the five fields of a cron expression: its range and its names.</summary>
/// <param name="Names">Words for the numbers from <paramref name="First"/> on; empty when there are none.</param>
internal sealed record CronField(string Label, int First, int Last, IReadOnlyList<string> Names)
{
    public static readonly CronField Minute = new("minute", 0, 59, []);
    public static readonly CronField Hour = new("hour", 0, 23, []);
    public static readonly CronField DayOfMonth = new("day-of-month", 1, 31, []);
    public static readonly CronField Month = new("month", 1, 12, ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]);
    public static readonly CronField DayOfWeek = new("day-of-week", 0, 6, ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]);

    public static readonly CronField[] All = [Minute, Hour, DayOfMonth, Month, DayOfWeek];

    /// <summary>
    /// The field in a form that has one spelling only: <c>*</c> for everything, a step over everything as <c>*/n</c> when it stands alone.
    /// Refuses what the grammar of behaviour §8 lacks, also where the evaluating library would take it: <c>L W #</c>, weekday 7, ranges that run
    /// backwards.
    /// </summary>
    public Outcome<string> Normalize(string text)
    {
        var items = text.Split(',');
        var normal = new List<string>(items.Length);
        foreach (var item in items)
        {
            var one = NormalizeItem(item, alone: items.Length == 1);
            if (!one.Succeeded)
                return one;
            if (one.Value == "*")
                return "*";
            normal.Add(one.Value);
        }

        return string.Join(',', normal);
    }

    private Outcome<string> NormalizeItem(string item, bool alone)
    {
        var parts = item.Split('/');
        if (parts.Length > 2)
            return Wrong(item);
        var step = parts.Length == 2 ? Number(parts[1], 1, Last) : 1;
        if (step is null)
            return Wrong(item);

        if (parts[0] is "*" or "?")
            return step == 1 ? "*" : alone ? Text($"*/{step}") : Text($"{First}-{Last}/{step}");
        var bounds = parts[0].Split('-');
        if (bounds.Length > 2 || Value(bounds[0]) is not { } low)
            return Wrong(item);
        if (bounds.Length == 2)
            return Value(bounds[1]) is { } high && high >= low ? Text($"{low}-{high}{(step == 1 ? "" : $"/{step}")}") : Wrong(item);
        return parts.Length == 2 ? Text($"{low}-{Last}/{step}") : Text($"{low}");
    }

    private int? Value(string text)
    {
        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index].Equals(text, StringComparison.OrdinalIgnoreCase))
                return First + index;
        }

        return Number(text, First, Last);
    }

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private Failure Wrong(string item) => Failure.Invalid(
        $"cron: {Label} \"{item}\" is not valid: {First}-{Last}{(Names.Count > 0 ? $" or {Names[0]}-{Names[^1]}" : "")}, lists, ranges, steps or *");
}
