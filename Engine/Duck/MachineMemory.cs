using System.Globalization;

namespace Rat.Engine.Duck;

/// <summary>How much memory there is for this process. The runtime knows it too, but tells three quarters of it inside a container.</summary>
internal static class MachineMemory
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Bytes of the machine, or of the process's control group if that is less.</summary>
    public static long Read() => OperatingSystem.IsLinux()
        ? Limits().Append(MachineTotal()).OfType<long>().DefaultIfEmpty(Known).Min()
        : Known;

    private static long Known => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Of version 2 and version 1 of control groups (cgroups(7)); where the process's own path isn't visible it is inside a container,
    /// whose group is the root then.</summary>
    private static IEnumerable<long?> Limits()
    {
        var own = ReadLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToList();
        var version2 = own.Where(parts => parts[1].Length == 0).Select(parts => parts[2]).Append("");
        var version1 = own.Where(parts => parts[1].Split(',').Contains("memory")).Select(parts => parts[2]).Append("");
        return version2.Select(path => $"{Groups}{path}/memory.max")
            .Concat(version1.Select(path => $"{Groups}/memory{path}/memory.limit_in_bytes"))
            .Select(file => Parse(ReadLines(file).FirstOrDefault()));
    }

    private static long? MachineTotal() =>
        ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
            ? Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024
            : null;

    private static long? Parse(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var bytes) ? bytes : null; // `max` is no limit

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
