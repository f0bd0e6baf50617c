using System.Collections.Concurrent;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Kept;

/// <summary>
/// Where the servers that tests start keep their files: in their data directories, or with <c>RAT_TEST_STORAGE=s3</c> in buckets of the tests' S3
/// server. Each data directory has an account of its own there, with one bucket, <c>rat</c>: the name is part of the addresses that tests use.
/// </summary>
internal static class TestStorage
{
    private const string BucketName = "rat";

    private static readonly ConcurrentDictionary<string, Lazy<Account>> Accounts = new(StringComparer.Ordinal);
    private static int _accounts;

    public static bool IsS3 { get; } = Environment.GetEnvironmentVariable("RAT_TEST_STORAGE") switch
    {
        null or "" or "disk" => false,
        "s3" => SwiftPackages.Missing is null ? true : throw new InvalidOperationException(SwiftPackages.Missing),
        var other => throw new InvalidOperationException($"RAT_TEST_STORAGE is {other}, which is neither disk nor s3"),
    };

    /// <summary>What the environment of a server on the data directory needs. The bucket is made, unless it is there.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string dataDirectory)
    {
        if (!IsS3)
            return new Dictionary<string, string>();
        var account = Of(dataDirectory);
        return new Dictionary<string, string>
        {
            ["S3_ENDPOINT"] = $"127.0.0.1:{account.Port}",
            ["S3_ACCESS_KEY"] = account.User,
            ["S3_SECRET_KEY"] = "testing",
            ["S3_BUCKET"] = BucketName,
            // The server is slow where much else runs.
            ["S3_METADATA_TIMEOUT"] = "60s",
        };
    }

    /// <summary>The bucket of the server on the data directory.</summary>
    public static SwiftBucket BucketOf(string dataDirectory) => Of(dataDirectory).Bucket;

    /// <summary>A server on the data directory listens there.</summary>
    public static void Listens(string dataDirectory, Uri address)
    {
        if (IsS3)
            Of(dataDirectory).Address = address;
    }

    /// <summary>Waits until the server has deleted what it keeps for its backup's sake a moment longer.</summary>
    public static void AwaitDeletes(string dataDirectory)
    {
        if (Of(dataDirectory).Address is not { } address)
            return;
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var tries = 0; tries < 600; tries++)
        {
            try
            {
                var metrics = http.GetStringAsync(new Uri(address, "/metrics")).GetAwaiter().GetResult();
                if (metrics.Contains("\nratd_s3_deletes_waiting 0\n", StringComparison.Ordinal))
                    return;
            }
            catch (HttpRequestException)
            {
                return; // it has ended, and deletes nothing any more
            }

            Thread.Sleep(50);
        }
    }

    /// <summary>The data directory is another one now.</summary>
    public static void Moved(string from, string to)
    {
        if (Accounts.TryRemove(Path.GetFullPath(from), out var account))
            Accounts[Path.GetFullPath(to)] = account;
    }

    private static Account Of(string dataDirectory) =>
        Accounts.GetOrAdd(Path.GetFullPath(dataDirectory), _ => new Lazy<Account>(Account.Make)).Value;

    private sealed record Account(int Port, string User, SwiftBucket Bucket)
    {
        public Uri? Address { get; set; }

        public static Account Make()
        {
            var port = SwiftServer.PortAsync().GetAwaiter().GetResult();
            var number = Interlocked.Increment(ref _accounts);
            if (number > SwiftConfiguration.Accounts)
                throw new InvalidOperationException("more servers than the S3 server has accounts");
            var bucket = SwiftBucket.Of(port, BucketName, $"t{number}:tester");
            bucket.Create();
            // For the readers of tables that others have written.
            bucket.OpenToAll();
            return new Account(port, $"t{number}:tester", bucket);
        }
    }
}
