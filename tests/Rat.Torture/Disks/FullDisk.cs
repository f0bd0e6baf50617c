using System.Globalization;
using Microsoft.Data.Sqlite;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Disks;

/// <summary>A disk that fills up: what fails says so, everything else goes on, and with space again nothing has been lost.</summary>
internal sealed class FullDisk(TortureOptions options, Checks checks, string folder)
{
    private const int Megabytes = 64;
    private const long Slack = 2_000_000;

    private readonly DataFolder _data = new(Path.Combine(folder, "full", "data"));

    public async Task RunAsync()
    {
        using var disk = SmallDisk.TryMount(Path.Combine(folder, "full"), Megabytes, out var reason);
        if (disk is null)
        {
            checks.Skip("a full disk", reason);
            return;
        }

        await using (var server = await RatServer.StartAsync(options.Binary, _data.Root))
        {
            await server.Api.CreatePipelineAsync("bronze", "kept", "SELECT range AS i FROM range(1000)");
            checks.That((await server.Api.RunAsync("bronze", "kept")).Succeeded, "a run before the disk is full succeeds");
            await DuringCopyAsync(server, disk);
            await DuringUploadAsync(server, disk);
            await DuringCommitAsync(server, disk);
            checks.That(await server.StopAsync() == 0, "the server ends with 0 after SIGTERM", () => server.Tail);
        }

        await AtStartAsync(disk);
    }

    private async Task DuringCopyAsync(RatServer server, SmallDisk disk)
    {
        var free = disk.Free;
        await server.Api.CreatePipelineAsync("bronze", "large", "SELECT 1 AS generation, md5(range::VARCHAR) AS h FROM range(500)");
        checks.That((await server.Api.RunAsync("bronze", "large")).Succeeded, "a small result fits");
        await server.Api.WriteSqlAsync("bronze", "large", "SELECT 2 AS generation, md5(range::VARCHAR) AS h FROM range(6000000)");
        var run = await server.Api.RunAsync("bronze", "large");
        checks.That(
            run.Status == "failed" && TellsOfDisk(run.Error),
            "a result that doesn't fit fails its run, and the error tells of the disk", run.ToString);
        checks.Note($"during COPY: {run.Error}");
        checks.That(disk.Free > free - Slack, "what the failed run wrote is gone", () => $"{disk.Free} of {free} bytes are free");
        await UnharmedAsync(server, "after a full disk during COPY");
        checks.That(await GenerationAsync(server, "large") == 1, "the table is as it was");
        await server.Api.WriteSqlAsync("bronze", "large", "SELECT 3 AS generation, md5(range::VARCHAR) AS h FROM range(500)");
        checks.That((await server.Api.RunAsync("bronze", "large")).Succeeded, "the next run succeeds");
        checks.That(await GenerationAsync(server, "large") == 3, "the next run is in the table");
    }

    private async Task DuringUploadAsync(RatServer server, SmallDisk disk)
    {
        await server.Api.CreateZoneAsync("drop");
        await server.Api.WriteFileAsync("notes/kept.txt", "kept");
        var (text, bytes) = (new string('x', 500_000), new byte[500_000]);
        disk.Fill(free: 100_000);
        await FailsAsync("a text", () => server.Api.WriteFileAsync("notes/text.txt", text));
        await FailsAsync("a landing file", () => server.Api.UploadAsync("drop", "bytes.bin", bytes));
        await FailsAsync("a text in place of another", () => server.Api.WriteFileAsync("notes/kept.txt", text));
        checks.That(await server.Api.ReadFileAsync("notes/text.txt") is null, "a text that didn't fit isn't there");
        checks.That(await server.Api.ReadFileAsync("notes/kept.txt") == "kept", "a text that wasn't replaced is as it was");
        checks.That((await server.Api.LandedAsync("drop")).Count == 0, "a landing file that didn't fit isn't there");
        await UnharmedAsync(server, "while the disk is full during uploads");
        disk.Empty();
        await server.Api.WriteFileAsync("notes/text.txt", text);
        await server.Api.UploadAsync("drop", "bytes.bin", bytes);
        checks.That(await server.Api.ReadFileAsync("notes/text.txt") == text, "with space again the same upload succeeds");
    }

    // Less and less space, so that it runs out at every place between a run's first file and its commit.
    private async Task DuringCommitAsync(RatServer server, SmallDisk disk)
    {
        await server.Api.CreatePipelineAsync("bronze", "squeezed", "SELECT 0 AS generation");
        await server.Api.RunAsync("bronze", "squeezed");
        var places = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (committed, step) = (0L, options.Full ? 4096 : 24_576);
        using var reader = HoldLog();
        for (var (free, generation) = (400_000L, 1L); free >= 0; free -= step, generation++)
        {
            await server.Api.WriteSqlAsync("bronze", "squeezed", string.Create(CultureInfo.InvariantCulture,
                $"SELECT {generation} AS generation, md5(range::VARCHAR) AS h FROM range(2000)"));
            disk.Fill(free);
            var ending = TryRunAsync(server.Api, "squeezed");
            await Task.WhenAny(ending, Task.Delay(3000));
            if (free % 16_384 < step)
                await UnharmedAsync(server, $"with {free} bytes free");
            disk.Empty();

            var (run, error) = await ending;
            var succeeded = run is { Succeeded: true };
            checks.That(
                succeeded || TellsOfDisk(run?.Error ?? error),
                "a run on a full disk succeeds or its error tells of the disk", () => $"{free} bytes free: {run?.ToString() ?? error}");
            var place = succeeded ? "success" : run is null ? "not queued" : await PlaceAsync(server.Api, run.Id);
            places[place] = places.GetValueOrDefault(place) + 1;
            committed = succeeded ? generation : committed;
            var seen = await GenerationAsync(server, "squeezed");
            checks.That(seen == committed, "the table holds the last run that succeeded", () => $"{seen}, not {committed}");
        }

        checks.Note($"runs on a disk that fills up: {string.Join(", ", places.Select(place => $"{place.Value} {place.Key}"))}");
        if (options.Full)
            checks.That(places.Keys.Any(place => place.Contains("Merging", StringComparison.Ordinal)), "the disk was full during a commit");
        checks.None(
            (await server.Api.RunsAsync("squeezed")).Where(run => !run.HasEnded).Select(run => run.ToString()), "no run hangs after a full disk");
        var next = await server.Api.RunAsync("bronze", "squeezed");
        checks.That(next.Succeeded, "with space again the next run succeeds", next.ToString);
    }

    private async Task AtStartAsync(SmallDisk disk)
    {
        disk.Fill(free: 0);
        var refusal = await Refusal.OfAsync(options.Binary, _data.Root);
        checks.That(
            refusal.IsProper || refusal.Started, "a start on a full disk works or is refused with one line and exit code 2", refusal.ToString);
        checks.Note($"a start on a full disk: {(refusal.Started ? "works" : refusal.Errors[0])}");
        disk.Empty();

        await using var last = await RatServer.StartAsync(options.Binary, _data.Root);
        await UnharmedAsync(last, "after a restart");
        await Task.Delay(2000);
        var state = _data.Read();
        checks.None(state.Unnamed, "no file is left that nothing names after a full disk and a restart");
        checks.None(state.Broken, "every file that is named is there after a full disk");
    }

    // As long as somebody reads an old state SQLite's log can only grow: each commit needs space.
    private SqliteConnection HoldLog()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _data.Database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "BEGIN; SELECT count(*) FROM runs";
        command.ExecuteScalar();
        return connection;
    }

    private async Task UnharmedAsync(RatServer server, string when)
    {
        checks.That(server.IsAlive, $"the server survives {when}", () => server.Tail);
        var rows = await server.Api.QueryAsync("SELECT count(*) AS n, sum(i)::BIGINT AS s FROM bronze.kept");
        checks.That(((long)rows[0]!["n"]!, (long)rows[0]!["s"]!) == (1000, 499_500), $"another table answers {when}");
    }

    private async Task FailsAsync(string what, Func<Task> upload)
    {
        try
        {
            await upload();
            checks.Fail($"{what} that doesn't fit is refused", "it was acknowledged");
        }
        catch (ApiException refused)
        {
            checks.That(
                refused.Status >= 500 && TellsOfDisk(refused.Told),
                $"{what} that doesn't fit is refused with an error that tells of the disk", () => refused.Message);
        }
    }

    private static async Task<(RunState? Run, string Error)> TryRunAsync(RatApi api, string name)
    {
        try
        {
            return (await api.RunAsync("bronze", name), "");
        }
        catch (ApiException refused)
        {
            return (null, refused.Told ?? refused.Message);
        }
    }

    // The last thing that a run's log tells before it failed.
    private static async Task<string> PlaceAsync(RatApi api, string run)
    {
        var log = (await api.SendAsync(HttpMethod.Get, $"/api/v1/runs/{run}/logs"))["logs"]!.AsArray();
        var last = log.Select(line => (string)line!["message"]!).LastOrDefault(text => !text.Contains("failed", StringComparison.Ordinal)
            && !text.StartsWith("Duration", StringComparison.Ordinal)) ?? "nothing";
        return $"failed after \"{string.Join(' ', last.Split(' ').Take(2))}\"";
    }

    private static async Task<long> GenerationAsync(RatServer server, string table)
    {
        var row = (await server.Api.QueryAsync($"SELECT min(generation) AS a, max(generation) AS b FROM bronze.{table}"))[0]!;
        return (long)row["a"]! == (long)row["b"]! ? (long)row["a"]! : -1;
    }

    private static bool TellsOfDisk(string? error) => error is not null
        && ((string[])["disk", "space"]).Any(word => error.Contains(word, StringComparison.OrdinalIgnoreCase));
}
