using System.Diagnostics;

namespace Rat.Bench.Lists;

/// <summary>What clients that ask one after the other have seen.</summary>
/// <param name="PerSecond">Requests per second, all clients together.</param>
/// <param name="Taken">How long each has taken, in milliseconds.</param>
/// <param name="Cpu">What a request has cost the server's process, in microseconds of a processor.</param>
internal sealed record LoadResult(double PerSecond, IReadOnlyList<double> Taken, double Cpu)
{
    public const int Clients = 4;

    /// <summary>Four clients, each with a connection of its own, for a while.</summary>
    /// <param name="path">Asked for each request.</param>
    public static async Task<LoadResult> OfAsync(Uri server, int processId, Func<string> path, TimeSpan time)
    {
        var before = CpuOf(processId);
        var begin = Stopwatch.GetTimestamp();
        var taken = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(server, path, time))));
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        var all = taken.SelectMany(times => times).ToList();
        return new LoadResult(all.Count / seconds, all, (CpuOf(processId) - before).TotalMicroseconds / all.Count);
    }

    private static async Task<List<double>> AskAsync(Uri server, Func<string> path, TimeSpan time)
    {
        using var connection = await PlainConnection.OpenAsync(server);
        var taken = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            var start = Stopwatch.GetTimestamp();
            await connection.AskAsync("GET", path());
            taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return taken;
    }

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }
}
