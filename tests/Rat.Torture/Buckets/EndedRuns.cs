using Rat.Torture.Server;

namespace Rat.Torture.Buckets;

/// <summary>The runs of a pipeline once all have ended.</summary>
internal static class EndedRuns
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<RunState>> OfAsync(RatApi api, string pipeline, Checks checks)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var runs = await api.RunsAsync(pipeline);
            var open = runs.Where(run => !run.HasEnded).ToList();
            if (open.Count == 0)
                return runs;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                checks.None(open.Select(run => run.ToString()), $"{pipeline}: every run ends");
                return runs;
            }

            await Task.Delay(100);
        }
    }
}
