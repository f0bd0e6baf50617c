using Rat.Torture.Server;

namespace Rat.Torture.Readers;

/// <summary>Readers that never let up, while rows of a table change and while tables are replaced together.</summary>
internal static class ReadersPart
{
    private const int Readers = 4;

    // Files this small are what this table has; rows that leave others are marked.
    private static readonly string[] SmallFiles = ["env", "RAT_SMALL_FILE_SIZE=8KB"];

    public static async Task RunAsync(TortureOptions options, Checks checks, string folder)
    {
        await OneTableAsync(options, checks, Path.Combine(folder, "one"));
        await ThreeTablesAsync(options, checks, Path.Combine(folder, "three"));
    }

    private static async Task OneTableAsync(TortureOptions options, Checks checks, string data)
    {
        await using var server = await RatServer.StartAsync(options.Binary, data, SmallFiles);
        var (versions, random, commits) = (new Versions(), options.NewRandom(40), options.Full ? 200 : 30);
        await server.Api.CreatePipelineAsync(
            "bronze", "h", versions.Next(0, Versions.Rows, 1, 0), "merge_strategy: incremental\nunique_key: id\n");
        await CommitAsync(server.Api, "h", checks);

        var acknowledged = 0L;
        var readers = Enumerable.Range(0, Readers).Select(reader => Reader(options.NewRandom(41 + reader))).ToList();
        var crowd = new Crowd();
        await crowd.WhileAsync(
            CommitAllAsync, readers, checks, $"each read sees what one of {commits} commits left, the last acknowledged or a later one");
        checks.None(
            VersionQuestion.All.Where(question => crowd.Of(question.Name) == 0).Select(question => question.Name),
            "every question was asked while rows changed");
        checks.That(server.IsAlive, "the server is alive", () => server.Tail);
        checks.Note($"one table: {commits} commits, {crowd}");

        async Task CommitAllAsync()
        {
            for (var version = 1; version <= commits; version++)
            {
                // Few rows and many: marks in files, and files written again.
                var count = version % 7 == 0 ? random.Next(400, 1500) : random.Next(1, 60);
                var sql = versions.Next(version, count, stride: random.Next(1, Versions.Rows), offset: random.Next(Versions.Rows));
                await server.Api.WriteSqlAsync("bronze", "h", sql);
                await CommitAsync(server.Api, "h", checks);
                Volatile.Write(ref acknowledged, version);
            }
        }

        Func<Task<(string, string?)>> Reader(Random own)
        {
            var latest = 0L;
            return async () =>
            {
                var question = VersionQuestion.All[own.Next(VersionQuestion.All.Count)];
                var least = Math.Max(latest, Volatile.Read(ref acknowledged));
                var seen = question.Read(await server.Api.QueryAsync(question.Sql));
                latest = Math.Max(latest, seen.Newest);
                return (question.Name, versions.Fault(seen) ?? (seen.Newest < least ? $"version {seen.Newest} after {least}" : null));
            };
        }
    }

    private static async Task ThreeTablesAsync(TortureOptions options, Checks checks, string data)
    {
        await using var server = await RatServer.StartAsync(options.Binary, data);
        var (tables, generations) = (new ThreeTables(server.Api, checks), options.Full ? 70 : 12);
        await tables.PrepareAsync();
        var crowd = new Crowd();
        await crowd.WhileAsync(
            () => tables.ReplaceAsync(generations), [.. Enumerable.Range(0, Readers).Select(tables.Reader)], checks,
            "of three tables that three runs replace each is seen whole, none goes back, and none is more than one generation ahead");
        checks.That(server.IsAlive, "the server is alive", () => server.Tail);
        checks.Note($"three tables: {generations} generations, {crowd}");
    }

    private static async Task CommitAsync(RatApi api, string table, Checks checks)
    {
        var run = await api.RunAsync("bronze", table);
        checks.That(run.Succeeded, "each commit is made", run.ToString);
    }
}
