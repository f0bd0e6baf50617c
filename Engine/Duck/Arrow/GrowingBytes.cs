using System.Buffers.Binary;

namespace Rat.Engine.Duck.Arrow;

/// <summary>Bytes that are added to and cleared again; what they took they keep for the next batch.</summary>
internal sealed class GrowingBytes
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>So many more bytes, zero, to be filled.</summary>
    public Span<byte> Add(int count)
    {
        var start = Length;
        Length = checked(start + count);
        if (Length > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(Length, Math.Max(1024, _bytes.Length * 2L))));
        var added = _bytes.AsSpan(start, count);
        added.Clear();
        return added;
    }

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Add(bytes.Length));

    public void AddInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Add(sizeof(int)), value);

    /// <summary>Sets a bit; those between it and the last byte are zero.</summary>
    public void SetBit(int index)
    {
        if (index >> 3 >= Length)
            Add((index >> 3) + 1 - Length);
        _bytes[index >> 3] |= (byte)(1 << (index & 7));
    }

    /// <summary>Makes sure that so many bits are there.</summary>
    public void EnsureBits(int count)
    {
        if (count > Length * 8)
            Add(((count + 7) >> 3) - Length);
    }

    public void Clear() => Length = 0;
}
