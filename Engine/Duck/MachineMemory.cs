using System.Globalization;

namespace Rat.Engine.Duck;

/// <summary>How much memory there is for this process.</summary>
internal static class MachineMemory
{
    // Version 2 and version 1 of control groups; inside a container the root is the container's own group.
    private static readonly string[] Limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

    /// <summary>Bytes of the machine, or of the control group if that is less.</summary>
    public static long Read()
    {
        var machine = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        foreach (var file in Limits)
        {
            if (ReadLimit(file) is { } limit)
                return Math.Min(machine, limit);
        }

        return machine;
    }

    private static long? ReadLimit(string file)
    {
        try
        {
            return long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var limit) ? limit : null; // `max` says none
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
