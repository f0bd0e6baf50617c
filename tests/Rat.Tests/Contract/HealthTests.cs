using System.Text.Json.Nodes;

namespace Rat.Tests.Contract;

/// <summary>Liveness, readiness, metrics and features (behaviour §2).</summary>
public class HealthTests(ContractServer server) : IClassFixture<ContractServer>
{
    private ContractClient Client => server.Client;

    [Fact]
    public async Task Liveness_tells_what_is_running()
    {
        var health = (await Client.GetAsync("/health")).Expect(200);
        Assert.Equal(health.Text, (await Client.GetAsync("/health/live")).Expect(200).Text);
        Assert.StartsWith(".NET ", health.TextOf("go_version"), StringComparison.Ordinal);
        Assert.Equal(health.TextOf("go_version"), health.TextOf("runtime_version"));
    }

    [Fact]
    public async Task Readiness_names_all_four_parts()
    {
        var ready = (await Client.GetAsync("/health/ready")).Expect(200);
        Assert.Equal("ready", ready.TextOf("status"));
        Assert.Equal(["database", "storage", "runner", "query"], ready["checks"]!.AsObject().Select(check => check.Key));
        Assert.All(ready["checks"]!.AsObject(), check => Assert.Equal("ok", (string)check.Value!["status"]!));
    }

    [Fact]
    public async Task Metrics_have_the_names_that_dashboards_use()
    {
        (await Client.GetAsync("/api/v1/runs/nope")).Expect(404);
        var metrics = (await Client.GetAsync("/metrics")).Expect(200);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", metrics.Header("Content-Type"));
        string[] names =
        [
            "ratd_info{version=", "ratd_goroutines ", "ratd_memory_alloc_bytes ", "ratd_memory_sys_bytes ", "ratd_gc_completed_total ",
            "ratd_sse_connections_active 0", "ratd_active_runs 0", "ratd_scheduler_ticks_total ", "ratd_scheduler_runs_triggered_total ",
            "ratd_runs_total{status=\"success\"} 0", "ratd_runs_total{status=\"failed\"} 0", "ratd_runs_total{status=\"cancelled\"} 0",
            "ratd_pipeline_runs_total{status=\"success\"} 0",
            "ratd_http_requests_total{method=\"GET\",path=\"/api/v1/runs/{run_id}\",status=\"404\"} ",
            "ratd_http_request_duration_seconds_bucket{method=\"GET\",path=\"/api/v1/runs/{run_id}\",le=\"0.005\"} ",
            "ratd_http_request_duration_seconds_count{method=\"GET\",path=\"/api/v1/runs/{run_id}\"} ",
        ];
        Assert.All(names, name => Assert.Contains($"\n{name}", metrics.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("nope", metrics.Text, StringComparison.Ordinal); // ids would make a series each
    }

    [Fact]
    public async Task Features_list_six_slots()
    {
        var features = (await Client.GetAsync("/api/v1/features")).Expect(200);
        Assert.Equal("community", features.TextOf("edition"));
        Assert.Equal(["auth", "sharing", "executor", "audit", "enforcement", "cloud"], features["plugins"]!.AsObject().Select(slot => slot.Key));
        Assert.Equal("""{"enabled":true,"type":"warmpool"}""", features["plugins"]!["executor"]!.ToJsonString());
        Assert.All(features["plugins"]!.AsObject().Where(slot => slot.Key != "executor"), slot => Assert.False((bool)slot.Value!["enabled"]!));
        Assert.Equal("[false,false,true,null]",
            new JsonArray([.. new[] { "namespaces", "multi_user", "landing_zones", "license" }.Select(name => features[name]?.DeepClone())]).ToJsonString());
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/metrics")]
    [InlineData("/api/v1/features")]
    [InlineData("/api/v1/namespaces")]
    [InlineData("/api/v1/runs/nope")]
    public async Task HEAD_is_answered_like_GET(string path)
    {
        var head = await Client.SendAsync("HEAD", path);
        var get = await Client.GetAsync(path);
        Assert.Equal((get.Status, get.MediaType), (head.Status, head.MediaType));
        Assert.Empty(head.RawBody);
    }
}
