using System.Buffers;
using System.Text;

namespace Rat.Storage.Lake.Avro;

/// <summary>Avro's binary encoding (Avro specification, "Binary Encoding"), as far as Iceberg's manifests need it.</summary>
internal sealed class AvroEncoder
{
    private const int LongestVarint = 10;

    private readonly ArrayBufferWriter<byte> _buffer = new();

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    /// <summary>An <c>int</c> or <c>long</c>, the index of a union's branch, or the count of a block: zigzag, seven bits to a byte.</summary>
    public void Long(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        var target = _buffer.GetSpan(LongestVarint);
        var length = 0;
        for (; rest > 0x7F; rest >>= 7)
            target[length++] = (byte)(rest | 0x80);
        target[length++] = (byte)rest;
        _buffer.Advance(length);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        _buffer.Write(value);
    }

    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Long(length);
        _buffer.Advance(Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length)));
    }

    /// <summary>The null of a union <c>["null", T]</c>.</summary>
    public void Null() => Long(0);

    /// <summary>What stands before the value of a union <c>["null", T]</c>.</summary>
    public void NotNull() => Long(1);

    /// <summary>A value of a union <c>["null", "long"]</c>.</summary>
    public void OptionalLong(long? value)
    {
        if (value is not { } present)
        {
            Null();
            return;
        }

        NotNull();
        Long(present);
    }

    public void Boolean(bool value) => _buffer.Write([(byte)(value ? 1 : 0)]);

    /// <summary>A value of a union <c>["null", "bytes"]</c>.</summary>
    public void OptionalBytes(byte[]? value)
    {
        if (value is null)
        {
            Null();
            return;
        }

        NotNull();
        Bytes(value);
    }

    /// <summary>What is encoded already.</summary>
    public void Encoded(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);
}
