using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Rat.Storage;

/// <summary>Makes files and names survive a lost power supply. A rename is only durable once its directory was synced, which .NET can't do.</summary>
internal static partial class DurableFiles
{
    private const int ReadOnlyDirectory = 0x10000; // O_RDONLY | O_DIRECTORY on Linux

    /// <summary>Creates a directory, private to this user, with all that is missing above it, each made durable.</summary>
    public static void CreateDirectory(string path)
    {
        var missing = new Stack<string>();
        for (var folder = path; folder is not null && !Directory.Exists(folder); folder = Path.GetDirectoryName(folder))
            missing.Push(folder);
        foreach (var folder in missing)
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            SyncDirectory(Path.GetDirectoryName(folder)!);
        }
    }

    /// <summary>Gives a file that is durable a second name in place of what has that name; the bytes are copied where the file system has no
    /// links. The name is durable once its directory was synced.</summary>
    public static void LinkOrCopy(string path, string target)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException(path);
        File.Delete(target);
        if (!OperatingSystem.IsWindows() && Link(path, target) == 0)
            return;
        File.Copy(path, target, overwrite: true);
        SyncFile(target);
    }

    /// <summary>Syncs a file that somebody else wrote.</summary>
    public static void SyncFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }

    /// <summary>Syncs the names in a directory. Elsewhere than on Linux the file system is trusted to order them.</summary>
    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var descriptor = Open(path, ReadOnlyDirectory);
        if (descriptor < 0)
            throw Error(path);
        try
        {
            if (Sync(descriptor) != 0)
                throw Error(path);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Error(string path) =>
        new($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string target);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
