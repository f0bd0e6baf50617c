using System.Buffers.Binary;

namespace Rat.Storage.Backup;

/// <summary>What an object of a backup says of itself; after it come the pages, each behind its number, and a SHA-256 of all before. All
/// numbers are little-endian; the whole is compressed with Deflate.</summary>
/// <param name="Name">That of the object's key: an object under another key is none of the backup.</param>
/// <param name="Run">The same in all objects of an epoch. One that comes late, of a process that died, must not be taken for one of its successor.</param>
/// <param name="DatabasePages">Pages of the database once these are in it.</param>
/// <param name="Count">Pages that follow.</param>
/// <param name="At">When the last of them had been committed.</param>
internal sealed record PageSetHeader(BackupObject Name, long Run, int PageSize, uint DatabasePages, uint Count, DateTimeOffset At)
{
    public const int Size = 56;

    private const int LeastPageSize = 512;
    private const int LargestPageSize = 65536;

    // "ratpages" and the version of this format.
    private const ulong Magic = 0x7365676170746172;
    private const uint Version = 1;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Name.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Name.Number);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], PageSize);
        BinaryPrimitives.WriteUInt32LittleEndian(target[28..], DatabasePages);
        BinaryPrimitives.WriteUInt32LittleEndian(target[32..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(target[36..], Name.IsBase ? 1u : 0);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], Run);
    }

    /// <summary>Null when it is none.</summary>
    public static PageSetHeader? Read(ReadOnlySpan<byte> bytes)
    {
        var pageSize = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        var milliseconds = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Version
            || pageSize is < LeastPageSize or > LargestPageSize
            || milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return null;
        }

        return new PageSetHeader(
            new BackupObject(
                BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[36..]) == 1,
                BinaryPrimitives.ReadInt64LittleEndian(bytes[16..])),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]), pageSize,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]), BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]),
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }
}
