using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Rat.Engine.Duck.Native;

/// <summary>Who could have put a file where it is. A library from there runs with all rights of this process.</summary>
internal static partial class PathOwnership
{
    // statx(2): the layout of its structure is the same on every architecture.
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint BasicStats = 0x7ff; // STATX_BASIC_STATS
    private const int StructureBytes = 256;
    private const int OwnerOffset = 20;
    private const int ModeOffset = 28;

    /// <summary>
    /// The first of the path and the folders above it that belongs to another user than this one and root, or that everybody may write;
    /// null when there is none. A folder's group may write it: that is how many distributions set homes up. Elsewhere than on Linux always
    /// null.
    /// </summary>
    public static string? WhatOthersCanReplace(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        for (var part = path; part is not null; part = Path.GetDirectoryName(part))
        {
            var (owner, mode) = Stat(part);
            // In a sticky folder such as /tmp nobody can rename what is another's.
            var isOpen = mode.HasFlag(UnixFileMode.OtherWrite) && !mode.HasFlag(UnixFileMode.StickyBit);
            if (isOpen || (owner != 0 && owner != EffectiveUser()))
                return part;
        }

        return null;
    }

    private static (uint Owner, UnixFileMode Mode) Stat(string path)
    {
        Span<byte> structure = stackalloc byte[StructureBytes];
        if (StatX(CurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(structure)) != 0)
            throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(structure[ModeOffset..]);
        return (BinaryPrimitives.ReadUInt32LittleEndian(structure[OwnerOffset..]), (UnixFileMode)(mode & 0xfff));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, ref byte structure);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
