using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DuckDB.NET.Data;
using Rat.Bench;
using Rat.Bench.Automation;
using Rat.Bench.Buckets;
using Rat.Bench.Lists;

// Ratios of one run against plain DuckDB in this process, and the times of single operations with the disk's fsync beside them.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const string Usage = "usage: Rat.Bench PATH-OF-RAT [base | lists [FOLDER [NAME]] | automation [events | schedules | transitions] | lake [ROWS] | s3 [GB]]";
if (args is [var measured, "lists", .. var options])
{
    await ListFigures.PrintAsync(measured, options.ElementAtOrDefault(0), options.ElementAtOrDefault(1) ?? "");
    return;
}

var binary = args.Length is >= 1 and <= 3 ? args[0] : throw new ArgumentException(Usage);
var rows = args is not [_, "lake", _] ? 1_000_000 : long.Parse(args[2], CultureInfo.InvariantCulture);

if (args is [_, "s3", .. var size])
{
    await BucketFigures.PrintAsync(binary, size is [var gigabytes] ? double.Parse(gigabytes, CultureInfo.InvariantCulture) : 1);
    return;
}

if (args is [_, "automation", .. var part])
{
    await AutomationFigures.PrintAsync(binary, part.FirstOrDefault());
    return;
}

Console.WriteLine($"fsync of 4 kB                 {Measure.FsyncMedian():0.00} ms (median of 50)");
if (args is [_, "lake", ..])
{
    using var only = await RatServer.StartAsync(binary, Directory.CreateTempSubdirectory("rat-bench-cache-").FullName);
    await new LakeBench(only, rows, times: 3).RunAsync();
    return;
}

Console.WriteLine($"file size                     {new FileInfo(binary).Length / 1e6:0.0} MB");
var empty = Directory.CreateTempSubdirectory("rat-bench-empty-").FullName;
Console.WriteLine($"start → ready, empty folder   {await Measure.MedianAsync(20, () => StartBench.ToReadyAsync(binary, empty)):0.0} ms (median of 20)");
Console.WriteLine($"start → ready, /              {await Measure.MedianAsync(20, () => StartBench.ToReadyAsync(binary, "/")):0.0} ms (median of 20)");

var cache = Directory.CreateTempSubdirectory("rat-bench-cache-").FullName;
using (var fresh = await RatServer.StartAsync(binary, cache))
    Console.WriteLine($"first DuckDB query, no cache  {(await FirstQueryAsync(fresh)).TotalMilliseconds:0.0} ms (asked at once)");
using var server = await RatServer.StartAsync(binary, cache);
await Task.Delay(2000);
Console.WriteLine($"idle RSS before DuckDB        {Measure.ResidentMegabytes(server.ProcessId):0.0} MB");
Console.WriteLine($"first DuckDB query, cached    {(await FirstQueryAsync(server)).TotalMilliseconds:0.0} ms");
Console.WriteLine($"RSS after the first query     {Measure.ResidentMegabytes(server.ProcessId):0.0} MB");

await server.CreatePipelineAsync("bronze", "trivial", "SELECT 1 AS id");
await server.RunAsync("bronze", "trivial");
Console.WriteLine($"trivial run POST → success    {await Measure.MedianAsync(100, () => server.RunAsync("bronze", "trivial")):0.0} ms (median of 100)");

const string Wide = """
    SELECT range AS id, range * 7919 % 100003 AS k, 'category ' || range % 20 AS category, md5(range::VARCHAR) AS hash,
           TIMESTAMP '2024-01-01' + to_seconds(range) AS at, (range / 7)::DECIMAL(18, 2) AS amount, range / 3.0::DOUBLE AS ratio, range % 2 = 0 AS even
    FROM range(100000)
    """;
var (ratJson, duckJson) = await Measure.PairedMedianAsync(15, () => QueryAsync(Wide), () => PlainJson(Wide));
Console.WriteLine($"100 000 rows × 8 as JSON      {ratJson:0.0} ms, to_json in plain DuckDB {duckJson:0.0} ms: {ratJson / duckJson:0.00} ×");

var million = Wide.Replace("range(100000)", "range(1000000)", StringComparison.Ordinal);
var (ratLines, duckLines) = await Measure.PairedMedianAsync(5, () => ExportAsync(million, "application/x-ndjson"), () => PlainJson(million));
Console.WriteLine($"1 M rows × 8 as NDJSON        {ratLines:0.0} ms, to_json in plain DuckDB {duckLines:0.0} ms: {ratLines / duckLines:0.00} ×");
foreach (var (name, type) in new[] { ("CSV", "text/csv"), ("Parquet", "application/vnd.apache.parquet"), ("Arrow", "application/vnd.apache.arrow.stream") })
    Console.WriteLine($"1 M rows × 8 as {name,-14}{await Measure.MedianAsync(3, () => ExportAsync(million, type)):0.0} ms");

const string Aggregate = "SELECT k, sum(v) AS total FROM (SELECT range % 1000 AS k, range AS v FROM range(5000000)) GROUP BY k ORDER BY k LIMIT 10";
var (ratQuery, duckQuery) = await Measure.PairedMedianAsync(15, () => QueryAsync(Aggregate), () => Plain(Aggregate));
Console.WriteLine($"/query, an aggregate          {ratQuery:0.0} ms, plain DuckDB {duckQuery:0.0} ms: {ratQuery / duckQuery:0.00} × ({ratQuery - duckQuery:+0.0;-0.0} ms)");

if (args is [_, "base"])
    return;
await new LakeBench(server, rows, times: 3).RunAsync();
await ListFigures.PrintAsync(binary);
await AutomationFigures.PrintAsync(binary);

static Task<TimeSpan> FirstQueryAsync(RatServer server) => server.QueryAsync("SELECT 42 AS answer");

Task<TimeSpan> QueryAsync(string sql) => server.QueryAsync(sql);

async Task<TimeSpan> ExportAsync(string sql, string type)
{
    var start = Stopwatch.GetTimestamp();
    using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/query") { Content = new StringContent(new JsonObject { ["sql"] = sql }.ToJsonString()) };
    request.Headers.Add("Accept", type);
    using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    response.EnsureSuccessStatusCode();
    await response.Content.CopyToAsync(Stream.Null);
    return Stopwatch.GetElapsedTime(start);
}

static Task<TimeSpan> Plain(string sql)
{
    var start = Stopwatch.GetTimestamp();
    using var command = PlainDuck.Connection.CreateCommand();
    command.CommandText = sql;
    using var reader = command.ExecuteReader();
    while (reader.Read())
    {
    }

    return Task.FromResult(Stopwatch.GetElapsedTime(start));
}

static Task<TimeSpan> PlainJson(string sql)
{
    var start = Stopwatch.GetTimestamp();
    using var command = PlainDuck.Connection.CreateCommand();
    command.CommandText = $"SELECT to_json(t)::VARCHAR FROM ({sql}) t";
    using var reader = command.ExecuteReader();
    var length = 0L;
    while (reader.Read())
        length += reader.GetString(0).Length;
    return Task.FromResult(length > 0 ? Stopwatch.GetElapsedTime(start) : throw new InvalidOperationException("no rows"));
}

/// <summary>Plain DuckDB in this process, with as much of the machine as the server gives its own.</summary>
internal static class PlainDuck
{
    /// <summary>As the server's queries.</summary>
    public static DuckDBConnection Connection { get; } = Open("");

    /// <summary>As the server's runs.</summary>
    public static DuckDBConnection Writing { get; } = Open("SET memory_limit = '2GB'; SET enable_progress_bar = false");

    private static DuckDBConnection Open(string settings)
    {
        var connection = new DuckDBConnection($"Data Source=:memory:;threads={Math.Min(4, Environment.ProcessorCount)}");
        connection.Open();
        if (settings.Length == 0)
            return connection;
        using var command = connection.CreateCommand();
        command.CommandText = settings;
        command.ExecuteNonQuery();
        return connection;
    }
}
