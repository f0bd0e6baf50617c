using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Rat.Engine.Duck.Native;

/// <summary>A file that exists in memory only (memfd_create(2)): it needs neither a writable folder nor one that allows execution.</summary>
internal sealed partial class MemoryFile : IDisposable
{
    private const uint CloseOnExec = 0x1; // MFD_CLOEXEC
    private const uint Executable = 0x10; // MFD_EXEC, since Linux 6.3: needed where vm.memfd_noexec is 1, unknown to older ones

    private readonly SafeFileHandle _handle;

    private MemoryFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>The path under which this process finds the file as long as it isn't disposed.</summary>
    public string Path => $"/proc/self/fd/{_handle.DangerousGetHandle()}";

    /// <exception cref="IOException">The system gave none.</exception>
    public static MemoryFile Create(string name)
    {
        if (!OperatingSystem.IsLinux())
            throw new IOException("this system has no files in memory");
        var descriptor = MemfdCreate(name, CloseOnExec | Executable);
        if (descriptor < 0)
            descriptor = MemfdCreate(name, CloseOnExec);
        return descriptor >= 0
            ? new MemoryFile(new SafeFileHandle(descriptor, ownsHandle: true))
            : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
    }

    public FileStream OpenWrite() => new(new SafeFileHandle(_handle.DangerousGetHandle(), ownsHandle: false), FileAccess.Write, bufferSize: 0);

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemfdCreate(string name, uint flags);
}
