using System.Diagnostics;

namespace Rat.Bench.Lists;

/// <summary>What clients that ask one after the other have seen.</summary>
/// <param name="Worst">The 99th percentile, in milliseconds.</param>
internal sealed record LoadResult(double PerSecond, double Worst)
{
    private const int Clients = 4;

    /// <summary>Four clients, each with a connection of its own, for a while.</summary>
    public static async Task<LoadResult> OfAsync(Func<Uri> url, TimeSpan time)
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => AskAsync(url, time))));
        var all = taken.SelectMany(times => times).Order().ToList();
        return new LoadResult(all.Count / time.TotalSeconds, all[(int)(all.Count * 0.99)]);
    }

    private static async Task<List<double>> AskAsync(Func<Uri> url, TimeSpan time)
    {
        using var http = new HttpClient();
        var taken = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < time)
        {
            var start = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(url());
            response.EnsureSuccessStatusCode();
            await response.Content.ReadAsByteArrayAsync();
            taken.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return taken;
    }
}
