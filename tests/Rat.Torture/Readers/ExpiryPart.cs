using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Torture.Data;
using Rat.Torture.Server;

namespace Rat.Torture.Readers;

/// <summary>Long queries and long runs on a table whose versions expire as soon as there is a newer one: each reads the version that it began
/// with to its end, and the files of a version go once nobody reads it any more.</summary>
internal sealed class ExpiryPart(TortureOptions options, Checks checks, string data)
{
    private const int Rows = 3000;
    private const int Readers = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string[] OneVersion = ["env", "ICEBERG_MAX_SNAPSHOTS=1"];

    private readonly DataFolder _folder = new(data);
    private int _expired;
    private int _asked;
    private volatile bool _done;

    public static Task RunAsync(TortureOptions options, Checks checks, string folder) =>
        new ExpiryPart(options, checks, Path.Combine(folder, "data")).RunAsync();

    private async Task RunAsync()
    {
        await using var server = await RatServer.StartAsync(options.Binary, data, OneVersion);
        var api = server.Api;
        await api.CreatePipelineAsync("bronze", "e", SqlOf(0));
        await api.CreatePipelineAsync("silver", "long", SlowSql("{{ ref('bronze.e') }} AS e"));
        await CommitAsync(api, 0);

        var least = options.Full ? 40 : 6;
        var crowd = new Crowd();
        await crowd.WhileAsync(
            () => CommitUntilAsync(api, least), [.. Enumerable.Range(0, Readers).Select(reader => Reader(api, asRun: reader == 0))], checks,
            "long queries and runs see one version, whole, although it expires meanwhile");
        checks.That(_expired >= least, "the versions of long reads have expired before they ended", () => $"{_expired} of {_asked}");
        await VerifyFilesAsync();
        checks.That(server.IsAlive, "the server is alive", () => server.Tail);
        checks.Note($"expiry: {_expired} of {_asked} long reads outlived their version; {crowd}");
    }

    // Until enough reads have outlived what they read, or nothing comes of it.
    private async Task CommitUntilAsync(RatApi api, int least)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var generation = 1; Volatile.Read(ref _expired) < least && TimeProvider.System.GetElapsedTime(start) < Patience * 3; generation++)
            await CommitAsync(api, generation);
        _done = true;
    }

    private Func<Task<(string Name, string? Fault)>> Reader(RatApi api, bool asRun) => async () =>
    {
        if (asRun)
        {
            var run = await api.RunAsync("silver", "long");
            if (!run.Succeeded)
                return ("long runs", run.ToString());
        }

        var rows = await api.QueryAsync(asRun ? "SELECT * FROM silver.long" : SlowSql("bronze.e"));
        var (row, name) = (rows[0]!, asRun ? "long runs" : "long queries");
        if ((long)row["least"]! != (long)row["most"]! || (long)row["n"]! != Rows * 300L)
            return (name, row.ToJsonString());
        if (!_done)
        {
            Interlocked.Increment(ref _asked);
            if (!Kept().Contains((long)row["most"]!))
                Interlocked.Increment(ref _expired);
        }

        return (name, null);
    };

    // The generations whose versions the table's metadata still names: that of the newest version and as many before it as there are others.
    private HashSet<long> Kept()
    {
        var row = _folder.SelectLive("SELECT metadata_location FROM iceberg_tables WHERE table_name = 'e'")[0];
        var metadata = JsonNode.Parse(File.ReadAllBytes(Path.Combine(_folder.Lake, TableFiles.LocalPath(row[0]))))!;
        var newest = (long)metadata["last-sequence-number"]! - 1;
        return [.. metadata["snapshots"]!.AsArray().Select((_, back) => newest - back)];
    }

    private async Task VerifyFilesAsync()
    {
        var start = TimeProvider.System.GetTimestamp();
        var state = _folder.Read();
        while (state.Unnamed.Count + state.Waiting.Count > 0 && TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(200);
            state = _folder.Read();
        }

        checks.None(state.Unnamed.Concat(state.Waiting), "the files of expired versions go once nobody reads them");
        checks.None(state.Broken, "every file that is named is there");
    }

    private async Task CommitAsync(RatApi api, int generation)
    {
        await api.WriteSqlAsync("bronze", "e", SqlOf(generation));
        var run = await api.RunAsync("bronze", "e");
        checks.That(run is { Succeeded: true, Rows: Rows }, "each generation is written", run.ToString);
    }

    // A second or two of work.
    private static string SlowSql(string table) => $"""
        SELECT min(generation) AS least, max(generation) AS most, count(*) AS n, max(md5(concat(filling, range))) AS work FROM {table}, range(300)
        """;

    private static string SqlOf(int generation) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT {generation} AS generation, range AS i, md5(range::VARCHAR) AS filling FROM range({Rows})");
}
