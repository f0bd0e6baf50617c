using System.Buffers.Text;

namespace Rat.Engine.Duck.Values;

/// <summary>Values whose JSON is a short text of ASCII characters: dates, times, intervals, UUIDs, bits.</summary>
internal static class ScalarJson
{
    public static void Add(JsonBuffer json, VectorView view, long row, DuckType type)
    {
        var text = new TextBuffer(json.Reserve(TemporalText.MaxLength));
        text.Add((byte)'"');
        switch (type.Kind)
        {
            case DuckTypeKind.Date:
                TemporalText.AddDate(ref text, view.Read<int>(row));
                break;
            case DuckTypeKind.Timestamp:
                TemporalText.AddTimestamp(ref text, view.Read<long>(row), 1_000_000, 6, isZoned: false);
                break;
            case DuckTypeKind.TimestampTz:
                TemporalText.AddTimestamp(ref text, view.Read<long>(row), 1_000_000, 6, isZoned: true);
                break;
            case DuckTypeKind.TimestampS:
                TemporalText.AddTimestamp(ref text, view.Read<long>(row), 1, 0, isZoned: false);
                break;
            case DuckTypeKind.TimestampMs:
                TemporalText.AddTimestamp(ref text, view.Read<long>(row), 1000, 3, isZoned: false);
                break;
            case DuckTypeKind.TimestampNs:
                TemporalText.AddTimestamp(ref text, view.Read<long>(row), 1_000_000_000, 9, isZoned: false);
                break;
            case DuckTypeKind.Time:
                TemporalText.AddTime(ref text, view.Read<long>(row));
                break;
            case DuckTypeKind.TimeNs:
                TemporalText.AddTimeNanos(ref text, view.Read<long>(row));
                break;
            case DuckTypeKind.TimeTz:
                TemporalText.AddTimeTz(ref text, view.Read<ulong>(row));
                break;
            case DuckTypeKind.Interval:
                TemporalText.AddInterval(ref text, view.Read<Interval>(row));
                break;
            case DuckTypeKind.Uuid:
                text.AddUuid(view.Read<UInt128>(row));
                break;
            default:
                throw new InvalidOperationException($"values of type {type.Name} can't be read from vectors");
        }

        text.Add((byte)'"');
        json.Advance(text.Length);
    }

    /// <summary>A blob in base64 (RFC 4648, section 4).</summary>
    public static void AddBase64(JsonBuffer json, ReadOnlySpan<byte> bytes)
    {
        json.Add((byte)'"');
        Base64.EncodeToUtf8(bytes, json.Reserve(Base64.GetMaxEncodedToUtf8Length(bytes.Length)), out _, out var written);
        json.Advance(written);
        json.Add((byte)'"');
    }

    /// <summary>A bit string. Its first byte counts the bits of the second that are only padding.</summary>
    public static void AddBits(JsonBuffer json, ReadOnlySpan<byte> bytes)
    {
        var target = json.Reserve((bytes.Length * 8) + 2);
        var length = 0;
        target[length++] = (byte)'"';
        for (var bit = 8 + bytes[0]; bit < bytes.Length * 8; bit++)
            target[length++] = (byte)('0' + ((bytes[bit >> 3] >> (7 - (bit & 7))) & 1));
        target[length++] = (byte)'"';
        json.Advance(length);
    }
}
