using System.Runtime.CompilerServices;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Values;

/// <summary>The memory of a flat vector; valid as long as its chunk is. Layouts: https://duckdb.org/docs/stable/clients/c/vector</summary>
internal readonly unsafe struct VectorView(nint vector)
{
    private const int LongestInlined = 12;

    private readonly byte* _data = (byte*)NativeMethods.Vectors.DuckDBVectorGetData(vector);
    private readonly ulong* _validity = NativeMethods.Vectors.DuckDBVectorGetValidity(vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNull(long row) => _validity != null && (_validity[row >> 6] & (1UL << (int)(row & 63))) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>(long row)
        where T : unmanaged => ((T*)_data)[row];

    /// <summary>Bytes of values of a fixed width, as they lie there; where a value is null they mean nothing.</summary>
    public ReadOnlySpan<byte> Raw(long offset, int length) => new(_data + offset, length);

    /// <summary>Bytes of a string, blob or bit string: a length, then up to 12 bytes in place, else 4 bytes of prefix and a pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Bytes(long row)
    {
        var entry = _data + (row * 16);
        var length = *(int*)entry;
        return new ReadOnlySpan<byte>(length <= LongestInlined ? entry + 4 : *(byte**)(entry + 8), length);
    }

    /// <summary>Position in the dictionary of an ENUM of so many values.</summary>
    public int EnumIndex(long row, int valueCount) => valueCount switch
    {
        <= 1 << 8 => Read<byte>(row),
        <= 1 << 16 => Read<ushort>(row),
        _ => (int)Read<uint>(row),
    };

    /// <summary>Unscaled value of a DECIMAL of that many digits.</summary>
    public Int128 Decimal(long row, int width) => width switch
    {
        <= 4 => Read<short>(row),
        <= 9 => Read<int>(row),
        <= 18 => Read<long>(row),
        _ => Read<Int128>(row),
    };
}

/// <summary>An entry of a list or map: where its elements are in the child vector.</summary>
internal readonly record struct ListEntry(ulong Offset, ulong Length);
