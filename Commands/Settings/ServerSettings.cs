using Rat.Endpoints.Hosting;
using Rat.Engine.Notifications;
using Rat.Engine.Retention;
using Rat.Storage.Objects.S3;

namespace Rat.Commands.Settings;

/// <summary>The options of a server as they were found, and what has to be said about them.</summary>
/// <param name="Problems">One line each; if there is any the server must not start (exit 2).</param>
/// <param name="Warnings">One line each, to be logged once.</param>
internal sealed record ServerSettings(ServerOptions Options, IReadOnlyList<string> Problems, IReadOnlyList<string> Warnings)
{
    /// <summary>Reads everything; the settings file is the one that is named, else <c>RAT_CONFIG</c>, else that of the working directory.</summary>
    /// <param name="configPath">Null when none was named.</param>
    /// <param name="serves">Whether a server is to be what they say.</param>
    public static ServerSettings Load(
        IReadOnlyDictionary<string, string?> flags, string? configPath, Func<string, string?> environment, bool serves = true)
    {
        var path = configPath ?? (environment("RAT_CONFIG") is { Length: > 0 } named ? named : null);
        path ??= File.Exists(SettingsFile.DefaultName) ? SettingsFile.DefaultName : null;
        var file = path is null ? SettingsFile.None : SettingsFile.Read(path);
        return file.Succeeded
            ? Of(new SettingSources(flags, environment, file.Value), serves)
            : new ServerSettings(new ServerOptions(), [file.Failure.Message], []);
    }

    private static ServerSettings Of(SettingSources sources, bool serves)
    {
        var read = new SettingReader(sources);
        var standard = new ServerOptions();
        var options = new ServerOptions
        {
            DataDirectory = read.Text(SettingNames.DataDirectory, standard.DataDirectory),
            Listen = read.Listen(),
            ApiKey = read.Text("api_key"),
            LicenseKey = read.Text("license_key"),
            // The other way round than elsewhere: the variable counts when the file gives none (behaviour §15).
            Edition = sources.File.Edition ?? sources.Variable("EDITION")?.Text ?? standard.Edition,
            CorsOrigins = read.List("cors_origins") ?? standard.CorsOrigins,
            TrustedProxies = read.Networks("trusted_proxies"),
            AllowedHosts = read.Hosts("allowed_hosts"),
            RateLimit = read.Number("rate_limit", standard.RateLimit, least: 0),
            MaxUploadBytes = read.Bytes("max_upload") ?? standard.MaxUploadBytes,
            Oidc = read.Both("oidc_issuer", "oidc_audience") && read.Url("oidc_issuer") is { } issuer
                ? new OidcOptions(issuer, read.Text("oidc_audience", "")) : null,
            Tls = read.Both("tls_cert_file", "tls_key_file")
                ? new TlsFiles(read.Text("tls_cert_file", ""), read.Text("tls_key_file", "")) : null,
            S3 = ObjectStore(read, read.Text("s3_bucket", standard.Bucket)),
            CacheBytes = read.Bytes("cache_size") ?? standard.CacheBytes,
            Bucket = read.Text("s3_bucket", standard.Bucket),
            Engine = Engine(read, standard.Engine),
            Notifications = new NotificationSettings(
                Address(read.Url("notifications_url")), read.Text("notifications_secret"), Address(read.Url("notifications_openlineage_url")),
                read.Text("notifications_openlineage_api_key")),
            Lake = Lake(read),
        };
        options = options with { Backup = BackupReading.Read(read, options.S3) };
        if (options.Notifications.LineageKey is { } key && !NotificationConfig.IsToken(key))
            read.Problem("RAT_NOTIFICATIONS_OPENLINEAGE_API_KEY", "must be printable ASCII characters");
        if (serves)
            RefuseWhatIsNotBuilt(options, read);
        return new ServerSettings(options, read.Problems, WarningsOf(sources, options).ToList());
    }

    /// <summary>Ignored, it would let everybody in.</summary>
    private static void RefuseWhatIsNotBuilt(ServerOptions options, SettingReader read)
    {
        if (read.Problems.Count > 0)
            return;
        if (options.Oidc is not null)
            read.Problem("RAT_OIDC_ISSUER", "identity providers are not built yet; RAT_API_KEY protects the API");
    }

    private static S3Settings? ObjectStore(SettingReader read, string bucket)
    {
        if (read.Text("s3_endpoint") is not { } endpoint)
            return null;
        if (endpoint.Contains('/', StringComparison.Ordinal) || Uri.CheckHostName(endpoint.Split(':')[0]) == UriHostNameType.Unknown)
            read.Problem("S3_ENDPOINT", $"\"{endpoint}\" must be host:port without a scheme; S3_USE_SSL chooses https");
        if (read.Text("s3_access_key") is null || read.Text("s3_secret_key") is null)
            read.Problem("S3_ENDPOINT", "needs S3_ACCESS_KEY and S3_SECRET_KEY as well");

        var standard = new S3Settings(endpoint, bucket, read.Text("s3_access_key", ""), read.Text("s3_secret_key", ""));
        return standard with
        {
            SessionToken = read.Text("s3_session_token"),
            UseTls = read.Flag("s3_use_ssl", standard.UseTls),
            Region = read.Text("s3_region", standard.Region),
            MetadataTimeout = read.Duration("s3_metadata_timeout", standard.MetadataTimeout),
            DataTimeout = read.Duration("s3_data_timeout", standard.DataTimeout),
        };
    }

    private static Uri? Address(string? url) => url is null ? null : new Uri(url);

    private static EngineLimits Engine(SettingReader read, EngineLimits standard) => new()
    {
        SchedulerEnabled = read.Flag("scheduler_enabled", standard.SchedulerEnabled),
        MemoryLimitBytes = read.Bytes("duckdb_memory_limit"),
        Threads = read.Number("duckdb_threads", standard.Threads, least: 1),
        CompactionEnabled = read.Flag("compaction_enabled", standard.CompactionEnabled),
        SmallFileBytes = read.Bytes("small_file_size") ?? standard.SmallFileBytes,
        MaxConcurrentRuns = read.Number("runner_max_concurrent", standard.MaxConcurrentRuns, least: 1),
        FinishedRunStateKept = read.Seconds("run_ttl_seconds", standard.FinishedRunStateKept),
        QueryTimeout = read.Seconds("query_timeout_secs", standard.QueryTimeout),
        QualityTestTimeout = read.Seconds("quality_test_timeout_secs", standard.QualityTestTimeout),
    };

    private static LakeLimits Lake(SettingReader read) => new()
    {
        MostSnapshots = read.Text("iceberg_max_snapshots") is null ? null : read.Number("iceberg_max_snapshots", 1, least: 1),
        SnapshotMaxAge = read.Text("iceberg_snapshot_max_age") is null ? null : read.Duration("iceberg_snapshot_max_age", TimeSpan.Zero),
        OrphanMaxAge = read.Text("iceberg_orphan_file_max_age") is null ? null : read.Duration("iceberg_orphan_file_max_age", TimeSpan.Zero),
    };

    private static IEnumerable<string> WarningsOf(SettingSources sources, ServerOptions options)
    {
        var outside = SettingNames.OutsideServices.Where(name => sources.Variable(name) is not null).ToList();
        if (outside.Count > 0)
            yield return $"{string.Join(", ", outside)}: set, but has no meaning here: there are no outside services";
        if (sources.File.HasPlugins)
            yield return $"{sources.File.Path}: plugins has no meaning here and is ignored";
        var unknown = sources.File.Server.Keys.Except(SettingNames.All).ToList();
        if (unknown.Count > 0)
            yield return $"{sources.File.Path}: unknown server settings are ignored: {string.Join(", ", unknown)}";
        if (options.Listen.IsPublic && options is { ApiKey: null, Oidc: null })
        {
            yield return $"listening on {options.Listen} without RAT_API_KEY or an identity provider: "
                + "anyone who can reach it can do anything";
        }

        if (options.S3 is { AccessKey: "minioadmin", SecretKey: "minioadmin" })
            yield return "S3_ACCESS_KEY and S3_SECRET_KEY are well-known defaults";
    }
}
