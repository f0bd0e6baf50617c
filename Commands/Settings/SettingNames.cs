namespace Rat.Commands.Settings;

/// <summary>
/// The settings of a server by their keys in <c>rat.yaml</c>. A key is also the variable <c>RAT_KEY</c>; the contract's names (behaviour
/// §15) are the keys in capitals, except those that have always begun with <c>RAT_</c>.
/// </summary>
internal static class SettingNames
{
    public const string Listen = "listen_addr";
    public const string DataDirectory = "data_dir";
    public const string BackupTo = "backup_to";

    public static IReadOnlyList<string> All { get; } =
    [
        Listen, DataDirectory, "api_key", "license_key", "cors_origins", "oidc_issuer", "oidc_audience", "trusted_proxies", "allowed_hosts",
        "rate_limit", "max_upload", "s3_endpoint", "s3_access_key", "s3_secret_key", "s3_bucket", "s3_use_ssl", "s3_region", "s3_session_token",
        "s3_metadata_timeout", "s3_data_timeout", "cache_size", "scheduler_enabled", "tls_cert_file", "tls_key_file", "duckdb_memory_limit",
        "duckdb_threads", "runner_max_concurrent", "run_ttl_seconds", "query_timeout_secs", "quality_test_timeout_secs", "small_file_size",
        "compaction_enabled", "notifications_url", "notifications_secret", "notifications_openlineage_url", "notifications_openlineage_api_key",
        "iceberg_snapshot_max_age", "iceberg_max_snapshots", "iceberg_orphan_file_max_age", BackupTo, "backup_interval", "backup_endpoint",
        "backup_access_key", "backup_secret_key", "backup_use_ssl", "backup_region",
    ];

    /// <summary>Variables of services that a reference installation has beside it; here they mean nothing (DECISIONS 17).</summary>
    public static IReadOnlyList<string> OutsideServices { get; } =
    [
        "DATABASE_URL", "RUNNER_ADDR", "RATQ_ADDR", "NESSIE_URL", "GRPC_TLS_CA", "GRPC_TLS_CERT", "GRPC_TLS_KEY", "RATD_CALLBACK_URL",
    ];

    /// <summary>These exist only with the prefix: a bare <c>API_KEY</c> or <c>LISTEN_ADDR</c> may well be another program's.</summary>
    private static readonly HashSet<string> PrefixedOnly =
    [
        Listen, DataDirectory, "api_key", "license_key", "oidc_issuer", "oidc_audience", "trusted_proxies", "allowed_hosts", "max_upload",
        "small_file_size", "cache_size", "compaction_enabled", "notifications_url", "notifications_secret", "notifications_openlineage_url",
        "notifications_openlineage_api_key", BackupTo, "backup_interval", "backup_endpoint", "backup_access_key", "backup_secret_key",
        "backup_use_ssl", "backup_region",
    ];

    /// <summary>The variables of a setting, the winning one first.</summary>
    public static IEnumerable<string> VariablesOf(string key)
    {
        yield return $"RAT_{key.ToUpperInvariant()}";
        if (!PrefixedOnly.Contains(key))
            yield return key.ToUpperInvariant();
    }
}
