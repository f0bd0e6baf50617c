using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Server;

namespace Rat.Torture.Readers;

/// <summary>Three tables of one generation, which three runs at once take to the next.</summary>
internal sealed class ThreeTables(RatApi api, Checks checks)
{
    private const int Rows = 4000;

    private static readonly string[] Names = ["x", "y", "z"];

    private static readonly (string Name, string Sql)[] Questions =
    [
        ("unions", string.Join(" UNION ALL ", Names.Select(name =>
            $"SELECT '{name}' AS name, min(generation) AS least, max(generation) AS most, count(*) AS n FROM bronze.{name}")) + " ORDER BY name"),
        ("joins", $"""
            WITH joined AS (
                SELECT x.generation AS x, y.generation AS y, z.generation AS z FROM bronze.x JOIN bronze.y USING (i) JOIN bronze.z USING (i))
            {string.Join(" UNION ALL ", Names.Select(name =>
                $"SELECT '{name}' AS name, min({name}) AS least, max({name}) AS most, count(*) AS n FROM joined"))}
            ORDER BY name
            """),
    ];

    public async Task PrepareAsync()
    {
        foreach (var name in Names)
            await api.CreatePipelineAsync("bronze", name, SqlOf(0));
        await GenerationAsync(0);
    }

    public async Task ReplaceAsync(int generations)
    {
        for (var generation = 1; generation <= generations; generation++)
            await GenerationAsync(generation);
    }

    public Func<Task<(string Name, string? Fault)>> Reader(int number)
    {
        var (asked, latest) = (number, new long[Names.Length]);
        return async () =>
        {
            var (name, sql) = Questions[asked++ % Questions.Length];
            return (name, Fault(await api.QueryAsync(sql), latest));
        };
    }

    private static string? Fault(JsonArray rows, long[] latest)
    {
        var seen = rows.Select(row => (Least: (long)row!["least"]!, Most: (long)row["most"]!, Count: (long)row["n"]!)).ToList();
        if (seen.Count != Names.Length || seen.Any(table => table.Least != table.Most || table.Count != Rows))
            return rows.ToJsonString();
        var generations = seen.Select(table => table.Most).ToArray();
        if (generations.Max() - generations.Min() > 1)
            return $"generations {string.Join(", ", generations)}";
        var back = generations.Zip(latest).Any(pair => pair.First < pair.Second);
        generations.CopyTo(latest, 0);
        return back ? $"a table went back: {rows.ToJsonString()}" : null;
    }

    private async Task GenerationAsync(int generation)
    {
        await Task.WhenAll(Names.Select(name => api.WriteSqlAsync("bronze", name, SqlOf(generation))));
        var runs = await Task.WhenAll(Names.Select(name => api.RunAsync("bronze", name)));
        checks.That(runs.All(run => run is { Succeeded: true, Rows: Rows }), "each generation is written", () => string.Join(", ", (object[])runs));
    }

    private static string SqlOf(int generation) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT {generation} AS generation, range AS i, md5(range::VARCHAR) AS filling FROM range({Rows})");
}
