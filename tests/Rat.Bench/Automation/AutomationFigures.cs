using System.Globalization;

namespace Rat.Bench.Automation;

/// <summary>How fast what is due and what follows an event begins.</summary>
internal static class AutomationFigures
{
    /// <param name="part">Of <c>events</c>, <c>schedules</c> and <c>transitions</c> the one to measure; null for all.</param>
    public static async Task PrintAsync(string binary, string? part = null)
    {
        var cache = Directory.CreateTempSubdirectory("rat-bench-cache-").FullName;
        if (part is null or "events")
            await EventFigures.PrintAsync(binary, cache);
        if (part is null or "schedules")
            await ScheduleFigures.PrintAsync(binary, cache);
        if (part is null or "transitions")
            await TransitionFigures.PrintAsync(binary, cache);
        Directory.Delete(cache, recursive: true);
    }

    /// <summary>Median, 99th percentile and the longest.</summary>
    public static string Spread(IReadOnlyList<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        return string.Create(CultureInfo.InvariantCulture,
            $"{At(0.5):0.0} ms median, {At(0.99):0.0} ms p99, {sorted[^1]:0.0} ms at most");

        double At(double share) => sorted[(int)Math.Ceiling(sorted.Count * share) - 1];
    }
}
