using System.Diagnostics;

namespace Rat.Bench;

/// <summary>Medians; all in milliseconds.</summary>
internal static class Measure
{
    private static FileStream? _appended;

    public static async Task<double> MedianAsync(int times, Func<Task<TimeSpan>> operation)
    {
        var taken = new List<double>(times);
        for (var i = 0; i < times; i++)
            taken.Add((await operation()).TotalMilliseconds);
        return Median(taken);
    }

    /// <summary>Both operations in turn, so that what else the machine does falls on both.</summary>
    public static async Task<(double First, double Second)> PairedMedianAsync(int times, Func<Task<TimeSpan>> first, Func<Task<TimeSpan>> second)
    {
        var (a, b) = (new List<double>(times), new List<double>(times));
        for (var i = 0; i < times; i++)
        {
            a.Add((await first()).TotalMilliseconds);
            b.Add((await second()).TotalMilliseconds);
        }

        return (Median(a), Median(b));
    }

    public static double FsyncMedian()
    {
        var path = Path.Combine(Path.GetTempPath(), $"rat-bench-{Environment.ProcessId}");
        var block = new byte[4096];
        var taken = new List<double>();
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose))
        {
            for (var i = 0; i < 50; i++)
            {
                file.Write(block);
                var start = Stopwatch.GetTimestamp();
                file.Flush(flushToDisk: true);
                taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        return Median(taken);
    }

    /// <summary>One write of 4 kB at the end of a file that stays, and its sync.</summary>
    public static double FsyncOnce()
    {
        _appended ??= new FileStream(Path.Combine(Path.GetTempPath(), $"rat-bench-{Environment.ProcessId}-appended"), FileMode.Create, FileAccess.Write,
            FileShare.None, 1, FileOptions.DeleteOnClose);
        _appended.Write(new byte[4096]);
        var start = Stopwatch.GetTimestamp();
        _appended.Flush(flushToDisk: true);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public static double ResidentMegabytes(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.WorkingSet64 / 1e6;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
