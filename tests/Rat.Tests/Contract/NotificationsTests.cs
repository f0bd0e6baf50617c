using System.Security.Cryptography;
using System.Text;
using Rat.Tests.Http;

namespace Rat.Tests.Contract;

/// <summary>Messages about runs to a callback and to OpenLineage.</summary>
public class NotificationsTests
{
    private const string Secret = "a secret of both";

    [Fact]
    public async Task A_failure_and_the_recovery_from_it_are_told_signed_and_nothing_else_is()
    {
        using var receiver = new HttpReceiver(_ => 204);
        await using var rat = await ServeAsync(("RAT_NOTIFICATIONS_URL", receiver.Address + "?key=hidden"), ("RAT_NOTIFICATIONS_SECRET", Secret));
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        (await platform.RunSqlAsync("p", "SELECT 1 AS x")).ExpectSuccess();
        (await platform.RunSqlAsync("p", "SELECT nothing AS x")).ExpectFailure();
        var failed = await receiver.NextAsync();
        Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), failed.Body))}", failed.Headers["X-Rat-Signature"]);
        Assert.Equal("run_failed", failed.Headers["X-Rat-Event"]);
        Assert.Equal(("run_failed", "failed", "p", "manual"), ((string)failed.Json["event"]!, (string)failed.Json["run"]!["status"]!,
            (string)failed.Json["run"]!["pipeline"]!, (string)failed.Json["run"]!["trigger"]!));
        Assert.Contains("nothing", (string)failed.Json["run"]!["error"]!, StringComparison.Ordinal);

        (await platform.RunSqlAsync("p", "SELECT 2 AS x")).ExpectSuccess();
        Assert.Equal("run_recovered", (string)(await receiver.NextAsync()).Json["event"]!);
        (await platform.RunAsync("p")).ExpectSuccess();
        (await platform.RunSqlAsync("other", "SELECT nothing AS x")).ExpectFailure();
        Assert.Equal("other", (string)(await receiver.NextAsync()).Json["run"]!["pipeline"]!);
        Assert.False(receiver.TryNext(out _));
        Assert.DoesNotContain(rat.Output, line => line.Contains(Secret, StringComparison.Ordinal) || line.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gate_that_refused_is_told_as_such()
    {
        using var receiver = new HttpReceiver(_ => 200);
        await using var rat = await ServeAsync(("RAT_NOTIFICATIONS_URL", receiver.Address));
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        await platform.PutPipelineAsync("p", "SELECT 1 AS x");
        await platform.PutFileAsync("pipelines/bronze/p/tests/quality/never.sql", "SELECT * FROM {{ this }}");
        (await platform.RunAsync("p")).ExpectFailure();
        var told = await receiver.NextAsync();
        Assert.Equal("gate_failed", (string)told.Json["event"]!);
        Assert.False(told.Headers.ContainsKey("X-Rat-Signature"));
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_and_holds_up_no_run()
    {
        using var receiver = new HttpReceiver(number => number switch { 1 => 500, 2 => 301, _ => 200 });
        await using var rat = await ServeAsync(("RAT_NOTIFICATIONS_URL", receiver.Address));
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        (await platform.RunSqlAsync("p", "SELECT nothing AS x")).ExpectFailure();
        var first = await receiver.NextAsync();
        (await platform.RunSqlAsync("quick", "SELECT 1 AS x")).ExpectSuccess();
        var (second, third) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.Headers["X-Rat-Delivery"], third.Headers["X-Rat-Delivery"]);
    }

    [Fact]
    public async Task What_could_not_be_sent_is_sent_after_the_next_start()
    {
        var data = Directory.CreateTempSubdirectory("rat-notify-");
        try
        {
            using var receiver = new HttpReceiver(_ => 200);
            Dictionary<string, string> environment = new() { ["RATE_LIMIT"] = "0", ["RAT_NOTIFICATIONS_URL"] = "http://127.0.0.1:1/" };
            await using (var rat = await RatProcess.ServeOnAsync(data.FullName, environment))
                (await new TestPlatform(new ContractClient(rat.Client), "default").RunSqlAsync("p", "SELECT nothing AS x")).ExpectFailure();
            environment["RAT_NOTIFICATIONS_URL"] = receiver.Address;
            await using var next = await RatProcess.ServeOnAsync(data.FullName, environment);
            Assert.Equal("run_failed", (string)(await receiver.NextAsync()).Json["event"]!);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Each_run_is_told_to_open_lineage_from_start_to_end()
    {
        using var receiver = new HttpReceiver(_ => 201);
        await using var rat = await ServeAsync(
            ("RAT_NOTIFICATIONS_OPENLINEAGE_URL", receiver.Address), ("RAT_NOTIFICATIONS_OPENLINEAGE_API_KEY", Secret));
        var platform = new TestPlatform(new ContractClient(rat.Client), "default");
        var first = (await platform.RunSqlAsync("a", "SELECT 1 AS x")).ExpectSuccess();
        await ExpectAsync("START", first.Id, "default.bronze.a", []);
        await ExpectAsync("COMPLETE", first.Id, "default.bronze.a", []);
        var second = await platform.RunSqlAsync("b", "SELECT y FROM {{ ref('bronze.a') }}", layer: "silver");
        await ExpectAsync("START", second.Id, "default.silver.b", ["default.bronze.a"]);
        var failed = await ExpectAsync("FAIL", second.Id, "default.silver.b", ["default.bronze.a"]);
        Assert.Equal(second.Error, (string)failed.Json["run"]!["facets"]!["errorMessage"]!["message"]!);
        Assert.Equal($"Bearer {Secret}", failed.Headers["Authorization"]);

        async Task<ReceivedRequest> ExpectAsync(string type, string run, string job, string[] inputs)
        {
            var request = await receiver.NextAsync();
            var told = request.Json;
            Assert.Equal((type, run, job, job), ((string)told["eventType"]!, (string)told["run"]!["runId"]!, (string)told["job"]!["name"]!,
                (string)told["outputs"]![0]!["name"]!));
            Assert.Equal(inputs, told["inputs"]!.AsArray().Select(input => (string)input!["name"]!));
            Assert.EndsWith("#/$defs/RunEvent", (string)told["schemaURL"]!, StringComparison.Ordinal);
            return request;
        }
    }

    [Fact]
    public async Task An_address_that_is_none_keeps_the_server_from_starting()
    {
        await using var rat = RatProcess.Start(["serve", "--listen", "127.0.0.1:0"], new Dictionary<string, string> { ["RAT_NOTIFICATIONS_URL"] = "nowhere" });
        Assert.Equal(2, await rat.WaitForExitAsync());
        Assert.Contains(rat.Output, line => line.Contains("RAT_NOTIFICATIONS_URL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_api_says_who_is_told_over_restarts_and_until_it_is_taken_back()
    {
        const string Path = "/api/v1/admin/notifications";
        var data = Directory.CreateTempSubdirectory("rat-notify-");
        try
        {
            using var ofSettings = new HttpReceiver(_ => 200);
            using var ofApi = new HttpReceiver(_ => 200);
            Dictionary<string, string> environment = new() { ["RATE_LIMIT"] = "0", ["RAT_NOTIFICATIONS_URL"] = ofSettings.Address };
            await using (var rat = await RatProcess.ServeOnAsync(data.FullName, environment))
            {
                var client = new ContractClient(rat.Client);
                var set = (await client.PutAsync(Path, new { url = ofApi.Address + "hidden", secret = Secret })).Expect(200);
                Assert.Equal(("api", new Uri(ofApi.Address).GetLeftPart(UriPartial.Authority), true), ((string)set["source"]!, (string)set["url"]!, (bool)set["has_secret"]!));
                Assert.DoesNotContain("hidden", set.Text, StringComparison.Ordinal);
                Assert.DoesNotContain(Secret, set.Text, StringComparison.Ordinal);
                (await new TestPlatform(client, "default").RunSqlAsync("p", "SELECT nothing AS x")).ExpectFailure();
                var told = await ofApi.NextAsync();
                Assert.Equal($"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), told.Body))}", told.Headers["X-Rat-Signature"]);
            }

            await using var next = await RatProcess.ServeOnAsync(data.FullName, environment);
            var again = new ContractClient(next.Client);
            var platform = new TestPlatform(again, "default");
            (await platform.RunSqlAsync("q", "SELECT nothing AS x")).ExpectFailure();
            // What was taken just before a stop may come once more.
            string about;
            do
                about = (string)(await ofApi.NextAsync()).Json["run"]!["pipeline"]!;
            while (about == "p");
            Assert.Equal("q", about);
            // What isn't given is nobody.
            (await again.PutAsync(Path, new { })).Expect(200);
            (await platform.RunAsync("q")).ExpectFailure();
            Assert.False(ofSettings.TryNext(out _));

            Assert.Equal("settings", (string)(await again.DeleteAsync(Path)).Expect(200)["source"]!);
            (await platform.RunSqlAsync("r", "SELECT nothing AS x")).ExpectFailure();
            Assert.Equal("r", (string)(await ofSettings.NextAsync()).Json["run"]!["pipeline"]!);
            Assert.False(ofApi.TryNext(out _));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("url", "ftp://somewhere/")]
    [InlineData("url", "")]
    [InlineData("openlineage_url", "nowhere")]
    [InlineData("openlineage_api_key", "two\nlines")]
    [InlineData("secret", "")]
    public async Task What_nobody_could_be_told_with_is_refused_and_changes_nothing(string field, string value)
    {
        await using var rat = await ServeAsync();
        var client = new ContractClient(rat.Client);
        var refused = (await client.PutAsync("/api/v1/admin/notifications", new Dictionary<string, string> { [field] = value })).Expect(400);
        Assert.Contains(field, (string)refused["error"]!["message"]!, StringComparison.Ordinal);
        Assert.Equal("settings", (string)(await client.GetAsync("/api/v1/admin/notifications")).Expect(200)["source"]!);
    }

    private static Task<RatProcess> ServeAsync(params (string Name, string Value)[] settings) => RatProcess.ServeAsync(
        settings.Append(("RATE_LIMIT", "0")).ToDictionary(setting => setting.Item1, setting => setting.Item2));
}
