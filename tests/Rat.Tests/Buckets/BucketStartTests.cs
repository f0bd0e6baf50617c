using System.Diagnostics;
using System.Text.Json.Nodes;
using Rat.Tests.Http;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Buckets;

/// <summary>A server whose bucket can't be used says why in one line and ends with 2; one whose bucket fails later says so until it works
/// again.</summary>
[Collection(SwiftTests.Name)]
public sealed class BucketStartTests(SwiftServer server) : IDisposable
{
    private const string User = "test:tester";
    private const string Key = "testing";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("rat-test-");

    private string Data => Path.Combine(_root.FullName, "data");

    public void Dispose() => _root.Delete(recursive: true);

    [S3Fact]
    public async Task What_is_wrong_is_named()
    {
        var bucket = NewBucket();
        var nobody = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        nobody.Start();
        var unused = ((System.Net.IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        bucket.OpenTo("test:reader");
        foreach (var (changes, told) in ((Dictionary<string, string>, string)[])
        [
            (new() { ["S3_ENDPOINT"] = $"127.0.0.1:{unused}" }, $"127.0.0.1:{unused} can't be reached"),
            (new() { ["S3_ENDPOINT"] = "no-such-host.invalid:80" }, "no-such-host.invalid:80"),
            (new() { ["S3_ACCESS_KEY"] = "test:nobody" }, "S3_ACCESS_KEY"),
            (new() { ["S3_SECRET_KEY"] = "another" }, "S3_SECRET_KEY"),
            (new() { ["S3_BUCKET"] = "none-of-this-name" }, "the bucket none-of-this-name doesn't exist"),
            (new() { ["S3_ACCESS_KEY"] = "test:reader", ["S3_SECRET_KEY"] = "reading" }, $"doesn't allow to write to the bucket {bucket.Name}"),
            (new() { ["S3_USE_SSL"] = "true" }, "no TLS with the object store"),
        ])
        {
            var environment = Environment(bucket.Name);
            foreach (var (name, value) in changes)
                environment[name] = value;
            var line = await RefusedAsync(environment);
            Assert.True(line.Contains(told, StringComparison.Ordinal), line);
            Assert.DoesNotContain(environment["S3_SECRET_KEY"], line, StringComparison.Ordinal);
        }

        // None of them has left anything, so that the bucket is still nobody's.
        Assert.Empty(bucket.List());
        await MakeAsync(Data, Environment(bucket.Name));
    }

    [S3Fact]
    public async Task A_bucket_of_another_data_directory_is_refused_and_stays_its()
    {
        var bucket = NewBucket();
        var first = Path.Combine(_root.FullName, "first");
        await MakeAsync(first, Environment(bucket.Name));
        var before = bucket.List();
        Assert.Contains("belongs to another data directory", await RefusedAsync(Environment(bucket.Name)), StringComparison.Ordinal);
        Assert.Equal(before.Select(stored => stored.Key), bucket.List().Select(stored => stored.Key));
        await MakeAsync(first, Environment(bucket.Name));
    }

    [S3Fact]
    public async Task A_data_directory_keeps_its_files_where_they_are()
    {
        var (bucket, other) = (NewBucket(), NewBucket());
        var disk = new Dictionary<string, string> { ["S3_ENDPOINT"] = "" };
        await MakeAsync(Data, disk);
        Assert.Contains($"keeps its files on disk, not in the bucket {bucket.Name}", await RefusedAsync(Environment(bucket.Name)), StringComparison.Ordinal);
        Assert.Empty(bucket.List());
        await MakeAsync(Data, disk);

        Directory.Delete(Data, recursive: true);
        await MakeAsync(Data, Environment(bucket.Name));
        Assert.Contains($"keeps its files in the bucket {bucket.Name}, not on disk", await RefusedAsync(disk), StringComparison.Ordinal);
        Assert.Contains($"not in the bucket {other.Name}", await RefusedAsync(Environment(other.Name)), StringComparison.Ordinal);
        Assert.Empty(other.List());
        await MakeAsync(Data, Environment(bucket.Name));
    }

    [S3Fact]
    public async Task A_bucket_that_fails_later_makes_the_server_unready_until_it_works_again()
    {
        var bucket = NewBucket();
        using var proxy = new FaultProxy(server.Port);
        var environment = Environment(bucket.Name);
        environment["S3_ENDPOINT"] = $"127.0.0.1:{proxy.Port}";
        environment["S3_METADATA_TIMEOUT"] = "2s";
        await using var rat = await RatProcess.ServeOnAsync(Data, environment);
        Assert.Equal("ok", await StorageAsync(200));
        proxy.Choose = _ => Fault.Drop;
        await UntilAsync(503);
        Assert.Equal("error", await StorageAsync(503));
        using (var refused = await rat.Client.PutAsync("/api/v1/files/default/a.sql", new StringContent("""{"content": "x"}""")))
        {
            Assert.Equal(503, (int)refused.StatusCode);
            var error = JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["error"]!;
            Assert.Equal("UNAVAILABLE", (string)error["code"]!);
            Assert.Contains("object store", (string)error["message"]!, StringComparison.Ordinal);
        }

        proxy.Choose = _ => Fault.None;
        await UntilAsync(200);
        using var stored = await rat.Client.PutAsync("/api/v1/files/default/a.sql", new StringContent("""{"content": "x"}"""));
        Assert.Equal(200, (int)stored.StatusCode);
        Assert.DoesNotContain(rat.Output, line => line.Contains("\"status\":500", StringComparison.Ordinal));

        async Task UntilAsync(int status)
        {
            var begun = Stopwatch.GetTimestamp();
            while (await StatusAsync() != status)
            {
                Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), $"not {status} after a minute");
                await Task.Delay(200);
            }
        }

        async Task<int> StatusAsync()
        {
            using var answer = await rat.Client.GetAsync("/health/ready");
            return (int)answer.StatusCode;
        }

        async Task<string> StorageAsync(int status)
        {
            using var answer = await rat.Client.GetAsync("/health/ready");
            Assert.Equal(status, (int)answer.StatusCode);
            return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["checks"]!["storage"]!["status"]!;
        }
    }

    private SwiftBucket NewBucket()
    {
        var bucket = SwiftBucket.Of(server.Port, $"rat-{Guid.NewGuid():N}", User);
        bucket.Create();
        return bucket;
    }

    private Dictionary<string, string> Environment(string bucket) => new()
    {
        ["S3_ENDPOINT"] = $"127.0.0.1:{server.Port}",
        ["S3_ACCESS_KEY"] = User,
        ["S3_SECRET_KEY"] = Key,
        ["S3_BUCKET"] = bucket,
        ["S3_METADATA_TIMEOUT"] = "3s",
    };

    private static async Task MakeAsync(string data, Dictionary<string, string> environment)
    {
        await using var rat = await RatProcess.ServeOnAsync(data, environment);
        rat.Signal("TERM");
        Assert.Equal(0, await rat.WaitForExitAsync());
    }

    private async Task<string> RefusedAsync(Dictionary<string, string> environment)
    {
        await using var rat = RatProcess.Start(["serve", "--listen", "127.0.0.1:0", "--data-dir", Data], environment);
        Assert.Equal(2, await rat.WaitForExitAsync());
        var line = Assert.Single(rat.Output);
        Assert.StartsWith("rat serve: ", line, StringComparison.Ordinal);
        return line;
    }
}
