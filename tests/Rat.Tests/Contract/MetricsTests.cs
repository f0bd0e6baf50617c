using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rat.Tests.Kept;

namespace Rat.Tests.Contract;

/// <summary>What <c>/metrics</c> counts, and that the dashboard asks for nothing else.</summary>
public sealed partial class MetricsTests(ContractServer server) : IClassFixture<ContractServer>
{
    // There where there is a bucket, which has a backup, too.
    private static readonly string[] OfBucket = ["ratd_s3_", "ratd_cache_", "ratd_backup_"];

    [Fact]
    public async Task Runs_queries_and_commits_have_histograms()
    {
        var platform = new TestPlatform(server.Client, await server.NewNamespaceAsync());
        await platform.PutPipelineAsync("good", "SELECT 1 AS id");
        await platform.PutPipelineAsync("bad", "SELECT error('no') AS id");
        (await platform.RunAsync("good")).ExpectSuccess();
        (await platform.RunAsync("bad")).ExpectFailure();
        (await server.Client.PostAsync("/api/v1/query", new { sql = "SELECT 1" })).Expect(200);
        (await server.Client.PostAsync("/api/v1/query", new { sql = "SELECT 1" }, ("Accept", "text/csv"))).Expect(200);
        (await server.Client.PostAsync("/api/v1/query", new { sql = "SELECT nope" })).Expect(400);

        var metrics = await ReadAsync();
        Assert.True(metrics["ratd_run_duration_seconds_count{status=\"success\"}"] >= 1);
        Assert.True(metrics["ratd_run_duration_seconds_count{status=\"failed\"}"] >= 1);
        Assert.True(metrics["ratd_query_duration_seconds_count{status=\"ok\"}"] >= 2);
        Assert.True(metrics["ratd_query_duration_seconds_count{status=\"refused\"}"] >= 1);
        Assert.True(metrics["ratd_commit_duration_seconds_count"] >= 1);
        Assert.True(metrics["ratd_commit_duration_seconds_sum"] > 0);
        Assert.True(metrics["ratd_runs_total{status=\"success\"}"] >= 1);
        Assert.Equal(metrics["ratd_runs_total{status=\"failed\"}"], metrics["ratd_pipeline_runs_total{status=\"failed\"}"]);
    }

    [Fact]
    public async Task The_dashboard_asks_for_what_there_is()
    {
        (await server.Client.GetAsync("/api/v1/namespaces")).Expect(200);
        var there = (await ReadAsync()).Keys.Select(series => series.Split('{')[0]).ToHashSet();
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "grafana-dashboard.json")))!;
        var asked = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]!.AsArray())
            .SelectMany(target => Names.Matches((string)target!["expr"]!)).Select(match => match.Value).ToHashSet();
        Assert.True(asked.Count > 10);
        Assert.DoesNotContain(
            asked.Except(there), name => TestStorage.IsS3 || !OfBucket.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)));
        // Every metric of ours is on it, histograms by their buckets or counts.
        var families = there.Select(name => Suffix.Replace(name, "")).ToHashSet();
        Assert.Empty(families.Except(asked.Select(name => Suffix.Replace(name, ""))).Except(["ratd_pipeline_runs_total"]));
        var described = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "metrics.md"));
        Assert.All(families, name => Assert.Contains($"`{name}`", described, StringComparison.Ordinal));
    }

    private async Task<IReadOnlyDictionary<string, double>> ReadAsync()
    {
        var text = (await server.Client.GetAsync("/metrics")).Expect(200).Text;
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#')
            .Select(line => line.Split(' ')).ToDictionary(parts => string.Join(' ', parts[..^1]), parts => double.Parse(parts[^1], CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("ratd_[a-z0-9_]+")]
    private static partial Regex Names { get; }

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Suffix { get; }
}
