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
    /// <summary>The text of a time in microseconds since the epoch, such as <c>2026-01-31T08:05:00.25Z</c>.</summary>
    public static string Format(long microseconds) => DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            ? (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond
            : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
}
