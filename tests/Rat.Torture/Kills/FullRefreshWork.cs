using System.Globalization;
using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>A table that every run replaces by another generation, its source rewritten before.</summary>
internal sealed class FullRefreshWork(string name, Random random) : IWork
{
    private readonly RunLedger<Batch> _ledger = new(name);
    private long _generation;

    public IRunLedger Ledger => _ledger;

    /// <summary>Rows of a run, about; the caller changes it between rounds.</summary>
    public int Rows { get; set; } = 20_000;

    public Task PrepareAsync(RatApi api) => api.CreatePipelineAsync("bronze", name, "SELECT 1 AS generation");

    public async Task StepAsync(RatApi api)
    {
        var batch = new Batch(++_generation, Rows + random.Next(1000));
        await api.WriteSqlAsync("bronze", name, string.Create(CultureInfo.InvariantCulture,
            $"SELECT {batch.Generation} AS generation, range AS i, md5(range::VARCHAR) AS filling FROM range({batch.Rows})"));
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
        var expected = successes[^1].Plan;
        var row = (await api.QueryAsync($"""
            SELECT min(generation) AS a, max(generation) AS b, count(*) AS n, sum(i)::BIGINT AS s, count(DISTINCT i) AS d FROM bronze.{name}
            """))[0]!;
        var seen = (A: (long)row["a"]!, B: (long)row["b"]!, Count: (long)row["n"]!, Sum: (long)row["s"]!, Distinct: (long)row["d"]!);
        checks.That(
            seen == (expected.Generation, expected.Generation, expected.Rows, expected.Sum, expected.Rows),
            $"{name}: the table holds the last successful run, whole and alone", () => $"{seen} instead of {expected}");
    }
}
