using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Rat.Engine.Duck.Values;

/// <summary>Writes ASCII text into a span that the caller knows to be long enough.</summary>
internal ref struct TextBuffer(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _length;

    public readonly ReadOnlySpan<byte> Written => _target[.._length];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte character) => _target[_length++] = character;

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_target[_length..]);
        _length += text.Length;
    }

    public void Add(long number)
    {
        number.TryFormat(_target[_length..], out var written);
        _length += written;
    }

    /// <summary>A number below 100 as two digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTwoDigits(int number)
    {
        Add((byte)('0' + (number / 10)));
        Add((byte)('0' + (number % 10)));
    }

    /// <summary>A number that isn't negative, with zeros in front up to a width.</summary>
    public void AddPadded(long number, int width)
    {
        var digits = Digits(number);
        for (var i = digits; i < width; i++)
            Add((byte)'0');
        Add(number);
    }

    /// <summary>A point and the fraction without its trailing zeros; nothing when it is zero.</summary>
    /// <param name="width">Digits that the fraction has.</param>
    public void AddFraction(long fraction, int width)
    {
        if (fraction == 0)
            return;
        Add((byte)'.');
        for (; fraction % 10 == 0; width--)
            fraction /= 10;
        AddPadded(fraction, width);
    }

    /// <param name="stored">DuckDB keeps it with the top bit flipped, so that it sorts like a signed number.</param>
    public void AddUuid(UInt128 stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, stored ^ (UInt128.One << 127));
        new Guid(bytes, bigEndian: true).TryFormat(_target[_length..], out var written);
        _length += written;
    }

    private static int Digits(long number)
    {
        var digits = 1;
        for (; number >= 10; digits++)
            number /= 10;
        return digits;
    }
}
