using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Rat.Storage.Backup;

/// <summary>Writes an object of a backup: <see cref="PageSetHeader"/>. Whole once <see cref="Finish"/> was called.</summary>
internal sealed class PageSetWriter : IDisposable
{
    private readonly DeflateStream _compressed;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public PageSetWriter(Stream target, PageSetHeader header)
    {
        _compressed = new DeflateStream(target, CompressionLevel.Fastest, leaveOpen: true);
        Span<byte> bytes = stackalloc byte[PageSetHeader.Size];
        header.Write(bytes);
        Write(bytes);
    }

    /// <summary>The bytes of a segment.</summary>
    public static MemoryStream Segment(BackupObject name, long run, PageCut cut)
    {
        var changes = cut.Changes;
        var pages = changes.InOrder();
        var bytes = new MemoryStream();
        var header = new PageSetHeader(name, run, changes.PageSize, changes.DatabasePages, (uint)pages.Count, cut.At);
        using (var writer = new PageSetWriter(bytes, header))
        {
            foreach (var (page, content) in pages)
                writer.Add(page, content);
            writer.Finish();
        }

        bytes.Position = 0;
        return bytes;
    }

    public void Add(uint page, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(number, page);
        Write(number);
        Write(content);
    }

    public void Finish() => _compressed.Write(_hash.GetHashAndReset());

    public void Dispose()
    {
        _compressed.Dispose();
        _hash.Dispose();
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        _compressed.Write(bytes);
    }
}
