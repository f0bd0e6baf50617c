using System.Buffers;

namespace Rat.Engine.Queries;

/// <summary>Bytes in pooled pieces: what was written never moves, and the pieces go back when it is disposed.</summary>
internal sealed class SegmentedBuffer : IBufferWriter<byte>, IDisposable
{
    private const int SmallestPiece = 16 * 1024;
    private const int LargestPiece = 1024 * 1024;

    private readonly List<(byte[] Bytes, int Used)> _full = [];
    private byte[] _current = [];
    private int _used;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    public void Advance(int count)
    {
        _used += count;
        Length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _current.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _current.AsSpan(_used);
    }

    public async Task CopyToAsync(Stream output, CancellationToken cancellation)
    {
        foreach (var (bytes, used) in _full)
            await output.WriteAsync(bytes.AsMemory(0, used), cancellation);
        await output.WriteAsync(_current.AsMemory(0, _used), cancellation);
    }

    public void CopyTo(IBufferWriter<byte> output)
    {
        foreach (var (bytes, used) in _full)
            output.Write(bytes.AsSpan(0, used));
        output.Write(_current.AsSpan(0, _used));
    }

    /// <summary>Forgets what was written; the last piece is kept for what comes.</summary>
    public void Clear()
    {
        GiveBackFull();
        (_used, Length) = (0, 0);
    }

    public void Dispose()
    {
        GiveBackFull();
        if (_current.Length > 0)
            ArrayPool<byte>.Shared.Return(_current);
        (_current, _used, Length) = ([], 0, 0);
    }

    private void GiveBackFull()
    {
        foreach (var (bytes, _) in _full)
            ArrayPool<byte>.Shared.Return(bytes);
        _full.Clear();
    }

    private void Reserve(int size)
    {
        if (_current.Length - _used >= size)
            return;
        if (_current.Length > 0)
            _full.Add((_current, _used));
        var next = Math.Clamp(_current.Length * 2, SmallestPiece, LargestPiece);
        (_current, _used) = (ArrayPool<byte>.Shared.Rent(Math.Max(next, size)), 0);
    }
}
