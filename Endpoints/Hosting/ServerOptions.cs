using System.Net;
using Rat.Engine.Notifications;
using Rat.Engine.Retention;
using Rat.Storage.Backup;
using Rat.Storage.Objects.S3;

namespace Rat.Endpoints.Hosting;

/// <summary>
/// Everything that can be set about a server, already checked (behaviour §15). Built from flags, environment and <c>rat.yaml</c> by the
/// command line; a test builds it directly.
/// </summary>
internal sealed record ServerOptions
{
    public string DataDirectory { get; init; } = "./rat-data";

    public ListenAddress Listen { get; init; } = ListenAddress.Default;

    /// <summary>Null: the API is open.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Only displayed, never enforced.</summary>
    public string? LicenseKey { get; init; }

    public string Edition { get; init; } = "community";

    /// <summary>Exact origins; <c>*</c> among them reflects the caller's.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = ["http://localhost:3000"];

    /// <summary>Peers whose forwarding headers count. Empty: nobody's (DECISIONS 15).</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Names besides localhost for which a server is asked that listens on loopback: those of a proxy on this machine.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Requests per second and client address under <c>/api/v1</c>; the burst is twice that. 0: no limit.</summary>
    public int RateLimit { get; init; } = 50;

    /// <summary>Largest uploaded file, in bytes (DECISIONS 29).</summary>
    public long MaxUploadBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>Null: no identity provider.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Null: plain HTTP.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>Null: files are kept on disk below <see cref="DataDirectory"/>.</summary>
    public S3Settings? S3 { get; init; }

    /// <summary>The most that copies of the bucket's objects take on this machine.</summary>
    public long CacheBytes { get; init; } = 10L << 30;

    /// <summary>Where changes of the metadata are shipped; null: nowhere.</summary>
    public BackupSettings? Backup { get; init; }

    /// <summary>The bucket's name in virtual addresses <c>s3://{bucket}/{key}</c>, on every backend.</summary>
    public string Bucket { get; init; } = "rat";

    public EngineLimits Engine { get; init; } = new();

    public NotificationSettings Notifications { get; init; } = new();

    /// <summary>How much of the past of tables is kept, where it isn't left to the retention settings.</summary>
    public LakeLimits Lake { get; init; } = new();
}

/// <summary>PEM files of the server's certificate chain and private key.</summary>
internal sealed record TlsFiles(string Certificate, string Key);

/// <summary>The identity provider whose tokens are accepted (DECISIONS 20).</summary>
internal sealed record OidcOptions(string Issuer, string Audience);

/// <summary>Limits of the engine and its background work.</summary>
internal sealed record EngineLimits
{
    /// <summary>False: no scheduler, triggers or retention in the background.</summary>
    public bool SchedulerEnabled { get; init; } = true;

    /// <summary>Bytes for runs; null takes the default, which depends on the machine (DESIGN §3).</summary>
    public long? MemoryLimitBytes { get; init; }

    public int Threads { get; init; } = Math.Min(4, Environment.ProcessorCount);

    /// <summary>Data files below this size are written again by every merge that takes rows out of them.</summary>
    public long SmallFileBytes { get; init; } = 1 << 20;

    /// <summary>False: no file of a table is written again in the background.</summary>
    public bool CompactionEnabled { get; init; } = true;

    public int MaxConcurrentRuns { get; init; } = 10;
    public TimeSpan FinishedRunStateKept { get; init; } = TimeSpan.FromSeconds(3600);
    public TimeSpan QueryTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan QualityTestTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
