using System.Globalization;

namespace Rat.Commands.Settings;

/// <summary>Sizes such as <c>2GB</c>, <c>512MiB</c> or plain bytes. Units are powers of 1024, with or without the <c>i</c>.</summary>
internal static class ByteSize
{
    private const string Units = "KMGT";

    /// <summary>False unless it is a size of at least one byte.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var number = text.Trim().ToUpperInvariant();
        if (number.EndsWith('B'))
            number = number[..^1];
        if (number.EndsWith('I'))
            number = number[..^1];
        var power = number.Length > 0 ? Units.IndexOf(number[^1], StringComparison.Ordinal) + 1 : 0;
        if (power > 0)
            number = number[..^1];
        if (!double.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return false;
        var size = value * Math.Pow(1024, power);
        if (size is not (>= 1 and < long.MaxValue))
            return false;
        bytes = (long)size;
        return true;
    }
}
