using System.Globalization;

namespace Rat.Torture.Soak;

/// <summary>What a server needs at one moment.</summary>
/// <param name="MemoryMegabytes">Resident.</param>
internal sealed record SoakSample(TimeSpan At, double MemoryMegabytes, int Handles)
{
    public static SoakSample Of(int process, TimeSpan at)
    {
        var resident = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        var kilobytes = double.Parse(resident.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
        return new SoakSample(at, kilobytes / 1024, Directory.GetFiles($"/proc/{process}/fd").Length);
    }

    /// <summary>All files below a folder, in megabytes.</summary>
    public static double Disk(string folder)
    {
        var size = 0L;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true }))
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

        return size / 1048576.0;
    }
}
