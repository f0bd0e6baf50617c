using System.Globalization;
using System.Text.RegularExpressions;
using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>Runs that wait or execute while something happens to them: cancel, capacity, streams, stop (behaviour §4, DECISIONS 27).</summary>
public class LongRunsTests
{
    private const string Path = "/api/v1/runs";

    // Some minutes of work for one processor, without output that would fill a disk.
    private const string Slow = "SELECT sum((a.range * b.range) % 7) AS n FROM range(2000000) AS a, range(2000000) AS b";

    [Fact]
    public async Task A_waiting_run_starts_when_a_slot_frees_and_can_be_cancelled_before()
    {
        await using var rat = await ServeAsync(runs: 1);
        var (client, platform) = await PlatformAsync(rat);
        await platform.PutPipelineAsync("slow", Slow);
        await platform.PutPipelineAsync("quick", "SELECT * FROM nothing_there");

        var executing = await platform.StartAsync("slow");
        await UntilAsync(client, executing, "running");
        var (waiting, next) = (await platform.StartAsync("quick"), await platform.StartAsync("quick"));
        await Task.Delay(500);
        Assert.Equal("pending", (await client.GetAsync($"{Path}/{waiting}")).TextOf("status"));
        Assert.Null((await client.GetAsync($"{Path}/{waiting}"))["started_at"]);
        Assert.Equal("""{"logs":[],"status":"pending"}""", (await client.GetAsync($"{Path}/{next}/logs")).Expect(200).Text);
        Assert.Equal(1, (int)(await client.GetAsync($"{Path}?status=running"))["total"]!);
        Assert.Equal(2, (int)(await client.GetAsync($"{Path}?status=pending"))["total"]!);
        // Nulls come last in either direction.
        Assert.Equal(executing, (string)(await client.GetAsync($"{Path}?sort=started_at"))["runs"]![0]!["id"]!);
        Assert.Equal(executing, (string)(await client.GetAsync($"{Path}?sort=started_at&order=asc"))["runs"]![0]!["id"]!);

        var following = platform.EndAsync(waiting);
        Assert.Equal(("cancelled", waiting), await CancelAsync(client, waiting));
        Assert.Equal("cancelled", (await following.WaitAsync(TimeSpan.FromSeconds(5))).Status);
        (await client.PostAsync($"{Path}/{waiting}/cancel")).ExpectError(409, "ALREADY_EXISTS");

        await CancelAsync(client, executing);
        Assert.Equal("failed", (await platform.EndAsync(next).WaitAsync(TimeSpan.FromSeconds(20))).Status);
        Assert.Equal("cancelled", (await client.GetAsync($"{Path}/{executing}")).TextOf("status"));
    }

    [Fact]
    public async Task A_cancelled_run_tells_its_followers_and_keeps_its_log()
    {
        await using var rat = await ServeAsync();
        var (client, platform) = await PlatformAsync(rat);
        await platform.PutPipelineAsync("slow", Slow);
        var id = await platform.StartAsync("slow");
        await UntilAsync(client, id, "running");
        var events = new List<SseEvent>();
        var following = Task.Run(async () =>
        {
            await foreach (var happened in client.StreamAsync($"{Path}/{id}/logs"))
                events.Add(happened);
        });

        await CancelAsync(client, id);
        await following.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("status", events[^1].Name); // and no error after it
        Assert.Equal("cancelled", (string)events[^1].Json["status"]!);
        var run = (await client.GetAsync($"{Path}/{id}")).Expect(200);
        Assert.Equal("cancelled", run.TextOf("status"));
        Assert.NotNull(run["finished_at"]);
        var logs = (await client.GetAsync($"{Path}/{id}/logs")).Expect(200);
        Assert.Equal(events.Where(happened => happened.Name == "log").Select(happened => happened.Json.ToJsonString()),
            logs["logs"]!.AsArray().Select(line => line!.ToJsonString()));
    }

    [Fact]
    public async Task Ten_streams_per_address_and_a_slot_is_freed_by_each_that_ends()
    {
        await using var rat = await ServeAsync();
        var (client, platform) = await PlatformAsync(rat);
        await platform.PutPipelineAsync("slow", Slow);
        var id = await platform.StartAsync("slow");
        await UntilAsync(client, id, "running");

        var closing = Enumerable.Range(0, 10).Select(_ => new CancellationTokenSource()).ToList();
        var streams = closing.Select(stop => OpenAsync(client, id, stop.Token)).ToList();
        await Task.WhenAll(streams);
        var refused = await client.GetAsync($"{Path}/{id}/logs", ("Accept", "text/event-stream"));
        refused.ExpectError(429, "RATE_LIMITED");
        Assert.Equal("5", refused.Header("Retry-After"));
        (await client.GetAsync($"{Path}/{id}/logs")).Expect(200);
        Assert.Equal(10, await MetricAsync(client, "ratd_sse_connections_active"));
        Assert.Equal(1, await MetricAsync(client, "ratd_active_runs"));

        await closing[0].CancelAsync();
        await EventuallyAsync(async () => await MetricAsync(client, "ratd_sse_connections_active") == 9);
        using var another = new CancellationTokenSource();
        await OpenAsync(client, id, another.Token);
        await CancelAsync(client, id);
        await EventuallyAsync(async () => await MetricAsync(client, "ratd_sse_connections_active") == 0);
        Assert.Equal(1, await MetricAsync(client, "ratd_runs_total{status=\"cancelled\"}"));
        Assert.Equal(1, await MetricAsync(client, "ratd_pipeline_runs_total{status=\"cancelled\"}"));
        closing.ForEach(stop => stop.Dispose());
    }

    [Fact]
    public async Task A_quiet_stream_is_kept_alive_and_told_when_the_server_stops()
    {
        await using var rat = await ServeAsync();
        var (client, platform) = await PlatformAsync(rat);
        await platform.PutPipelineAsync("slow", Slow);
        var id = await platform.StartAsync("slow");
        await UntilAsync(client, id, "running");
        var pinged = new TaskCompletionSource();
        var last = default(SseEvent);
        var following = Task.Run(async () =>
        {
            await foreach (var happened in client.StreamAsync($"{Path}/{id}/logs"))
            {
                last = happened;
                if (happened.IsComment)
                    pinged.TrySetResult();
            }
        });

        await pinged.Task.WaitAsync(TimeSpan.FromSeconds(20));
        rat.Signal("TERM");
        await following.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Equal("error", last!.Name);
        Assert.Equal("DISCONNECTED", (string)last.Json["code"]!);
        Assert.Equal(0, await rat.WaitForExitAsync());
    }

    private static Task<RatProcess> ServeAsync(int runs = 10) => RatProcess.ServeAsync(new Dictionary<string, string>
    {
        ["RATE_LIMIT"] = "0",
        ["RUNNER_MAX_CONCURRENT"] = runs.ToString(CultureInfo.InvariantCulture),
        ["DUCKDB_THREADS"] = "1",
    });

    private static async Task<(ContractClient Client, TestPlatform Platform)> PlatformAsync(RatProcess rat)
    {
        var client = new ContractClient(rat.Client);
        (await client.PostAsync("/api/v1/namespaces", new { name = "long" })).Expect(201);
        return (client, new TestPlatform(client, "long"));
    }

    private static async Task<(string Status, string Id)> CancelAsync(ContractClient client, string id)
    {
        var answer = (await client.PostAsync($"{Path}/{id}/cancel")).Expect(200);
        return (answer.TextOf("status"), answer.TextOf("run_id"));
    }

    private static Task UntilAsync(ContractClient client, string id, string status) =>
        EventuallyAsync(async () => (await client.GetAsync($"{Path}/{id}")).TextOf("status") == status);

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await condition())
                return;
            await Task.Delay(100);
        }

        Assert.Fail("it never came");
    }

    // Returns once the stream is open, and reads on until it ends or is given up.
    private static async Task OpenAsync(ContractClient client, string id, CancellationToken stop)
    {
        var opened = new TaskCompletionSource();
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await foreach (var _ in client.StreamAsync($"{Path}/{id}/logs", stop))
                        opened.TrySetResult();
                    opened.TrySetResult();
                }
                catch (Exception exception)
                {
                    opened.TrySetException(exception);
                }
            },
            CancellationToken.None);
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(10), CancellationToken.None);
    }

    private static async Task<double> MetricAsync(ContractClient client, string name)
    {
        var text = (await client.GetAsync("/metrics")).Expect(200).Text;
        var line = Regex.Match(text, $"^{Regex.Escape(name)} (.*)$", RegexOptions.Multiline);
        Assert.True(line.Success, $"{name} is not there:\n{text}");
        return double.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture);
    }
}
