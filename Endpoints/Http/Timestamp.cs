using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rat.Endpoints.Http;

/// <summary>
/// RFC 3339 in UTC for the times that the store keeps as microseconds since the epoch; the fraction is as short as it can be. On a
/// <c>long</c> or <c>long?</c>: <c>[JsonConverter(typeof(Timestamp))]</c>.
/// </summary>
internal sealed class Timestamp : JsonConverter<long>
{
    private const int LongestText = 27;

    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
    private static readonly long LastSecond = (DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;

    /// <summary>The text of a time in microseconds since the epoch, such as <c>2026-01-31T08:05:00.25Z</c>.</summary>
    public static string Format(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options)
    {
        Span<byte> text = stackalloc byte[LongestText];
        if (TryFormat(value, text, out var length))
            writer.WriteStringValue(text[..length]);
        else
            writer.WriteStringValue(Format(value));
    }

    // A page of a list has hundreds of times, and the general formatter takes longer for one than the rest of its row does.
    private static bool TryFormat(long microseconds, Span<byte> text, out int length)
    {
        const long SecondsPerDay = 24 * 60 * 60;
        length = 0;
        var (second, fraction) = Math.DivRem(microseconds, 1_000_000);
        if (microseconds < 0 || second > LastSecond)
            return false;
        var (day, timeOfDay) = Math.DivRem(second, SecondsPerDay);
        var (date, time) = (DateOnly.FromDayNumber(EpochDay + (int)day), (int)timeOfDay);
        Digits(text, date.Year, 4);
        text[4] = (byte)'-';
        Digits(text[5..], date.Month, 2);
        text[7] = (byte)'-';
        Digits(text[8..], date.Day, 2);
        text[10] = (byte)'T';
        Digits(text[11..], time / 3600, 2);
        text[13] = (byte)':';
        Digits(text[14..], time / 60 % 60, 2);
        text[16] = (byte)':';
        Digits(text[17..], time % 60, 2);
        length = 19;
        if (fraction > 0)
        {
            text[19] = (byte)'.';
            Digits(text[20..], (int)fraction, 6);
            length = 26;
            while (text[length - 1] == '0')
                length--;
        }

        text[length++] = (byte)'Z';
        return true;
    }

    private static void Digits(Span<byte> text, int number, int count)
    {
        for (var place = count - 1; place >= 0; place--)
            (text[place], number) = ((byte)('0' + (number % 10)), number / 10);
    }
}
