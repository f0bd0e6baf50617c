namespace Rat.Storage.Lake.Avro;

/// <summary>Reads what <see cref="AvroEncoder"/> wrote.</summary>
internal ref struct AvroDecoder(ReadOnlySpan<byte> encoded)
{
    private ReadOnlySpan<byte> _rest = encoded;

    public long Long()
    {
        ulong value = 0;
        var length = 0;
        byte part;
        do
        {
            part = _rest[length];
            value |= (ulong)(part & 0x7F) << (7 * length++);
        }
        while (part > 0x7F);
        _rest = _rest[length..];
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> Bytes()
    {
        var length = (int)Long();
        var bytes = _rest[..length];
        _rest = _rest[length..];
        return bytes;
    }
}
