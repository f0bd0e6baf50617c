namespace Rat.Tests.Objects.Swift;

/// <summary>Swift's configuration files for one machine. Accounts don't see each other's buckets, so that each may have one of the same name.</summary>
internal static class SwiftConfiguration
{
    /// <summary>How many accounts there are beside the first.</summary>
    public const int Accounts = 1000;

    public const string Hash = """
        [swift-hash]
        swift_hash_path_prefix = a
        swift_hash_path_suffix = b
        [storage-policy:0]
        name = gold
        default = yes
        """;

    public static string Server(string folder, string name, int port) => $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        user = {Environment.UserName}
        swift_dir = {folder}/etc
        devices = {folder}/srv
        mount_check = false
        workers = 0
        fallocate_reserve = 0
        disable_fallocate = true
        log_level = WARNING
        [pipeline:main]
        pipeline = {name}-server
        [app:{name}-server]
        use = egg:swift#{name}
        """;

    /// <param name="listing">How many keys a page of a listing has.</param>
    public static string Proxy(string folder, int port, int memcached, int listing) => $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        user = {Environment.UserName}
        swift_dir = {folder}/etc
        workers = 0
        log_level = WARNING
        [pipeline:main]
        pipeline = catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo dlo versioned_writes symlink proxy-server
        [filter:catch_errors]
        use = egg:swift#catch_errors
        [filter:gatekeeper]
        use = egg:swift#gatekeeper
        [filter:healthcheck]
        use = egg:swift#healthcheck
        [filter:cache]
        use = egg:swift#memcache
        memcache_servers = 127.0.0.1:{memcached}
        connect_timeout = 10
        io_timeout = 10
        error_suppression_limit = 1000000
        [filter:listing_formats]
        use = egg:swift#listing_formats
        [filter:bulk]
        use = egg:swift#bulk
        [filter:s3api]
        use = egg:swift#s3api
        s3_acl = false
        location = us-east-1
        dns_compliant_bucket_names = true
        allow_multipart_uploads = true
        check_bucket_owner = false
        min_segment_size = 5242880
        max_bucket_listing = {listing}
        [filter:tempauth]
        use = egg:swift#tempauth
        user_test_tester = testing .admin
        user_test_reader = reading
        {string.Join('\n', Enumerable.Range(1, Accounts).Select(number => $"user_t{number}_tester = testing .admin"))}
        [filter:copy]
        use = egg:swift#copy
        [filter:slo]
        use = egg:swift#slo
        [filter:dlo]
        use = egg:swift#dlo
        [filter:versioned_writes]
        use = egg:swift#versioned_writes
        allow_versioned_writes = true
        allow_object_versioning = true
        [filter:symlink]
        use = egg:swift#symlink
        [app:proxy-server]
        use = egg:swift#proxy
        # There is one server of each kind: shunning it because it was slow once helps nobody.
        error_suppression_limit = 1000000
        node_timeout = 60
        conn_timeout = 10
        account_autocreate = true
        allow_account_management = true
        """;
}
