using System.Collections.Concurrent;

namespace Rat.Torture.Model;

/// <summary>
/// Random sequences of batches over each strategy give the tables of a plain model in memory, in every version, for queries and for an
/// independent reader of Iceberg.
/// </summary>
internal static class ModelPart
{
    private const int FullSequences = SequencePlan.Cycle;
    private const int FullSteps = 130;
    private const int LeastBatches = 2000;
    private const int SmallSequences = 6;
    private const int SmallSteps = 14;
    private const double LeastShare = 0.05;
    private const int Workers = 2;

    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        var shares = new Shares();
        // The small size takes other variants with each seed.
        var first = options.Full ? 0 : options.Seed % 4 * SmallSequences;
        var numbers = options.Sequence is { } only ? [only] : Enumerable.Range(first, options.Full ? FullSequences : SmallSequences);
        var waiting = new ConcurrentQueue<int>(numbers);
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(waiting, options, checks, shares, folder)));

        checks.Note(shares.ToString());
        if (options.Sequence is not null)
            return;
        checks.None(
            Shares.Ways.Where(way => shares.ShareOf(way) < LeastShare && options.Full).Select(way => $"{way}: {shares.ShareOf(way):P1}"),
            $"no way of committing is rarer than {LeastShare:P0}");
        checks.That(!options.Full || shares["batches"] >= LeastBatches, $"there were {LeastBatches} batches", () => $"{shares["batches"]}");
    }

    private static async Task WorkAsync(ConcurrentQueue<int> waiting, TortureOptions options, Checks checks, Shares shares, string folder)
    {
        using var reader = new VersionReader();
        while (waiting.TryDequeue(out var number))
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"sequence-{number}"));
            var plan = SequencePlan.Of(number, options.NewRandom(500 + number));
            await using var sequence = new Sequence(number, plan, options, reader, shares, checks, own.FullName);
            try
            {
                await sequence.RunAsync(options.Full ? FullSteps : SmallSteps);
                await sequence.DisposeAsync();
                own.Delete(recursive: true);
            }
            catch (MismatchException mismatch)
            {
                checks.Fail(mismatch.Rule, mismatch.Detail);
            }
        }
    }
}
