namespace Rat.Engine.Duck;

/// <summary>Some rows of a result, by columns. The getters read scalar columns without boxing; a getter that doesn't fit the column's type
/// throws <see cref="InvalidOperationException"/>.</summary>
internal sealed class DuckChunk
{
    public int RowCount => throw new NotImplementedException();

    public bool IsNull(int column, int row) => throw new NotImplementedException($"{column}{row}");

    public bool GetBoolean(int column, int row) => throw new NotImplementedException($"{column}{row}");

    /// <summary>Any integer type up to 64 bits; an UBIGINT beyond <see cref="long.MaxValue"/> throws <see cref="OverflowException"/>.</summary>
    public long GetInt64(int column, int row) => throw new NotImplementedException($"{column}{row}");

    public double GetDouble(int column, int row) => throw new NotImplementedException($"{column}{row}");

    /// <summary>Text of a VARCHAR or ENUM.</summary>
    public string GetString(int column, int row) => throw new NotImplementedException($"{column}{row}");

    /// <summary>Bytes of a VARCHAR or BLOB, valid as long as the chunk is.</summary>
    public ReadOnlySpan<byte> GetBytes(int column, int row) => throw new NotImplementedException($"{column}{row}");
}
