using System.Text;
using DuckDB.NET.Native;
using Rat.Engine.Duck.Values;

namespace Rat.Engine.Duck;

/// <summary>Some rows of a result, by columns. The getters read scalar columns without boxing; one that doesn't fit the column's type throws
/// <see cref="InvalidOperationException"/>.</summary>
internal sealed class DuckChunk : IDisposable
{
    private readonly DuckDBDataChunk _native;
    private readonly IReadOnlyList<DuckColumn> _columns;
    private readonly VectorView[] _vectors;

    public DuckChunk(DuckDBDataChunk native, IReadOnlyList<DuckColumn> columns)
    {
        _native = native;
        _columns = columns;
        RowCount = (int)NativeMethods.DataChunks.DuckDBDataChunkGetSize(native);
        _vectors = new VectorView[columns.Count];
        for (var i = 0; i < _vectors.Length; i++)
            _vectors[i] = new VectorView(Vector(i));
    }

    /// <summary>Zero once it is disposed, so that no getter reads memory that is gone.</summary>
    public int RowCount { get; private set; }

    public bool IsNull(int column, int row) => View(column, row).IsNull(row);

    public bool GetBoolean(int column, int row) =>
        Kind(column) == DuckTypeKind.Boolean ? View(column, row).Read<byte>(row) != 0 : throw Unfit(column);

    /// <summary>Any integer type up to 64 bits. An UBIGINT beyond <see cref="long.MaxValue"/> throws <see cref="OverflowException"/>.</summary>
    public long GetInt64(int column, int row)
    {
        var view = View(column, row);
        return Kind(column) switch
        {
            DuckTypeKind.TinyInt => view.Read<sbyte>(row),
            DuckTypeKind.SmallInt => view.Read<short>(row),
            DuckTypeKind.Integer => view.Read<int>(row),
            DuckTypeKind.BigInt => view.Read<long>(row),
            DuckTypeKind.UTinyInt => view.Read<byte>(row),
            DuckTypeKind.USmallInt => view.Read<ushort>(row),
            DuckTypeKind.UInteger => view.Read<uint>(row),
            DuckTypeKind.UBigInt => checked((long)view.Read<ulong>(row)),
            _ => throw Unfit(column),
        };
    }

    /// <summary>A HUGEINT, or the unscaled value of a DECIMAL.</summary>
    public Int128 GetInt128(int column, int row) => Kind(column) switch
    {
        DuckTypeKind.HugeInt => View(column, row).Read<Int128>(row),
        DuckTypeKind.Decimal => View(column, row).Decimal(row, _columns[column].VectorType.Width),
        _ => throw Unfit(column),
    };

    /// <summary>A FLOAT or DOUBLE.</summary>
    public double GetDouble(int column, int row) => Kind(column) switch
    {
        DuckTypeKind.Float => View(column, row).Read<float>(row),
        DuckTypeKind.Double => View(column, row).Read<double>(row),
        _ => throw Unfit(column),
    };

    /// <summary>A VARCHAR, or the value's name of an ENUM.</summary>
    public string GetString(int column, int row)
    {
        var type = _columns[column].VectorType;
        return type.Kind == DuckTypeKind.Enum
            ? type.EnumValues[View(column, row).EnumIndex(row, type.EnumValues.Count)]
            : Encoding.UTF8.GetString(GetBytes(column, row));
    }

    /// <summary>Bytes of a VARCHAR or BLOB, valid as long as the chunk is.</summary>
    public ReadOnlySpan<byte> GetBytes(int column, int row) =>
        Kind(column) is DuckTypeKind.Varchar or DuckTypeKind.Blob ? View(column, row).Bytes(row) : throw Unfit(column);

    /// <summary>A <c>duckdb_vector</c>, for readers of nested types.</summary>
    public nint Vector(int column) => NativeMethods.DataChunks.DuckDBDataChunkGetVector(_native, column);

    public void Dispose()
    {
        RowCount = 0;
        _native.Dispose();
    }

    private VectorView View(int column, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)RowCount, nameof(row));
        return _vectors[column];
    }

    private DuckTypeKind Kind(int column) => _columns[column].VectorType.Kind;

    private InvalidOperationException Unfit(int column) =>
        new($"column {_columns[column].Name} of type {_columns[column].VectorType.Name} can't be read like that");
}
