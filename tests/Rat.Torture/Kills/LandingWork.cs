using System.Globalization;
using System.Text;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>A table to which runs append the files of a landing zone, which their commit marks as read for good: every file that was
/// uploaded gets into the table once, whatever is killed in between.</summary>
internal sealed class LandingWork(string name, string zone, Random random) : IWork
{
    private readonly Dictionary<long, Batch> _sent = [];
    private readonly HashSet<long> _uploaded = [];

    // With each run the files that it found.
    private readonly RunLedger<long[]> _ledger = new(name);
    private long _generation;

    public IRunLedger Ledger => _ledger;

    public async Task PrepareAsync(RatApi api)
    {
        await api.CreateZoneAsync(zone);
        await api.CreatePipelineAsync(
            "bronze", name, $"SELECT generation, i FROM read_csv('{{{{ landing_zone('{zone}') }}}}/*.csv', header = true)",
            "merge_strategy: append_only\narchive_landing_zones: true\n");
    }

    public async Task StepAsync(RatApi api)
    {
        for (var files = 1 + random.Next(3); files > 0; files--)
        {
            var batch = new Batch(++_generation, 2 + random.Next(500));
            _sent[batch.Generation] = batch;
            await api.UploadAsync(zone, FileName(batch.Generation), Csv(batch));
            _uploaded.Add(batch.Generation);
        }

        await _ledger.RunAsync(api, [.. _uploaded]);
    }

    public async Task VerifyAsync(RatApi api, Checks checks)
    {
        var successes = await _ledger.VerifyAsync(api, checks);
        if (successes.Count == 0)
            return;
        var seen = await Batches.ReadAsync(api, name);
        checks.None(
            Batches.Differences(_sent.Where(sent => seen.ContainsKey(sent.Key)).ToDictionary(), seen),
            $"{name}: each file's rows are there once and whole, or not at all");
        checks.None(
            successes.SelectMany(success => success.Plan).Distinct().Where(generation => !seen.ContainsKey(generation)).Select(FileName),
            $"{name}: the files that were there before a successful run are in the table");
        checks.That(
            successes.Sum(success => success.Run.Rows) == seen.Values.Sum(batch => batch.Rows),
            $"{name}: the table has as many rows as its successful runs tell of", () => $"{seen.Values.Sum(batch => batch.Rows)}");

        var landed = (await api.LandedAsync(zone)).Select(file => file.Name).ToList();
        checks.None(
            _uploaded.Where(generation => !seen.ContainsKey(generation)).Select(FileName)
                .Where(name => !landed.Any(file => file.EndsWith(name, StringComparison.Ordinal))),
            $"{name}: a file that was uploaded is in the zone or in the table");
    }

    /// <summary>To be called after a run that nothing disturbed.</summary>
    public async Task VerifyAllReadAsync(RatApi api, Checks checks)
    {
        var seen = await Batches.ReadAsync(api, name);
        checks.None(
            _uploaded.Where(generation => !seen.ContainsKey(generation)).Select(FileName),
            $"{name}: in the end every file that was uploaded is in the table");
    }

    /// <summary>The names, without stamps, of the files whose rows the table has.</summary>
    public async Task<IReadOnlyList<string>> ReadNamesAsync(RatApi api) => [.. (await Batches.ReadAsync(api, name)).Keys.Select(FileName)];

    private static string FileName(long generation) => string.Create(CultureInfo.InvariantCulture, $"batch-{generation:000000}.csv");

    private static byte[] Csv(Batch batch)
    {
        var text = new StringBuilder("generation,i\n");
        for (var i = 0L; i < batch.Rows; i++)
            text.Append(CultureInfo.InvariantCulture, $"{batch.Generation},{i}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
