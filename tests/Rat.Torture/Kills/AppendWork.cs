using System.Globalization;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>A table to which every run appends a generation of its own.</summary>
internal sealed class AppendWork(string name, Random random) : IWork
{
    private readonly RunLedger<Batch> _ledger = new(name);
    private long _generation;

    public IRunLedger Ledger => _ledger;

    public Task PrepareAsync(RatApi api) =>
        api.CreatePipelineAsync("bronze", name, "SELECT 1 AS generation", "merge_strategy: append_only\n");

    public async Task StepAsync(RatApi api)
    {
        var batch = new Batch(++_generation, 1 + random.Next(3000));
        await api.WriteSqlAsync("bronze", name, string.Create(CultureInfo.InvariantCulture,
            $"SELECT {batch.Generation} AS generation, range AS i FROM range({batch.Rows})"));
        await _ledger.RunAsync(api, batch);
    }

    public async Task VerifyAsync(RatApi api, Checks checks)
    {
        var successes = await _ledger.VerifyAsync(api, checks);
        checks.None(
            successes.Where(success => success.Run.Rows != success.Plan.Rows).Select(success => $"{success.Run}, {success.Plan}"),
            $"{name}: a successful run tells how many rows it wrote");
        if (successes.Count == 0)
            return;
        var expected = successes.ToDictionary(success => success.Plan.Generation, success => success.Plan);
        var seen = await Batches.ReadAsync(api, name);
        checks.None(Batches.Differences(expected, seen), $"{name}: each successful run's rows are there exactly once, no other's");
    }
}
