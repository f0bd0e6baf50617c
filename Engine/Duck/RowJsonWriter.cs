using System.Buffers;
using System.Text.Json;
using Rat.Engine.Duck.Values;

namespace Rat.Engine.Duck;

/// <summary>Writes rows as JSON objects <c>{"column":value,…}</c>. Not for several threads at once.</summary>
internal sealed class RowJsonWriter(IReadOnlyList<DuckColumn> columns)
{
    private readonly byte[][] _names = [.. columns.Select(column => VectorJson.PropertyName(column.Name))];
    private readonly VectorJson[] _values = [.. columns.Select(column => new VectorJson(column.VectorType))];
    private readonly JsonBuffer _row = new();
    private DuckChunk? _bound;

    /// <summary>The row as a value of a larger document.</summary>
    public void WriteRow(Utf8JsonWriter json, DuckChunk chunk, int row) => json.WriteRawValue(Format(chunk, row), skipInputValidation: true);

    /// <summary>The row's bytes alone.</summary>
    public void WriteRow(IBufferWriter<byte> output, DuckChunk chunk, int row) => output.Write(Format(chunk, row));

    private ReadOnlySpan<byte> Format(DuckChunk chunk, int row)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)chunk.RowCount, nameof(row));
        if (!ReferenceEquals(chunk, _bound))
            Bind(chunk);
        _row.Clear();
        _row.Add((byte)'{');
        for (var i = 0; i < _values.Length; i++)
        {
            _row.Add(_names[i]);
            _values[i].Write(_row, row);
            _row.Add((byte)',');
        }

        _row.Close((byte)'}');
        return _row.Written;
    }

    private void Bind(DuckChunk chunk)
    {
        for (var i = 0; i < _values.Length; i++)
            _values[i].Bind(chunk.Vector(i));
        _bound = chunk;
    }
}
