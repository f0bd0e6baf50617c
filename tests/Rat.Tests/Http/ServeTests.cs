using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace Rat.Tests.Http;

/// <summary>Start and stop of <c>rat serve</c>, its settings and its log.</summary>
public class ServeTests
{
    [Fact]
    public async Task It_starts_anywhere_within_seconds()
    {
        var watch = Stopwatch.StartNew();
        await using var rat = await RatProcess.ServeAsync(workingDirectory: "/");
        using var ready = await rat.Client.SendAsync("GET", "/health/ready");
        Assert.Equal(200, (int)ready.StatusCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_stops_it_gracefully(string signal)
    {
        await using var rat = await RatProcess.ServeAsync();
        var watch = Stopwatch.StartNew();
        rat.Signal(signal);
        Assert.Equal(0, await rat.WaitForExitAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5)); // nothing is under way
    }

    [Fact]
    public async Task A_taken_port_is_one_line_and_exit_2()
    {
        await using var first = await RatProcess.ServeAsync();
        var address = first.Client.BaseAddress!.Authority;
        var data = Path.Combine(Path.GetTempPath(), $"rat-test-{Guid.NewGuid():N}");
        await using var second = RatProcess.Start(["serve", "--listen", address, "--data-dir", data]);
        Assert.Equal(2, await second.WaitForExitAsync());
        Assert.Contains($"{address} is already in use", Assert.Single(second.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_malformed_setting_has_its_line()
    {
        await using var rat = RatProcess.Start(["serve"], new Dictionary<string, string>
        {
            ["RAT_LISTEN_ADDR"] = "nowhere",
            ["RATE_LIMIT"] = "many",
            ["S3_ENDPOINT"] = "http://store:9000",
            ["S3_ACCESS_KEY"] = "key",
            ["S3_SECRET_KEY"] = "secret",
            ["S3_DATA_TIMEOUT"] = "10 parsecs",
            ["RAT_TRUSTED_PROXIES"] = "10.0.0.0/8, here",
            ["TLS_CERT_FILE"] = "cert.pem",
        });
        Assert.Equal(2, await rat.WaitForExitAsync());
        var output = string.Join('\n', rat.Output);
        Assert.Equal(6, rat.Output.Count);
        string[] names = ["RAT_LISTEN_ADDR", "RATE_LIMIT", "S3_ENDPOINT", "S3_DATA_TIMEOUT", "RAT_TRUSTED_PROXIES", "TLS_KEY_FILE"];
        Assert.All(names, name => Assert.Contains(name, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("S3_ENDPOINT=store:9000 S3_ACCESS_KEY=key", "S3_ENDPOINT: needs S3_ACCESS_KEY and S3_SECRET_KEY as well")]
    [InlineData("RAT_OIDC_ISSUER=https://id.example RAT_OIDC_AUDIENCE=rat", "RAT_OIDC_ISSUER: identity providers are not built yet")]
    public async Task What_is_not_built_yet_or_lacks_something_is_refused_rather_than_ignored(string variables, string refusal)
    {
        var environment = variables.Split(' ').Select(variable => variable.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        await using var rat = RatProcess.Start(["serve"], environment);
        Assert.Equal(2, await rat.WaitForExitAsync());
        Assert.StartsWith($"rat serve: {refusal}", Assert.Single(rat.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_services_are_named_in_one_warning()
    {
        await using var rat = await RatProcess.ServeAsync(
            new Dictionary<string, string> { ["DATABASE_URL"] = "postgres://secret@db", ["NESSIE_URL"] = "http://n" });
        using var health = await rat.Client.SendAsync("GET", "/health");
        await UntilAsync(() => rat.Output.Any(line => line.Contains("DATABASE_URL", StringComparison.Ordinal)));
        var warning = Assert.Single(rat.Output, line => line.Contains("DATABASE_URL", StringComparison.Ordinal));
        Assert.Contains("NESSIE_URL", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_access_log_is_json_lines_and_leaves_liveness_out()
    {
        await using var rat = await RatProcess.ServeAsync();
        using var health = await rat.Client.SendAsync("GET", "/health");
        using var nope = await rat.Client.SendAsync("GET", "/api/v1/nope", null, ("X-Request-ID", "id-1"));
        var size = nope.Content.Headers.ContentLength;
        await UntilAsync(() => rat.Output.Any(line => line.Contains("id-1", StringComparison.Ordinal)));

        using var record = JsonDocument.Parse(Assert.Single(rat.Output, line => line.Contains("\"method\"", StringComparison.Ordinal)));
        var fields = record.RootElement;
        Assert.Equal("warn", fields.GetProperty("level").GetString());
        Assert.Equal("GET", fields.GetProperty("method").GetString());
        Assert.Equal("/api/v1/nope", fields.GetProperty("path").GetString());
        Assert.Equal(404, fields.GetProperty("status").GetInt32());
        Assert.Equal(size, fields.GetProperty("response_size").GetInt64());
        Assert.Equal(0, fields.GetProperty("request_size").GetInt64());
        Assert.Equal("id-1", fields.GetProperty("request_id").GetString());
        Assert.True(fields.GetProperty("duration").GetDouble() >= 0);
    }

    [Fact]
    public async Task Settings_go_flag_over_variable_over_file()
    {
        var folder = Directory.CreateTempSubdirectory("rat-test-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "rat.yaml"), """
            edition: pro
            server:
              rate_limit: 7
              listen_addr: not used
              cors_origins: [http://a.example, http://b.example]
            project: {name: x}
            """);
        await using var rat = await RatProcess.ServeAsync(new Dictionary<string, string> { ["RATE_LIMIT"] = "9" }, folder.FullName);
        using var features = await rat.Client.SendAsync("GET", "/api/v1/features", null, ("Origin", "http://b.example"));
        Assert.Equal("18", features.Header("RateLimit-Limit"));
        Assert.Equal("http://b.example", features.Header("Access-Control-Allow-Origin"));
        using var body = JsonDocument.Parse(await features.Content.ReadAsStringAsync());
        Assert.Equal("pro", body.RootElement.GetProperty("edition").GetString());
        Assert.True(body.RootElement.GetProperty("namespaces").GetBoolean());
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Healthcheck_tells_by_its_exit_code()
    {
        await using var rat = await RatProcess.ServeAsync();
        var address = rat.Client.BaseAddress!.Authority;
        await using var alive = RatProcess.Start(["healthcheck"], new Dictionary<string, string> { ["RAT_LISTEN_ADDR"] = address });
        Assert.Equal(0, await alive.WaitForExitAsync());

        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var unused = free.LocalEndpoint.ToString()!;
        free.Stop();
        await using var dead = RatProcess.Start(["healthcheck", "--listen", unused]);
        Assert.Equal(1, await dead.WaitForExitAsync());
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 100 && !condition(); i++)
            await Task.Delay(50);
    }
}
