using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Server;

namespace Rat.Torture.Soak;

/// <summary>
/// How long each successful run has taken from <c>started_at</c> to <c>finished_at</c>, in the order that they were made. Asked for more often than
/// retention removes them, it misses none.
/// </summary>
internal sealed class EndedRuns
{
    private const int PageSize = 200;

    private readonly HashSet<string> _known = [];
    private readonly List<(DateTimeOffset Created, double Milliseconds)> _ended = [];

    private int _taken;

    public int Count => _ended.Count;

    /// <summary>Takes up the runs that have ended since the last call.</summary>
    public async Task ReadAsync(RatApi api)
    {
        for (var offset = 0; ; offset += PageSize)
        {
            var page = (await api.SendAsync(HttpMethod.Get, $"/api/v1/runs?status=success&limit={PageSize}&offset={offset}"))["runs"]!.AsArray();
            var fresh = page.Where(run => _known.Add((string)run!["id"]!)).ToList();
            _ended.AddRange(fresh.Select(run => (Time(run!, "created_at"), (Time(run!, "finished_at") - Time(run!, "started_at")).TotalMilliseconds)));
            if (fresh.Count < PageSize)
                return;
        }
    }

    /// <summary>Median of the runs that were taken up since the last call, in milliseconds.</summary>
    public double TakeMedian()
    {
        var median = Median(_ended.Skip(_taken).Select(run => run.Milliseconds));
        _taken = _ended.Count;
        return median;
    }

    /// <summary>Medians of the first and of the last runs, in milliseconds.</summary>
    public (double First, double Last) Medians(int count)
    {
        var durations = _ended.OrderBy(run => run.Created).Select(run => run.Milliseconds).ToList();
        return (Median(durations.Take(count)), Median(durations.TakeLast(count)));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : 0;

    private static DateTimeOffset Time(JsonNode run, string field) => DateTimeOffset.Parse((string)run[field]!, CultureInfo.InvariantCulture);
}
