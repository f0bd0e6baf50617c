using System.Globalization;

namespace Rat.Endpoints.Http;

/// <summary>Reads a time as RFC 3339, section 5.6 writes it: with seconds and with an offset.</summary>
internal static class Rfc3339
{
    private const string Seconds = "yyyy-MM-dd'T'HH:mm:ss";
    private const int LengthToSeconds = 19;
    private const int MostFractionDigits = 7;

    private static readonly string[] Formats = [$"{Seconds}'Z'", $"{Seconds}zzz", $"{Seconds}.FFFFFFF'Z'", $"{Seconds}.FFFFFFFzzz"];

    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        var upper = text.ToUpperInvariant();
        if (upper.Length <= LengthToSeconds)
            return false;
        var fraction = upper[LengthToSeconds] == '.' ? upper.AsSpan(LengthToSeconds + 1).IndexOfAnyExceptInRange('0', '9') : -1;
        if (fraction == 0)
            return false;
        // Digits past what a tick can hold are cut off.
        var exact = fraction > MostFractionDigits ? upper.Remove(LengthToSeconds + 1 + MostFractionDigits, fraction - MostFractionDigits) : upper;
        return DateTimeOffset.TryParseExact(exact, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
