using Rat.Engine.Duck;

namespace Rat.Tests.Duck;

/// <summary>What DuckDB itself refuses, whatever the gate before it lets through.</summary>
public sealed class SandboxTests : IClassFixture<DuckDatabase>
{
    private readonly DuckDatabase _database;
    private readonly string _outside;

    public SandboxTests(DuckDatabase database)
    {
        _database = database;
        _outside = Path.Combine(database.Folder, "outside.csv");
        File.WriteAllText(_outside, "secret\n1\n");
        if (!File.Exists(Path.Combine(database.Allowed, "link.csv")))
            File.CreateSymbolicLink(Path.Combine(database.Allowed, "link.csv"), _outside);
    }

    [Theory]
    [InlineData("SELECT * FROM read_csv('{outside}')")]
    [InlineData("SELECT * FROM read_text('{outside}')")]
    [InlineData("SELECT * FROM read_blob('{outside}')")]
    [InlineData("SELECT * FROM read_json('{outside}')")]
    [InlineData("SELECT * FROM sniff_csv('{outside}')")]
    [InlineData("SELECT * FROM parquet_metadata('{outside}')")]
    [InlineData("SELECT * FROM '{outside}'")]
    [InlineData("SELECT * FROM read_csv('{allowed}/../outside.csv')")]
    [InlineData("SELECT * FROM read_csv('{allowed}/link.csv')")]
    [InlineData("SELECT * FROM glob('{allowed}/../*')")]
    [InlineData("SELECT * FROM glob('/etc/*')")]
    [InlineData("SELECT * FROM read_csv('https://example.invalid/x.csv')")]
    [InlineData("SELECT * FROM read_csv('s3://bucket/x.csv')")]
    [InlineData("COPY (SELECT 1) TO '{outside}'")]
    [InlineData("COPY (SELECT 1) TO '{allowed}/../x.csv'")]
    [InlineData("ATTACH '{folder}/x.db'")]
    [InlineData("EXPORT DATABASE '{folder}/x'")]
    [InlineData("IMPORT DATABASE '{folder}/x'")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD httpfs")]
    [InlineData("LOAD '{allowed}/x.duckdb_extension'")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("SET lock_configuration = false")]
    [InlineData("SET allowed_configs = ['threads']")]
    [InlineData("SET allowed_directories = ['/']")]
    [InlineData("SET GLOBAL threads = 1")]
    [InlineData("SET TimeZone = 'Europe/Paris'")]
    [InlineData("SET memory_limit = '100GB'")]
    [InlineData("SET temp_directory = '/tmp'")]
    [InlineData("SET autoload_known_extensions = true")]
    [InlineData("RESET memory_limit")]
    [InlineData("PRAGMA memory_limit = '100GB'")]
    [InlineData("SET profiling_output = '{outside}'")]
    [InlineData("CREATE PERSISTENT SECRET s (TYPE s3)")]
    public void Statements_cannot_leave_the_allowed_folder_or_change_the_configuration(string sql)
    {
        var text = sql.Replace("{outside}", _outside, StringComparison.Ordinal)
            .Replace("{allowed}", _database.Allowed, StringComparison.Ordinal)
            .Replace("{folder}", _database.Folder, StringComparison.Ordinal);

        var error = Assert.Throws<DuckException>(() => _database.Connection.Execute(text));

        Assert.DoesNotContain("secret\n", error.Message, StringComparison.Ordinal);
        Assert.Equal("secret\n1\n", File.ReadAllText(_outside));
        Assert.Equal(
            ["allowed", "outside.csv"],
            Directory.EnumerateFileSystemEntries(_database.Folder).Select(Path.GetFileName).Where(name => name != "spill").Order());
    }

    [Fact]
    public void Statements_may_use_the_allowed_folder()
    {
        var file = DuckQuote.Literal(Path.Combine(_database.Allowed, "it's.parquet"));
        _database.Connection.Execute($"COPY (SELECT 1 AS x) TO {file} (FORMAT parquet)");

        Assert.Equal("1", _database.Connection.Scalar($"SELECT x FROM read_parquet({file})"));
    }

    [Theory]
    [InlineData("TimeZone", "UTC")]
    [InlineData("memory_limit", "512.0 MiB")]
    [InlineData("threads", "2")]
    [InlineData("preserve_insertion_order", "true")]
    [InlineData("enable_external_access", "false")]
    [InlineData("lock_configuration", "true")]
    [InlineData("autoload_known_extensions", "false")]
    [InlineData("autoinstall_known_extensions", "false")]
    [InlineData("allow_persistent_secrets", "false")]
    [InlineData("allow_unsigned_extensions", "false")]
    [InlineData("max_temp_directory_size", "1.0 GiB")]
    public void The_configuration_is_the_one_asked_for(string name, string value) =>
        Assert.Equal(value, _database.Connection.Scalar($"SELECT value FROM duckdb_settings() WHERE name = '{name}'"));

    [Fact]
    public void A_sort_beyond_the_memory_limit_spills_and_one_beyond_the_disk_limit_is_an_error()
    {
        using var instance = DuckInstance.Open(new DuckInstanceSettings(
            "small", 100L << 20, 2, Path.Combine(_database.Folder, "spill"), 1L << 30, [_database.Allowed], 1));
        using var connection = instance.OpenOwn();
        const string Sort = "SELECT count(*) FROM (SELECT md5(range::VARCHAR) AS h, range FROM range({0}) ORDER BY h OFFSET 1)";

        Assert.Equal("2999999", connection.Scalar(string.Format(null, Sort, 3_000_000)));
        Assert.Equal(DuckErrorKind.OutOfMemory, Assert.Throws<DuckException>(() => connection.Scalar("SELECT len(list(range)) FROM range(100000000)")).Kind);
        Assert.Equal("42", connection.Scalar("SELECT 42"));
        Assert.False(instance.IsInvalidated);
    }
}
