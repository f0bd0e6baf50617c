using System.Buffers;
using Rat.Engine.Duck;

namespace Rat.Engine.Queries;

/// <summary>
/// Writes rows as JSON, one per line, on several cores: each lane formats a chunk of its own, and the lanes are emptied in the order in which
/// they were filled. A lane stops where its chunk gets large; the rest of that chunk is formatted when its turn comes, straight into the file.
/// </summary>
internal sealed class LineWriter(IReadOnlyList<DuckColumn> columns, FileStream file) : IDisposable
{
    private const int MostLanes = 4;

    private readonly FileBuffer _output = new(file);
    private readonly Lane[] _lanes = [.. Enumerable.Range(0, Math.Min(MostLanes, Environment.ProcessorCount)).Select(_ => new Lane(columns))];
    private int _next;

    /// <param name="chunk">Given over: it is disposed when its rows are written, at the latest with this object.</param>
    public void Write(DuckChunk chunk)
    {
        var lane = _lanes[_next++ % _lanes.Length];
        lane.Empty(_output);
        lane.Fill(chunk);
    }

    /// <summary>Writes what is still in the lanes.</summary>
    public void End()
    {
        for (var i = 0; i < _lanes.Length; i++)
            _lanes[_next++ % _lanes.Length].Empty(_output);
        _output.Flush();
    }

    public void Dispose()
    {
        foreach (var lane in _lanes)
            lane.Dispose();
        _output.Dispose();
    }

    private sealed class Lane(IReadOnlyList<DuckColumn> columns) : IDisposable
    {
        private const long LargestPiece = 4L << 20;

        private readonly RowJsonWriter _rows = new(columns);
        private readonly SegmentedBuffer _lines = new();
        private Task _work = Task.CompletedTask;
        private DuckChunk? _chunk;
        private int _row;

        public void Fill(DuckChunk chunk)
        {
            (_chunk, _row) = (chunk, 0);
            _work = Task.Run(() =>
            {
                while (_row < chunk.RowCount && _lines.Length < LargestPiece)
                    WriteRow(_lines, chunk);
            });
        }

        public void Empty(FileBuffer output)
        {
            if (_chunk is null)
                return;
            _work.GetAwaiter().GetResult();
            _lines.CopyTo(output);
            _lines.Clear();
            while (_row < _chunk.RowCount)
                WriteRow(output, _chunk);
            _chunk.Dispose();
            _chunk = null;
        }

        public void Dispose()
        {
            // What failed in it was thrown when it was emptied, or doesn't matter any more.
            ((IAsyncResult)_work).AsyncWaitHandle.WaitOne();
            _chunk?.Dispose();
            _lines.Dispose();
        }

        private void WriteRow<T>(T output, DuckChunk chunk)
            where T : IBufferWriter<byte>
        {
            _rows.WriteRow(output, chunk, _row++);
            output.Write("\n"u8);
        }
    }
}
