using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Rat.Storage.Backup;

/// <summary>Puts the pages of an object of a backup into a database's file, see <see cref="PageSetHeader"/>.</summary>
internal static class PageSetReader
{
    private const int NumberSize = sizeof(uint);

    /// <summary>Returns what the object says of itself; null when it is damaged, or is another one. The file is then good for nothing.</summary>
    /// <param name="compressed">The object's bytes.</param>
    /// <param name="database">Gets the pages.</param>
    public static async Task<PageSetHeader?> ApplyAsync(
        Stream compressed, BackupObject name, SafeFileHandle database, CancellationToken cancellation)
    {
        try
        {
            await using var content = new DeflateStream(compressed, CompressionMode.Decompress);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var bytes = new byte[PageSetHeader.Size];
            await content.ReadExactlyAsync(bytes, cancellation);
            hash.AppendData(bytes);
            if (PageSetHeader.Read(bytes) is not { } header || header.Name != name)
                return null;

            var page = new byte[NumberSize + header.PageSize];
            for (uint i = 0; i < header.Count; i++)
            {
                await content.ReadExactlyAsync(page, cancellation);
                hash.AppendData(page);
                var place = BinaryPrimitives.ReadUInt32LittleEndian(page);
                if (place == 0 || place > header.DatabasePages)
                    return null;
                RandomAccess.Write(database, page.AsSpan(NumberSize), (place - 1L) * header.PageSize);
            }

            var written = new byte[SHA256.HashSizeInBytes];
            await content.ReadExactlyAsync(written, cancellation);
            return written.AsSpan().SequenceEqual(hash.GetHashAndReset()) ? header : null;
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }
}
