using System.Runtime.InteropServices;

namespace Rat.Engine.Duck;

/// <summary>
/// The system's allocator gives threads heaps of their own, up to eight for each processor, and what one has freed the others don't get. Under
/// thousands of runs, whose statements wander over many threads, that grows for hours. One heap for each processor is enough for those that
/// allocate at the same moment. Of glibc, on Linux; elsewhere nothing is done.
/// </summary>
internal static partial class MemoryArenas
{
    private const int MostArenas = -8; // M_ARENA_MAX of mallopt(3)

    /// <summary>Takes effect for heaps that aren't there yet: to be called early.</summary>
    public static void Bound()
    {
        if (OperatingSystem.IsLinux())
            _ = SetOption(MostArenas, Math.Max(2, Environment.ProcessorCount));
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);
}
