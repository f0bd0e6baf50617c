using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Tests.Objects.Swift;

namespace Rat.Bench.Buckets;

/// <summary>What storage in a bucket costs, against the S3 server of the tests on this machine: a commit, a table that has to be fetched, large
/// files.</summary>
internal sealed class BucketFigures(string binary, double gigabytes, int port) : IDisposable
{
    private const string Bucket = "bench";
    private const int Runs = 40;
    private const int BytesOfRow = 64;
    private const string Reading = "SELECT count(*) AS n, sum(a % 1000)::BIGINT AS a, max(b) AS b, max(c) AS c, max(d) AS d, max(e) AS e, max(f) AS f, max(g) AS g FROM bronze.much";

    private static readonly string[] Names = ["a", "b", "c", "d", "e", "f", "g"];

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-bench-s3-");

    private string Data => Path.Combine(_root.FullName, "data");

    // Eight numbers that don't get smaller by compression.
    private string Rows => string.Create(
        CultureInfo.InvariantCulture,
        $"SELECT i AS id, {string.Join(", ", Names.Select((name, number) => $"(hash(i * 8 + {number}) >> 1)::BIGINT AS {name}"))} FROM range({(long)(gigabytes * 1e9 / BytesOfRow)}) AS t(i)");

    public static async Task PrintAsync(string binary, double gigabytes)
    {
        if (SwiftPackages.Missing is { } missing)
        {
            Console.WriteLine(missing);
            return;
        }

        await using var swift = await SwiftProcesses.StartAsync();
        SwiftBucket.Of(swift.Port, Bucket).Create();
        using var figures = new BucketFigures(binary, gigabytes, swift.Port);
        await figures.CommitAsync();
        await figures.TableAsync();
        await figures.FilesAsync();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task CommitAsync()
    {
        using var server = await StartAsync();
        using var put = new SignedPut(port, Bucket);
        await server.CreatePipelineAsync("bronze", "small", "SELECT 1 AS id");
        for (var i = 0; i < 3; i++)
        {
            await server.RunAsync("bronze", "small");
            await put.SendAsync();
        }

        var before = await FigureAsync(server, "ratd_s3_requests_total");
        var (run, one) = await Measure.PairedMedianAsync(Runs, () => server.RunAsync("bronze", "small"), put.SendAsync);
        var requests = await FigureAsync(server, "ratd_s3_requests_total") - before;
        Console.WriteLine($"trivial run on S3             {run:0.0} ms, one PUT of 4 kB {one:0.0} ms: {run / one:0.00} × (medians of {Runs}; {requests / Runs:0.0} requests a run)");
    }

    private async Task TableAsync()
    {
        using (var server = await StartAsync())
        {
            await server.CreatePipelineAsync("bronze", "much", Rows);
            var taken = await server.RunAsync("bronze", "much");
            var table = await server.GetAsync("/api/v1/tables/default/bronze/much");
            Console.WriteLine($"full refresh to S3            {taken.TotalMilliseconds:0} ms for {(long)table["size_bytes"]! / 1e9:0.00} GB");
            await server.KillAsync();
        }

        Directory.Delete(Path.Combine(Data, "cache"), recursive: true);
        using var cold = await StartAsync();
        await cold.QueryAsync("SELECT 1 AS x"); // the engine's library
        var first = await cold.QueryAsync(Reading);
        var warm = await Measure.MedianAsync(5, () => cold.QueryAsync(Reading));
        var (hits, fetches) = (await FigureAsync(cold, "ratd_cache_hits_total"), await FigureAsync(cold, "ratd_cache_fetches_total"));
        var received = await FigureAsync(cold, "ratd_s3_received_bytes_total");
        Console.WriteLine($"query of all of it, cold      {first.TotalMilliseconds:0} ms, {received / first.TotalMilliseconds / 1000:0} MB/s fetched");
        Console.WriteLine($"query of all of it, warm      {warm:0} ms (median of 5); cache: {hits:0} hits, {fetches:0} fetches, {hits / (hits + fetches):P0} hits");
    }

    private async Task FilesAsync()
    {
        var file = Path.Combine(_root.FullName, "big.parquet");
        using (var command = PlainDuck.Writing.CreateCommand())
        {
            command.CommandText = $"COPY ({Rows}) TO '{file}' (FORMAT parquet, COMPRESSION uncompressed)";
            command.ExecuteNonQuery();
        }

        var bytes = new FileInfo(file).Length;
        string key;
        using (var server = await StartAsync())
        {
            await server.SendAsync(HttpMethod.Post, "/api/v1/landing-zones", new JsonObject { ["namespace"] = "default", ["name"] = "z" });
            await Task.Delay(2000);
            await using var peak = new ResidentPeak(server.ProcessId);
            var start = Stopwatch.GetTimestamp();
            using var form = new MultipartFormDataContent { { new StreamContent(File.OpenRead(file)), "file", "big.parquet" } };
            using var answer = await server.Http.PostAsync("/api/v1/landing-zones/default/z/files", form);
            var text = await answer.Content.ReadAsStringAsync();
            key = answer.IsSuccessStatusCode ? (string)JsonNode.Parse(text)!["s3_path"]! : throw new InvalidOperationException(text);
            Print("uploaded", Stopwatch.GetElapsedTime(start), peak, bytes);
            await server.KillAsync();
        }

        Directory.Delete(Path.Combine(Data, "cache"), recursive: true);
        using var next = await StartAsync();
        await next.QueryAsync("SELECT 1 AS x"); // the engine's library
        await Task.Delay(2000);
        await using var fetching = new ResidentPeak(next.ProcessId);
        var begun = Stopwatch.GetTimestamp();
        // The whole file is fetched; of it the footer alone is read.
        await next.QueryAsync($"SELECT count(*) AS n FROM read_parquet('{(key.StartsWith("s3://", StringComparison.Ordinal) ? key : $"s3://{Bucket}/{key}")}')");
        Print("fetched", Stopwatch.GetElapsedTime(begun), fetching, bytes);
    }

    private static void Print(string what, TimeSpan taken, ResidentPeak peak, long bytes) => Console.WriteLine(
        $"a file {what,-23}{taken.TotalMilliseconds:0} ms for {bytes / 1e9:0.00} GB; memory {peak.Megabytes - peak.Idle:+0;-0} MB over {peak.Idle:0} MB");

    private Task<RatServer> StartAsync() => RatServer.StartOnAsync(
        binary, Path.Combine(_root.FullName, "library"), Data, ("S3_ENDPOINT", $"127.0.0.1:{port}"), ("S3_ACCESS_KEY", "test:tester"), ("S3_SECRET_KEY", "testing"),
        ("S3_BUCKET", Bucket), ("RAT_MAX_UPLOAD", "4GB"), ("RAT_CACHE_SIZE", "10GB"), ("S3_METADATA_TIMEOUT", "60s"));

    private static async Task<double> FigureAsync(RatServer server, string name) => (await server.Http.GetStringAsync("/metrics")).Split('\n')
        .Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal) || line.StartsWith($"{name}{{", StringComparison.Ordinal))
        .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
}
