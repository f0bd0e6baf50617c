using System.Buffers;
using System.Globalization;

namespace Rat.Commands.Settings;

/// <summary>Durations in Go's notation, such as <c>500ms</c>, <c>2m</c> or <c>1h30m</c>; the contract's variables use it.</summary>
internal static class GoDuration
{
    /// <summary>Units by length, so that <c>ms</c> is not read as <c>m</c>.</summary>
    private static readonly (string Name, double Seconds)[] Units =
        [("ms", 1e-3), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)];

    private static readonly SearchValues<char> NumberLetters = SearchValues.Create("0123456789.");

    /// <summary>False for anything else, negative and zero durations included: no time-out of ours can be either.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var seconds = 0.0;
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(NumberLetters);
            if (digits <= 0)
                return false;
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            rest = rest[digits..];
            var unit = UnitOf(rest);
            if (unit.Name is null)
                return false;
            seconds += number * unit.Seconds;
            rest = rest[unit.Name.Length..];
        }

        if (seconds <= 0 || seconds > TimeSpan.FromDays(365).TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static (string Name, double Seconds) UnitOf(ReadOnlySpan<char> text)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Name, StringComparison.Ordinal))
                return unit;
        }

        return default;
    }
}
