using System.Collections.Concurrent;
using System.Globalization;
using Rat.Torture.Server;

namespace Rat.Torture.Generations;

/// <summary>
/// A writer takes the table <c>a</c> from generation to generation, and <c>b</c> after it, while queries and runs join both: each of them
/// must see one state of the catalog from its start to its end.
/// </summary>
internal sealed class GenerationsPart
{
    private const int SmallGenerations = 40;
    private const int FullGenerations = 200;
    private const int Readers = 4;
    private const int Rows = 3000;

    private readonly Checks _checks;
    private readonly int _generations;
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly ConcurrentQueue<string> _violations = new();
    private int _between;
    private volatile bool _done;

    private GenerationsPart(TortureOptions options, Checks checks) =>
        (_checks, _generations) = (checks, options.Full ? FullGenerations : SmallGenerations);

    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        await using var server = await RatServer.StartAsync(options.Binary, Path.Combine(folder, "data"));
        await new GenerationsPart(options, checks).RunAsync(server, options);
    }

    private async Task RunAsync(RatServer server, TortureOptions options)
    {
        await server.Api.CreatePipelineAsync("bronze", "a", SqlOf(1));
        await server.Api.CreatePipelineAsync("bronze", "b", SqlOf(1));
        await server.Api.CreatePipelineAsync("silver", "joined", JoiningPipeline);
        await WriteAsync(server.Api, "a", 1);
        await WriteAsync(server.Api, "b", 1);

        var readers = Enumerable.Range(0, Readers).Select(reader => ReadAsync(server.Api, options.NewRandom(20 + reader))).ToList();
        var runs = RunJoinsAsync(server.Api);
        try
        {
            for (var generation = 2; generation <= _generations; generation++)
            {
                await WriteAsync(server.Api, "a", generation);
                await WriteAsync(server.Api, "b", generation);
            }
        }
        finally
        {
            _done = true;
            await Task.WhenAll([.. readers, runs]);
        }

        _checks.None(_violations, "each query and each run sees one state: whole tables, a's generation equal to b's or one ahead");
        foreach (var question in Question.All)
            _checks.That(_asked.GetValueOrDefault(question.Name) > 0, $"{question.Name} was asked while tables were replaced");
        _checks.That(_between > 0, "some queries saw a one generation ahead of b");
        _checks.That(server.IsAlive, "the server is alive", () => server.Tail);
        var counts = string.Join(", ", _asked.OrderBy(asked => asked.Key, StringComparer.Ordinal).Select(asked => $"{asked.Value} {asked.Key}"));
        _checks.Note($"{_asked.Values.Sum()} queries and runs over {_generations} generations ({counts}); {_between} saw a one ahead");
    }

    private const string JoiningPipeline = """
        SELECT min(a.generation) AS a_least, max(a.generation) AS a_most, min(b.generation) AS b_least,
               max(b.generation) AS b_most, count(*) AS n
        FROM {{ ref('bronze.a') }} AS a JOIN {{ ref('bronze.b') }} AS b USING (i)
        """;

    private static string SqlOf(int generation) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT {generation} AS generation, range AS i, md5(range::VARCHAR) AS filling FROM range({Rows})");

    private async Task WriteAsync(RatApi api, string table, int generation)
    {
        await api.WriteSqlAsync("bronze", table, SqlOf(generation));
        var run = await api.RunAsync("bronze", table);
        _checks.That(run is { Succeeded: true, Rows: Rows }, "each generation is written", run.ToString);
    }

    private async Task ReadAsync(RatApi api, Random random)
    {
        while (!_done)
        {
            // Every other one is the plain join, the quickest to ask.
            var question = Question.All[random.Next(2) * random.Next(Question.All.Count)];
            try
            {
                var seen = question.Read(await api.QueryAsync(question.Sql), Rows);
                Judge(question.Name, seen);
            }
            catch (Exception failure)
            {
                _violations.Enqueue($"{question.Name}: {failure.Message}");
            }

            _asked.AddOrUpdate(question.Name, 1, (_, count) => count + 1);
        }
    }

    private async Task RunJoinsAsync(RatApi api)
    {
        while (!_done)
        {
            try
            {
                var run = await api.RunAsync("silver", "joined");
                if (!run.Succeeded)
                    _violations.Enqueue($"a run that joins: {run}");
                Judge("runs that join", Question.OneRow(await api.QueryAsync("SELECT * FROM silver.joined"), Rows));
            }
            catch (Exception failure)
            {
                _violations.Enqueue($"a run that joins: {failure.Message}");
            }

            _asked.AddOrUpdate("runs that join", 1, (_, count) => count + 1);
        }
    }

    private void Judge(string name, Seen seen)
    {
        if (seen.Fault is not null)
            _violations.Enqueue($"{name}: {seen.Fault}");
        else if (seen.A - seen.B is not (0 or 1))
            _violations.Enqueue($"{name}: a is of generation {seen.A}, b of {seen.B}");
        else if (seen.A != seen.B)
            Interlocked.Increment(ref _between);
    }
}
