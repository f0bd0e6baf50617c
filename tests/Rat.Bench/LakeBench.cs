using System.Diagnostics;
using System.Globalization;

namespace Rat.Bench;

/// <summary>What it costs to write and merge a table, beside the same work in plain DuckDB. Both alternate, with the same threads and memory.</summary>
internal sealed class LakeBench(RatServer server, long rows, int times)
{
    private const string Format =
        "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, PARQUET_VERSION v2, RETURN_STATS, FILE_SIZE_BYTES '64MB', OVERWRITE_OR_IGNORE";

    private const string Incremental = "merge_strategy: incremental\nunique_key: [id]";
    private const string Append = "merge_strategy: append_only";

    private const int Upserts = 100;
    private const string Reading =
        "SELECT category, count(*) AS n, sum(amount) AS total, max(hash) AS hash FROM bronze.read_much GROUP BY category ORDER BY category";

    // Ids, a random key, few texts, many texts, times, amounts, ratios, flags.
    private const string Columns = """
        i AS id, (i * 7919) % 100000007 AS k, 'category ' || i % 20 AS category, md5(i::VARCHAR) AS hash,
        TIMESTAMP '2024-01-01' + to_seconds(i) AS at_time, (i / 7)::DECIMAL(18, 2) AS amount, i / 3.0::DOUBLE AS ratio, i % 2 = 0 AS even
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("rat-bench-duck-").FullName;
    private readonly long _batch = rows / 100;

    private string All => $"SELECT {Columns} FROM range({Text(rows)}) AS t(i)";

    // Four fifths of the batch are there already.
    private string Recent => $"SELECT {Columns} FROM range({Text(rows - (_batch * 4 / 5))}, {Text(rows + (_batch / 5))}) AS t(i)";

    private string Random =>
        $"SELECT {Columns} FROM (SELECT CASE WHEN n % 5 = 4 THEN {Text(rows)} + n ELSE (hash(n) % {Text(rows)})::BIGINT END AS i FROM range({Text(_batch)}) AS r(n))";

    public async Task RunAsync()
    {
        await FullRefreshAsync();
        await UpsertAsync("recent keys", Recent);
        await UpsertAsync("random keys", Random);
        await ReadingAsync();
        await HistoryAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FullRefreshAsync()
    {
        await server.CreatePipelineAsync("bronze", "full", All);
        var (rat, duck) = await Measure.PairedMedianAsync(
            times, () => server.RunAsync("bronze", "full"), () => Plain($"COPY ({All}) TO '{Fresh()}' ({Format})"));
        Report($"full refresh, {rows / 1e6:0.#} M rows", rat, $"same COPY in plain DuckDB {duck:0} ms: {rat / duck:0.00} ×");
    }

    // Into a table of its own each time, against the whole of it written anew in plain DuckDB.
    private async Task UpsertAsync(string keys, string batch)
    {
        var number = 0;
        var name = keys.Split(' ')[0];
        var files = Fresh();
        await Plain($"COPY ({All}) TO '{files}' ({Format})");
        var (rat, duck) = await Measure.PairedMedianAsync(times, UpsertOnceAsync, RewriteOnce);
        Report($"upsert of 1 %, {name} keys", rat, $"full rewrite in plain DuckDB {duck:0} ms: {rat / duck:0.000} ×");

        async Task<TimeSpan> UpsertOnceAsync()
        {
            var table = $"upsert_{name}{number++}";
            await server.CreatePipelineAsync("bronze", table, All);
            await server.RunAsync("bronze", table);
            await server.CreatePipelineAsync("bronze", table, batch, Incremental);
            return await server.RunAsync("bronze", table);
        }

        Task<TimeSpan> RewriteOnce() => Plain($"""
            CREATE OR REPLACE TEMP TABLE batch AS {batch};
            COPY (SELECT * FROM read_parquet('{files}/*.parquet') AS t WHERE NOT EXISTS (SELECT 1 FROM batch WHERE batch.id = t.id)
                  UNION ALL SELECT * FROM batch) TO '{Fresh()}' ({Format});
            """);
    }

    // Side by side on two servers, of which one never writes a file again.
    private async Task ReadingAsync()
    {
        using var without = await RatServer.StartAsync(server.Binary, server.Cache, ("RAT_COMPACTION_ENABLED", "false"));
        var before = await ReadableAsync(server);
        await ReadableAsync(without);
        var (upsert, upsertWithout) = (await UpsertAllOverAsync(server), await UpsertAllOverAsync(without));
        var (read, readWithout) = await Measure.PairedMedianAsync(9, () => server.QueryAsync(Reading), () => without.QueryAsync(Reading));
        Report($"read after {Upserts} upserts of 0.1 %", read, $"before them {before:0.0} ms: {read / before:0.00} × (an upsert: {upsert:0.0} ms)");
        Report("the same without compaction", readWithout, $"{readWithout / before:0.00} × (an upsert: {upsertWithout:0.0} ms)");
    }

    private async Task<double> ReadableAsync(RatServer of)
    {
        await of.CreatePipelineAsync("bronze", "read_much", $"SELECT {Columns} FROM range({Text(rows / 10)}) AS t(i)");
        await of.RunAsync("bronze", "read_much");
        return await Measure.MedianAsync(9, () => of.QueryAsync(Reading));
    }

    // A thousandth of the keys each time, all over the table.
    private async Task<double> UpsertAllOverAsync(RatServer of)
    {
        var some = rows / 10;
        var runs = new List<double>();
        for (var i = 0; i < Upserts; i++)
        {
            await of.CreatePipelineAsync("bronze", "read_much",
                $"SELECT {Columns} FROM (SELECT (n * 1000 + {Text(i * 7)}) % {Text(some)} AS i FROM range({Text(some / 1000)}) AS r(n))", Incremental);
            runs.Add((await of.RunAsync("bronze", "read_much")).TotalMilliseconds);
        }

        return Median(runs);
    }

    private async Task HistoryAsync()
    {
        const int Snapshots = 500;
        await server.CreatePipelineAsync("bronze", "history", "SELECT 1 AS id", Append);
        await server.CreatePipelineAsync("bronze", "trivial_history", "SELECT 1 AS id");
        List<double> appends = [], replaces = [];
        for (var i = 0; i < Snapshots; i++)
        {
            replaces.Add((await server.RunAsync("bronze", "trivial_history")).TotalMilliseconds);
            appends.Add((await server.RunAsync("bronze", "history")).TotalMilliseconds);
        }

        Report("trivial run, at 1 → 500 snapshots", Median(replaces[..50]), Grown(replaces[..50], replaces[^50..]));
        Report("append of a row, at 1 → 500", Median(appends[..50]), Grown(appends[..50], appends[^50..]));
    }

    private static string Grown(List<double> first, List<double> last) => $"→ {Median(last):0.0} ms: {Median(last) / Median(first):0.00} ×";

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Report(string what, double milliseconds, string beside) => Console.WriteLine($"{what,-34}{milliseconds:0.0} ms, {beside}");

    private string Fresh() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString())).FullName;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task<TimeSpan> Plain(string sql)
    {
        var start = Stopwatch.GetTimestamp();
        using var command = PlainDuck.Writing.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return Task.FromResult(Stopwatch.GetElapsedTime(start));
    }
}
