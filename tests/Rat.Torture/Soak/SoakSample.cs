using System.Globalization;

namespace Rat.Torture.Soak;

/// <summary>What a server needs at one moment.</summary>
/// <param name="MemoryMegabytes">Resident.</param>
/// <param name="DiskMegabytes">All files below the data directory; null when it wasn't looked at.</param>
internal sealed record SoakSample(TimeSpan At, double MemoryMegabytes, int Handles, double? DiskMegabytes)
{
    public static SoakSample Of(int process, TimeSpan at, string? folder)
    {
        var resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kilobytes = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        var disk = folder is null ? (double?)null : Size(new DirectoryInfo(folder)) / 1048576.0;
        return new SoakSample(at, kilobytes / 1024, Directory.GetFiles($"/proc/{process}/fd").Length, disk);
    }

    private static long Size(DirectoryInfo folder)
    {
        var size = 0L;
        foreach (var file in folder.EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
        {
            try
            {
                size += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Removed since it was listed.
            }
        }

        return size;
    }
}
