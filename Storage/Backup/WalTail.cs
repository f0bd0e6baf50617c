using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rat.Storage.Backup;

/// <summary>
/// What is new in SQLite's write-ahead log (https://www.sqlite.org/fileformat2.html#walformat): a header with two salts, then frames of a page
/// each. A log that was copied into the database begins anew at its front, with other salts; what stands behind is older. A frame counts when it
/// has the header's salts and goes on with the checksum of the frame before it, and once a frame follows that ends a transaction.
/// </summary>
/// <remarks>To be read after each commit and before the next one, by the thread that commits: only then is nothing written over that was not
/// read. The database itself is never opened here: closing any handle of it would take away SQLite's locks, which belong to the process.</remarks>
internal sealed class WalTail(string path) : IDisposable
{
    private const int HeaderSize = 32;
    private const int FrameHeaderSize = 24;
    private const int FramesAtOnce = 16;

    private readonly byte[] _header = new byte[HeaderSize];
    private readonly byte[] _read = new byte[HeaderSize];
    private readonly PageChanges _open = new();
    private SafeFileHandle? _file;
    private byte[] _frames = [];

    // Of the last frame that ended a transaction, or of the header: where it ends, and its checksum.
    private long _end = HeaderSize;
    private Checksum _checksum;

    /// <summary>Adds what was committed since the last time.</summary>
    /// <returns>False when the log is not the one that was read before: something may be missing, and all of the database has to be read again.</returns>
    /// <exception cref="IOException">It can't be read.</exception>
    public bool TryRead(PageChanges changes) => TryReadInto(changes);

    /// <summary>Goes behind everything that has been committed.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    public void SkipAll()
    {
        Array.Clear(_header);
        _ = TryReadInto(null);
    }

    public void Dispose() => _file?.Dispose();

    private static uint Number(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    private bool TryReadInto(PageChanges? changes)
    {
        _file ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        // Emptied, and nothing committed since.
        if (RandomAccess.Read(_file, _read, 0) < HeaderSize)
            return true;
        if (!_read.AsSpan().SequenceEqual(_header))
        {
            if (!TryBegin())
                return false;
        }
        else if (!IsWhereItWas())
        {
            return false;
        }

        ReadFrames(changes);
        return true;
    }

    private bool TryBegin()
    {
        // The first salt goes up by one each time: past the next one a whole log was never seen, which another program must have written.
        var isNext = Number(_header, 0) == 0 || unchecked(Number(_read, 16) - Number(_header, 16)) == 1;
        _read.CopyTo(_header, 0);
        _end = HeaderSize;
        _checksum = new Checksum(Number(_header, 24), Number(_header, 28));
        var pageSize = (int)Number(_header, 8);
        if (_frames.Length != FramesAtOnce * (FrameHeaderSize + pageSize))
            _frames = new byte[FramesAtOnce * (FrameHeaderSize + pageSize)];
        return isNext;
    }

    // A commit that failed may have left frames that looked like those of one that didn't: then others stand there now.
    private bool IsWhereItWas()
    {
        if (_end == HeaderSize)
            return true;
        Span<byte> last = stackalloc byte[8];
        var frame = _frames.Length / FramesAtOnce;
        return RandomAccess.Read(_file!, last, _end - frame + 16) == last.Length && new Checksum(Number(last, 0), Number(last, 4)) == _checksum;
    }

    private void ReadFrames(PageChanges? changes)
    {
        // Whether the checksums take words as they stand or turned round: by the lowest bit of the magic number.
        var isTurned = (Number(_header, 0) & 1) == 1 == BitConverter.IsLittleEndian;
        var salts = _header.AsSpan(16, 8);
        var length = _frames.Length / FramesAtOnce;
        var (position, checksum) = (_end, _checksum);
        while (true)
        {
            var count = RandomAccess.Read(_file!, _frames, position) / length;
            for (var i = 0; i < count; i++)
            {
                var frame = _frames.AsSpan(i * length, length);
                checksum = checksum.With(frame[..8], isTurned).With(frame[FrameHeaderSize..], isTurned);
                if (!frame.Slice(8, 8).SequenceEqual(salts) || checksum != new Checksum(Number(frame, 16), Number(frame, 20)))
                {
                    _open.Clear();
                    return;
                }

                position += length;
                if (changes is not null)
                    _open.Set(Number(frame, 0), frame[FrameHeaderSize..]);
                if (Number(frame, 4) is not 0 and var databasePages)
                {
                    changes?.Take(_open, databasePages);
                    (_end, _checksum) = (position, checksum);
                }
            }

            if (count < FramesAtOnce)
            {
                _open.Clear();
                return;
            }
        }
    }

    private readonly record struct Checksum(uint First, uint Second)
    {
        public Checksum With(ReadOnlySpan<byte> bytes, bool isTurned)
        {
            var (first, second) = (First, Second);
            var words = MemoryMarshal.Cast<byte, uint>(bytes);
            for (var i = 0; i + 1 < words.Length; i += 2)
            {
                first += (isTurned ? BinaryPrimitives.ReverseEndianness(words[i]) : words[i]) + second;
                second += (isTurned ? BinaryPrimitives.ReverseEndianness(words[i + 1]) : words[i + 1]) + first;
            }

            return new Checksum(first, second);
        }
    }
}
