using System.Buffers;

namespace Rat.Engine.Queries;

/// <summary>Bytes on their way to a file, a large piece at a time.</summary>
internal sealed class FileBuffer(FileStream file) : IBufferWriter<byte>, IDisposable
{
    private const int Size = 256 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Size);
    private int _used;

    public void Advance(int count) => _used += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _bytes.AsMemory(_used);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Flush()
    {
        file.Write(_bytes, 0, _used);
        _used = 0;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
    }

    private void Reserve(int size)
    {
        if (_bytes.Length - _used >= size)
            return;
        Flush();
        if (_bytes.Length >= size)
            return;
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = ArrayPool<byte>.Shared.Rent(size);
    }
}
