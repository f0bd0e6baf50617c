using System.Runtime.InteropServices;

namespace Rat.Engine.Duck;

/// <summary>
/// DuckDB's memory limit doesn't count what scalar functions allocate: <c>SELECT len(range(1000000000))</c> takes tens of gigabytes under a
/// limit of one, and the system kills the process. A limit on the process's data makes such an allocation fail, which DuckDB answers with an
/// Out of Memory Error of the one statement. Linux only; elsewhere nothing stands in the way.
/// </summary>
internal static partial class MemoryFence
{
    private const int DataLimit = 2; // RLIMIT_DATA of getrlimit(2), Linux

    /// <summary>Lowers the limit of this process to that many bytes; one that is lower already stays.</summary>
    public static void Set(long bytes)
    {
        if (!OperatingSystem.IsLinux() || GetLimit(DataLimit, out var limit) != 0 || limit.Soft <= (ulong)bytes)
            return;
        limit = limit with { Soft = (ulong)bytes };
        // Without the fence everything works as well: no reason to refuse to start.
        _ = SetLimit(DataLimit, in limit);
    }

    /// <summary>Takes the fence away again, for a process that has other work than DuckDB's.</summary>
    public static void Lift()
    {
        if (OperatingSystem.IsLinux() && GetLimit(DataLimit, out var limit) == 0)
            _ = SetLimit(DataLimit, limit with { Soft = limit.Hard });
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Limit(ulong Soft, ulong Hard);
}
