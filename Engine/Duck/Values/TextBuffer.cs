using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Rat.Engine.Duck.Values;

/// <summary>Writes ASCII text into a span that the caller knows to be long enough.</summary>
internal ref struct TextBuffer(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Length { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(byte character) => _target[Length++] = character;

    public void Add(scoped ReadOnlySpan<byte> text)
    {
        text.CopyTo(_target[Length..]);
        Length += text.Length;
    }

    public void Add(long number)
    {
        number.TryFormat(_target[Length..], out var written);
        Length += written;
    }

    /// <summary>A number below 100 as two digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddTwoDigits(int number)
    {
        var (tens, ones) = Math.DivRem((uint)number, 10u);
        _target[Length + 1] = (byte)('0' + ones);
        _target[Length] = (byte)('0' + tens);
        Length += 2;
    }

    /// <summary>A number that isn't negative, with zeros in front up to a width.</summary>
    public void AddPadded(long number, int width)
    {
        for (var limit = TenTo(width - 1); number < limit && limit > 1; limit /= 10)
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

    /// <summary>digits × 10^exponent in plain notation from 10^-6 to 10^21, beyond it with an exponent of its own.</summary>
    public void AddShortest(ulong digits, int exponent)
    {
        var start = Length;
        digits.TryFormat(_target[start..], out var count);
        var point = count + exponent; // digits before the point
        if (point is > 21 or <= -6)
        {
            Length += count;
            if (count > 1)
                InsertPoint(start + 1, count - 1);
            Add((byte)'e');
            Add(point - 1);
        }
        else if (point <= 0)
        {
            _target.Slice(start, count).CopyTo(_target[(start + 2 - point)..]);
            _target.Slice(start, 2 - point).Fill((byte)'0');
            _target[start + 1] = (byte)'.';
            Length += count + 2 - point;
        }
        else if (exponent >= 0)
        {
            _target.Slice(start + count, exponent).Fill((byte)'0');
            Length += count + exponent;
        }
        else
        {
            Length += count;
            InsertPoint(start + point, -exponent);
        }
    }

    /// <summary>Moves that many last characters on by one.</summary>
    private void InsertPoint(int position, int count)
    {
        _target.Slice(position, count).CopyTo(_target[(position + 1)..]);
        _target[position] = (byte)'.';
        Length++;
    }

    /// <param name="stored">DuckDB keeps it with the top bit flipped, so that it sorts like a signed number.</param>
    public void AddUuid(UInt128 stored)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, stored ^ (UInt128.One << 127));
        new Guid(bytes, bigEndian: true).TryFormat(_target[Length..], out var written);
        Length += written;
    }

    private static long TenTo(int power)
    {
        var value = 1L;
        for (; power > 0; power--)
            value *= 10;
        return value;
    }
}
