using System.Buffers.Binary;

namespace Rat.Engine.Duck.Arrow;

/// <summary>
/// Writes rows as an Arrow stream: the schema, record batches, the end mark
/// (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format). The columns have the types of <see cref="PortableColumns"/>.
/// </summary>
internal sealed class ArrowStreamWriter
{
    private const int RowsOfBatch = 64 * 1024;
    private const long BytesOfBatch = 16L << 20;
    private const int RowsAtOnce = 64;
    private const int Alignment = 8;

    private readonly Stream _output;
    private readonly ArrowColumn[] _columns;
    private readonly List<(long, long)> _nodes = [];
    private readonly List<ReadOnlyMemory<byte>> _buffers = [];
    private int _rows;

    public ArrowStreamWriter(Stream output, IReadOnlyList<DuckColumn> columns)
    {
        _output = output;
        _columns = [.. columns.Select(column => new ArrowColumn(column.VectorType))];
        WriteMessage(ArrowMessages.Schema(columns));
    }

    public void Write(DuckChunk chunk)
    {
        for (var i = 0; i < _columns.Length; i++)
            _columns[i].Bind(chunk.Vector(i));
        for (var first = 0; first < chunk.RowCount; first += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, chunk.RowCount - first);
            foreach (var column in _columns)
                column.Append(first, count);
            _rows += count;
            if (_rows >= RowsOfBatch || _columns.Sum(column => column.Size) >= BytesOfBatch)
                WriteBatch();
        }
    }

    /// <summary>Writes what is left, and the end mark.</summary>
    public void End()
    {
        if (_rows > 0)
            WriteBatch();
        WriteMessage(default);
    }

    private void WriteBatch()
    {
        foreach (var column in _columns)
            column.CollectInto(_nodes, _buffers);
        var places = new List<(long Offset, long Length)>(_buffers.Count);
        var bodyLength = 0L;
        foreach (var buffer in _buffers)
        {
            places.Add((bodyLength, buffer.Length));
            bodyLength += Aligned(buffer.Length);
        }

        WriteMessage(ArrowMessages.RecordBatch(_rows, _nodes, places, bodyLength));
        ReadOnlySpan<byte> padding = stackalloc byte[Alignment];
        foreach (var buffer in _buffers)
        {
            _output.Write(buffer.Span);
            _output.Write(padding[..(int)(Aligned(buffer.Length) - buffer.Length)]);
        }

        foreach (var column in _columns)
            column.Clear();
        _nodes.Clear();
        _buffers.Clear();
        _rows = 0;
    }

    /// <summary>A mark, the length, the message, whose length is a multiple of 8; of length 0: the end.</summary>
    private void WriteMessage(ReadOnlyMemory<byte> message)
    {
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0xFFFFFFFF);
        BinaryPrimitives.WriteInt32LittleEndian(head[4..], message.Length);
        _output.Write(head);
        _output.Write(message.Span);
    }

    private static long Aligned(long length) => (length + Alignment - 1) / Alignment * Alignment;
}
