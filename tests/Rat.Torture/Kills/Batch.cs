using Rat.Torture.Server;

namespace Rat.Torture.Kills;

/// <summary>Rows that are written together: they all carry their generation and are numbered from 0.</summary>
internal sealed record Batch(long Generation, long Rows)
{
    /// <summary>Sum of the numbers.</summary>
    public long Sum => Rows * (Rows - 1) / 2;
}

/// <summary>The batches that a table holds.</summary>
internal static class Batches
{
    /// <summary>Count and sum of the rows by generation.</summary>
    public static async Task<IReadOnlyDictionary<long, (long Rows, long Sum)>> ReadAsync(RatApi api, string table) =>
        (await api.QueryAsync($"SELECT generation, count(*) AS n, sum(i)::BIGINT AS s FROM bronze.{table} GROUP BY generation"))
            .ToDictionary(row => (long)row!["generation"]!, row => ((long)row!["n"]!, (long)row["s"]!));

    /// <summary>One text for each generation that is missing, superfluous, doubled or in parts.</summary>
    public static IEnumerable<string> Differences(
        IReadOnlyDictionary<long, Batch> expected, IReadOnlyDictionary<long, (long Rows, long Sum)> seen) =>
        from generation in expected.Keys.Union(seen.Keys).Order()
        let batch = expected.GetValueOrDefault(generation)
        where batch is null || seen.GetValueOrDefault(generation) != (batch.Rows, batch.Sum)
        select $"generation {generation}: {seen.GetValueOrDefault(generation)} instead of {batch}";
}
