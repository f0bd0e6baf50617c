using System.Buffers;
using System.Text.Json;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Values;

/// <summary>Writes the values of one vector as JSON: the table of every type. Nested types have one of these for each part.</summary>
internal sealed class VectorJson
{
    private readonly DuckType _type;
    private readonly VectorJson[] _parts;
    private readonly JsonEncodedText[] _names;
    private readonly JsonEncodedText?[] _enumValues;
    private VectorView _view;

    public VectorJson(DuckType type)
    {
        _type = type;
        _parts = [.. type.Fields.Select(field => new VectorJson(field.Type))];
        _names = type.Kind == DuckTypeKind.Struct ? [.. type.Fields.Select((field, i) => Name(type.IsUnnamedStruct ? $"{i + 1}" : field.Name))] : [];
        _enumValues = type.Kind == DuckTypeKind.Enum ? new JsonEncodedText?[type.EnumValues.Count] : [];
    }

    /// <summary>A property's name in the form that the writer takes without looking at it again.</summary>
    public static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name, RowJsonWriter.Options.Encoder);

    /// <summary>Takes the pointers of a chunk's vector.</summary>
    public void Bind(nint vector)
    {
        _view = new VectorView(vector);
        switch (_type.Kind)
        {
            case DuckTypeKind.List:
                _parts[0].Bind(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
                break;
            case DuckTypeKind.Array:
                _parts[0].Bind(NativeMethods.Vectors.DuckDBArrayVectorGetChild(vector));
                break;
            case DuckTypeKind.Map: // a list of structs
                BindStruct(NativeMethods.Vectors.DuckDBListVectorGetChild(vector));
                break;
            case DuckTypeKind.Struct:
                BindStruct(vector);
                break;
        }
    }

    public void Write(Utf8JsonWriter json, long row)
    {
        if (_view.IsNull(row))
        {
            json.WriteNullValue();
            return;
        }

        switch (_type.Kind)
        {
            case DuckTypeKind.Boolean:
                json.WriteBooleanValue(_view.Read<byte>(row) != 0);
                break;
            case DuckTypeKind.TinyInt:
                json.WriteNumberValue(_view.Read<sbyte>(row));
                break;
            case DuckTypeKind.SmallInt:
                json.WriteNumberValue(_view.Read<short>(row));
                break;
            case DuckTypeKind.Integer:
                json.WriteNumberValue(_view.Read<int>(row));
                break;
            case DuckTypeKind.BigInt:
                WriteInteger(json, _view.Read<long>(row));
                break;
            case DuckTypeKind.UTinyInt:
                json.WriteNumberValue(_view.Read<byte>(row));
                break;
            case DuckTypeKind.USmallInt:
                json.WriteNumberValue(_view.Read<ushort>(row));
                break;
            case DuckTypeKind.UInteger:
                json.WriteNumberValue(_view.Read<uint>(row));
                break;
            case DuckTypeKind.UBigInt:
                WriteLargeInteger(json, _view.Read<ulong>(row));
                break;
            case DuckTypeKind.HugeInt:
                WriteLargeInteger(json, _view.Read<Int128>(row));
                break;
            case DuckTypeKind.UHugeInt:
                WriteUnsigned(json, _view.Read<UInt128>(row));
                break;
            case DuckTypeKind.Float:
                WriteFloat(json, _view.Read<float>(row));
                break;
            case DuckTypeKind.Double:
                WriteDouble(json, _view.Read<double>(row));
                break;
            case DuckTypeKind.Decimal:
                WriteDecimal(json, _view.Decimal(row, _type.Width));
                break;
            case DuckTypeKind.Varchar:
                json.WriteStringValue(_view.Bytes(row));
                break;
            case DuckTypeKind.Enum:
                WriteEnum(json, _view.EnumIndex(row, _enumValues.Length));
                break;
            case DuckTypeKind.Blob:
                json.WriteBase64StringValue(_view.Bytes(row));
                break;
            case DuckTypeKind.Bit:
                WriteBits(json, _view.Bytes(row));
                break;
            case DuckTypeKind.List:
                var entry = _view.Read<ListEntry>(row);
                WriteArray(json, (long)entry.Offset, (long)entry.Length);
                break;
            case DuckTypeKind.Array:
                WriteArray(json, row * _type.ArraySize, _type.ArraySize);
                break;
            case DuckTypeKind.Struct:
                WriteStruct(json, row);
                break;
            case DuckTypeKind.Map:
                WriteMap(json, _view.Read<ListEntry>(row));
                break;
            default:
                WriteAsText(json, row);
                break;
        }
    }

    private void BindStruct(nint vector)
    {
        for (var i = 0; i < _parts.Length; i++)
            _parts[i].Bind(NativeMethods.Vectors.DuckDBStructVectorGetChild(vector, i));
    }

    private static void WriteInteger(Utf8JsonWriter json, long value)
    {
        if (value is >= -NumberText.LargestExactInteger and <= NumberText.LargestExactInteger)
            json.WriteNumberValue(value);
        else
            WriteLargeInteger(json, value);
    }

    private static void WriteLargeInteger(Utf8JsonWriter json, Int128 value)
    {
        if (value >= -NumberText.LargestExactInteger && value <= NumberText.LargestExactInteger)
        {
            json.WriteNumberValue((long)value);
            return;
        }

        var text = new TextBuffer(stackalloc byte[NumberText.MaxLength]);
        NumberText.AddDecimal(ref text, value, scale: 0);
        json.WriteStringValue(text.Written);
    }

    private static void WriteUnsigned(Utf8JsonWriter json, UInt128 value)
    {
        if (value <= (UInt128)Int128.MaxValue)
        {
            WriteLargeInteger(json, (Int128)value);
            return;
        }

        Span<byte> text = stackalloc byte[NumberText.MaxLength];
        value.TryFormat(text, out var length);
        json.WriteStringValue(text[..length]);
    }

    private static void WriteFloat(Utf8JsonWriter json, float value)
    {
        if (float.IsFinite(value))
            json.WriteNumberValue(value);
        else
            WriteNotFinite(json, value);
    }

    private static void WriteDouble(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumberValue(value);
        else
            WriteNotFinite(json, value);
    }

    private static void WriteNotFinite(Utf8JsonWriter json, double value) =>
        json.WriteStringValue(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);

    private void WriteDecimal(Utf8JsonWriter json, Int128 unscaled)
    {
        var text = new TextBuffer(stackalloc byte[NumberText.MaxLength]);
        NumberText.AddDecimal(ref text, unscaled, _type.Scale);
        if (NumberText.FitsDouble(unscaled))
            json.WriteRawValue(text.Written, skipInputValidation: true);
        else
            json.WriteStringValue(text.Written);
    }

    private void WriteEnum(Utf8JsonWriter json, int index) => json.WriteStringValue(_enumValues[index] ??= Name(_type.EnumValues[index]));

    /// <summary>The first byte counts the bits of the second that are only padding.</summary>
    private static void WriteBits(Utf8JsonWriter json, ReadOnlySpan<byte> bytes)
    {
        var padding = bytes[0];
        var text = ArrayPool<byte>.Shared.Rent(bytes.Length * 8);
        var length = 0;
        for (var bit = 8 + padding; bit < bytes.Length * 8; bit++)
            text[length++] = (byte)('0' + ((bytes[bit >> 3] >> (7 - (bit & 7))) & 1));
        json.WriteStringValue(text.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(text);
    }

    private void WriteArray(Utf8JsonWriter json, long first, long count)
    {
        json.WriteStartArray();
        for (var i = first; i < first + count; i++)
            _parts[0].Write(json, i);
        json.WriteEndArray();
    }

    private void WriteStruct(Utf8JsonWriter json, long row)
    {
        json.WriteStartObject();
        for (var i = 0; i < _parts.Length; i++)
        {
            json.WritePropertyName(_names[i]);
            _parts[i].Write(json, row);
        }

        json.WriteEndObject();
    }

    /// <summary>An object when keys are strings, else an array of <c>{"key":…,"value":…}</c>.</summary>
    private void WriteMap(Utf8JsonWriter json, ListEntry entry)
    {
        var (first, end) = ((long)entry.Offset, (long)(entry.Offset + entry.Length));
        var keys = _parts[0];
        if (keys._type.Kind is DuckTypeKind.Varchar or DuckTypeKind.Enum)
        {
            json.WriteStartObject();
            for (var i = first; i < end; i++)
            {
                keys.WritePropertyName(json, i);
                _parts[1].Write(json, i);
            }

            json.WriteEndObject();
            return;
        }

        json.WriteStartArray();
        for (var i = first; i < end; i++)
        {
            json.WriteStartObject();
            json.WritePropertyName("key"u8);
            keys.Write(json, i);
            json.WritePropertyName("value"u8);
            _parts[1].Write(json, i);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WritePropertyName(Utf8JsonWriter json, long row)
    {
        if (_type.Kind == DuckTypeKind.Enum)
            json.WritePropertyName(_type.EnumValues[_view.EnumIndex(row, _enumValues.Length)]);
        else
            json.WritePropertyName(_view.Bytes(row));
    }

    private void WriteAsText(Utf8JsonWriter json, long row)
    {
        var text = new TextBuffer(stackalloc byte[TemporalText.MaxLength]);
        switch (_type.Kind)
        {
            case DuckTypeKind.Date:
                TemporalText.AddDate(ref text, _view.Read<int>(row));
                break;
            case DuckTypeKind.Timestamp:
                TemporalText.AddTimestamp(ref text, _view.Read<long>(row), 1_000_000, 6, zoned: false);
                break;
            case DuckTypeKind.TimestampTz:
                TemporalText.AddTimestamp(ref text, _view.Read<long>(row), 1_000_000, 6, zoned: true);
                break;
            case DuckTypeKind.TimestampS:
                TemporalText.AddTimestamp(ref text, _view.Read<long>(row), 1, 0, zoned: false);
                break;
            case DuckTypeKind.TimestampMs:
                TemporalText.AddTimestamp(ref text, _view.Read<long>(row), 1000, 3, zoned: false);
                break;
            case DuckTypeKind.TimestampNs:
                TemporalText.AddTimestamp(ref text, _view.Read<long>(row), 1_000_000_000, 9, zoned: false);
                break;
            case DuckTypeKind.Time:
                TemporalText.AddTime(ref text, _view.Read<long>(row));
                break;
            case DuckTypeKind.TimeNs:
                TemporalText.AddTimeNanos(ref text, _view.Read<long>(row));
                break;
            case DuckTypeKind.TimeTz:
                TemporalText.AddTimeTz(ref text, _view.Read<ulong>(row));
                break;
            case DuckTypeKind.Interval:
                TemporalText.AddInterval(ref text, _view.Read<Interval>(row));
                break;
            case DuckTypeKind.Uuid:
                text.AddUuid(_view.Read<UInt128>(row));
                break;
            default:
                throw new InvalidOperationException($"values of type {_type.Name} can't be read from vectors");
        }

        json.WriteStringValue(text.Written);
    }
}
