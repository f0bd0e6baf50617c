using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Rat.Storage;
using Rat.Storage.Objects.S3;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Objects;

/// <summary>The store in a bucket while the way to it is bad.</summary>
[Collection(SwiftTests.Name)]
public sealed class S3FaultTests(SwiftServer server)
{
    // Each request's first attempt fails, or loses what it has done.
    [S3Theory]
    [InlineData("Drop", 10)]
    [InlineData("Busy", 10)]
    [InlineData("LoseAnswer", 10)]
    [InlineData("CutAnswer", 3)] // those with bytes enough to be cut
    public async Task What_fails_once_is_done_again_and_nothing_is_lost(string fault, int leastRetries)
    {
        using var proxy = new FaultProxy(server.Port);
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy.Port));
        var seen = new ConcurrentDictionary<string, int>();
        proxy.Choose = line => seen.AddOrUpdate(line, 1, (_, times) => times + 1) == 1 ? Enum.Parse<Fault>(fault) : Fault.None;

        var small = new byte[10_000];
        var large = new byte[11 << 20];
        new Random(3).NextBytes(small);
        new Random(4).NextBytes(large);
        await opened.PutAsync("default/small", small);
        await opened.PutAsync("default/large", large);
        await opened.Store.CopyAsync("default/large", "default/copy");
        Assert.Equal(small, await opened.ReadAsync("default/small"));
        var read = await opened.ReadAsync("default/large");
        Assert.True(large.AsSpan().SequenceEqual(read));
        read = await opened.ReadAsync("default/copy");
        Assert.True(large.AsSpan().SequenceEqual(read));
        await opened.Store.DeleteAsync("default/small");
        Assert.Equal(["default/copy", "default/large"], await opened.KeysAsync());
        Assert.True(opened.Counters.Retries.Value >= leastRetries, $"{opened.Counters.Retries.Value} retries");
    }

    [S3Fact]
    public async Task A_request_without_an_answer_is_sent_again_when_its_time_is_over()
    {
        using var proxy = new FaultProxy(server.Port);
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy.Port) with { MetadataTimeout = TimeSpan.FromSeconds(5) });
        var asked = 0;
        proxy.Choose = _ => Interlocked.Increment(ref asked) == 1 ? Fault.Silence : Fault.None;
        Assert.Null(await opened.Store.CheckAsync(CancellationToken.None));
        Assert.Equal(2, asked);
    }

    [S3Fact]
    public async Task A_store_that_stays_away_fails_and_stores_nothing()
    {
        using var proxy = new FaultProxy(server.Port);
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy.Port));
        proxy.Choose = _ => Fault.Busy;
        var refused = await opened.Store.PutAsync("default/a", new MemoryStream([1]), long.MaxValue, CancellationToken.None);
        Assert.Equal(FailureKind.Unavailable, refused.Failure!.Kind);
        Assert.Contains("503", refused.Failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<S3Exception>(() => opened.Store.OpenAsync("default/a", CancellationToken.None));
        Assert.NotNull(await opened.Store.CheckAsync(CancellationToken.None));

        proxy.Choose = _ => Fault.None;
        Assert.Null(await opened.Store.CheckAsync(CancellationToken.None));
        Assert.Null(await opened.ReadAsync("default/a"));
    }

    [S3Fact]
    public async Task An_object_that_is_replaced_while_it_is_read_is_not_mixed()
    {
        using var proxy = new FaultProxy(server.Port);
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy.Port));
        await opened.PutAsync("default/a", new byte[10_000]);
        proxy.Choose = line => line.StartsWith("GET", StringComparison.Ordinal) ? Fault.CutAnswer : Fault.None;
        await using var stream = await opened.Store.OpenAsync("default/a", CancellationToken.None);
        proxy.Choose = _ => Fault.None;
        await opened.PutAsync("default/a", [.. Enumerable.Repeat((byte)1, 10_000)]);
        await Assert.ThrowsAsync<S3Exception>(() => stream!.CopyToAsync(Stream.Null));
    }

    [S3Fact]
    public async Task Bytes_that_are_not_those_that_were_put_are_an_error()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        var request = new S3Request(HttpMethod.Put, "default/a") { Headers = [(S3Head.Sha256Header, RequestSigner.Hash([2]))], Body = new byte[] { 1 } };
        await opened.Client!.TellAsync(request, CancellationToken.None);
        var damaged = await Assert.ThrowsAsync<S3Exception>(() => opened.ReadAsync("default/a"));
        Assert.Contains("default/a is damaged", damaged.Message, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task The_bytes_of_a_file_that_was_put_in_parts_are_checked_as_a_whole()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        var bytes = new byte[11 << 20];
        new Random(1).NextBytes(bytes);
        await opened.PutAsync("default/a", bytes);
        Assert.Equal(RequestSigner.Hash(bytes), (await opened.Client!.TellAsync(new S3Request(HttpMethod.Head, "default/a"), CancellationToken.None)).Sha256);
        Assert.Equal(bytes, await opened.ReadAsync("default/a"));

        var upload = await MultipartUpload.BeginAsync(opened.Client!, "default/b", RequestSigner.Hash(bytes), CancellationToken.None);
        await upload.SendAsync(upload.NextPart(), bytes.AsMemory(0, 5 << 20), CancellationToken.None);
        await upload.CompleteAsync(CancellationToken.None);
        await Assert.ThrowsAsync<S3Exception>(() => opened.ReadAsync("default/b"));
    }

    // What a start would be refused with.
    [S3Theory]
    [InlineData("key", "S3_ACCESS_KEY")]
    [InlineData("secret", "S3_SECRET_KEY")]
    [InlineData("bucket", "doesn't exist")]
    [InlineData("rights", "doesn't allow to")]
    [InlineData("clock", "clock")]
    [InlineData("tls", "no TLS with the object store")]
    [InlineData("port", "can't be reached")]
    [InlineData("name", "is unknown")]
    public async Task What_is_wrong_with_a_bucket_is_one_clear_line(string wrong, string expected)
    {
        var bucket = OpenStore.NewBucket();
        using (await OpenStore.OfBucketAsync(server.Settings(bucket)))
        {
        }

        var settings = (server.Settings(bucket) with { MetadataTimeout = TimeSpan.FromSeconds(20) }) is var right ? wrong switch
        {
            "key" => right with { AccessKey = "test:nobody" },
            "secret" => right with { SecretKey = "wrong" },
            "bucket" => right with { Bucket = OpenStore.NewBucket() },
            "rights" => right with { AccessKey = "test:reader", SecretKey = "reading" },
            "tls" => right with { UseTls = true },
            "port" => right with { Endpoint = $"127.0.0.1:{UnusedPort()}" },
            "name" => right with { Endpoint = "store.invalid:9000" },
            _ => right,
        } : throw new InvalidOperationException();
        var counters = new S3Counters();
        using var client = new S3Client(settings, counters, wrong == "clock" ? new SlowClock() : TimeProvider.System, new Random(1));
        var failure = (await new S3ObjectStore(client, counters).OpenAsync(CancellationToken.None)).Failure!;
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain(settings.SecretKey, failure.Message, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task A_bucket_that_can_be_written_has_nothing_wrong_and_nothing_left()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        Assert.InRange((await ((S3ObjectStore)opened.Store).OpenAsync(CancellationToken.None)).Value, DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
        var page = await opened.Client!.AskAsync(new S3Request(HttpMethod.Get, "") { Query = [("list-type", "2")] }, CancellationToken.None);
        Assert.Empty(page.Objects());
    }

    [S3Fact]
    public async Task A_bucket_belongs_to_the_data_directory_that_claimed_it_first()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(id => BucketOwner.ClaimAsync(opened.Client!, $"{id}", CancellationToken.None)));
        Assert.InRange(claims.Count(claim => claim is null), 0, 1); // none, when they have found each other
        var owner = Math.Max(0, Array.IndexOf(claims, null));
        Assert.Null(await BucketOwner.ClaimAsync(opened.Client!, $"{owner}", CancellationToken.None));
        Assert.Null(await BucketOwner.ClaimAsync(opened.Client!, $"{owner}", CancellationToken.None));
        var refused = await BucketOwner.ClaimAsync(opened.Client!, "another", CancellationToken.None);
        Assert.Equal(FailureKind.Conflict, refused!.Kind);
        Assert.Contains($"{opened.Settings!.Bucket} belongs to another data directory", refused.Message, StringComparison.Ordinal);
        Assert.Equal([$".rat/owner/{owner}"], await opened.KeysAsync());
    }

    [S3Fact]
    public async Task Uploads_that_a_dead_process_has_left_are_given_up()
    {
        using var opened = await OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket()));
        foreach (var key in new[] { "default/a b+c", "default/grüße" })
        {
            var upload = await MultipartUpload.BeginAsync(opened.Client!, key, sha256: null, CancellationToken.None);
            await upload.SendAsync(upload.NextPart(), new byte[5 << 20], CancellationToken.None);
        }

        Assert.Equal(0, await LeftUploads.AbandonAsync(opened.Client!, DateTime.UtcNow.AddMinutes(-10), CancellationToken.None));
        Assert.Equal(2, await LeftUploads.AbandonAsync(opened.Client!, DateTime.UtcNow.AddMinutes(10), CancellationToken.None));
        Assert.Equal(0, await LeftUploads.AbandonAsync(opened.Client!, DateTime.UtcNow.AddMinutes(10), CancellationToken.None));
        Assert.Empty(await opened.KeysAsync());
    }

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class SlowClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(-3);
    }
}
