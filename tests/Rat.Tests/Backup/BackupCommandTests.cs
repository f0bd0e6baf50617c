using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Storage.Backup;
using Rat.Storage.Metadata;
using Rat.Storage.Objects.S3;
using Rat.Tests.Contract;
using Rat.Tests.Http;
using Rat.Tests.Kept;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;

namespace Rat.Tests.Backup;

/// <summary><c>rat backup</c>, <c>rat restore</c> and a server that ships, as processes.</summary>
[Collection(SwiftTests.Name)]
public sealed class BackupCommandTests(SwiftServer server) : IDisposable
{
    private static readonly string[] Lists = ["namespaces", "pipelines", "runs", "tables"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rat-backup-");

    private string Data => Path.Combine(_folder.FullName, "data");

    private string Restored => Path.Combine(_folder.FullName, "restored");

    public void Dispose() => _folder.Delete(recursive: true);

    [DiskAndS3Fact("of a server that keeps its files on disk; with a bucket it is another test")]
    public async Task A_lost_data_directory_is_restored_with_its_tables_pipelines_and_history()
    {
        var environment = await EnvironmentAsync();
        environment["RAT_BACKUP_INTERVAL"] = "500ms";
        Dictionary<string, string> before;
        await using (var rat = await RatProcess.ServeOnAsync(Data, environment))
        {
            await FillAsync(rat);
            before = await AnswersAsync(rat);
            await UntilAllIsShippedAsync(rat);
            rat.Signal("KILL");
            await rat.WaitForExitAsync();
        }

        // What a server on disk has beside its metadata is not the backup's.
        Keep("objects");
        Keep("lake");
        Directory.Delete(Data, recursive: true);
        var output = await SucceedAsync(["restore", "--data-dir", Data], environment);
        Assert.Contains(output, line => line.EndsWith("runs        2", StringComparison.Ordinal));
        Assert.Contains(output, line => line.EndsWith("tables      1", StringComparison.Ordinal));
        Assert.Contains(output, line => line.Contains("put your own copy of objects/ and lake/ back", StringComparison.Ordinal));
        GiveBack("objects");
        GiveBack("lake");

        // It owns the backup now, and goes on with it.
        await using var again = await RatProcess.ServeOnAsync(Data, environment);
        Assert.Equal(before, await AnswersAsync(again));
        await FillAsync(again);
        await UntilAllIsShippedAsync(again);
    }

    // What its tables got since would be swept from the bucket.
    [S3Fact]
    public async Task A_database_that_is_older_than_its_backup_is_no_start_for_files_in_a_bucket()
    {
        var bucket = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(bucket);
        var environment = InBucket(bucket);
        var (database, copy) = (Path.Combine(Data, "rat.db"), Path.Combine(_folder.FullName, "old.db"));
        for (var start = 0; start < 2; start++)
        {
            if (start > 0)
                File.Copy(database, copy);
            await using var rat = await RatProcess.ServeOnAsync(Data, environment);
            await UntilAllIsShippedAsync(rat);
            rat.Signal("TERM");
            Assert.Equal(0, await rat.WaitForExitAsync());
        }

        File.Copy(copy, database, overwrite: true);
        await using (var old = RatProcess.Start(["serve", "--data-dir", Data, "--listen", "127.0.0.1:0"], environment))
        {
            Assert.Equal(2, await old.WaitForExitAsync());
            Assert.Contains("is older than its backup", Assert.Single(old.Output), StringComparison.Ordinal);
        }

        File.Delete(database);
        await SucceedAsync(["restore", "--data-dir", Data], environment);
        await using var restored = await RatProcess.ServeOnAsync(Data, environment);
    }

    // A process died after it had shipped segments, and before its base was there: what is restored is the epoch before.
    [S3Fact]
    public async Task A_restored_server_starts_although_there_is_a_newer_epoch_without_a_base()
    {
        var bucket = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(bucket);
        var environment = InBucket(bucket);
        Dictionary<string, string> before;
        await using (var rat = await RatProcess.ServeOnAsync(Data, environment))
        {
            await FillAsync(rat);
            before = await AnswersAsync(rat);
            await UntilAllIsShippedAsync(rat);
            rat.Signal("KILL");
            await rat.WaitForExitAsync();
        }

        await opened.PutAsync(".rat/backup/00000005/log-0000000000", [1]);
        Directory.Delete(Data, recursive: true);
        await SucceedAsync(["restore", "--data-dir", Data], environment);
        await using var again = await RatProcess.ServeOnAsync(Data, environment);
        Assert.Equal(before, await AnswersAsync(again));
        await UntilAllIsShippedAsync(again);
    }

    [DiskAndS3Fact("of a server that keeps its files on disk; with a bucket it is another test")]
    public async Task A_graceful_stop_ships_the_rest()
    {
        var environment = await EnvironmentAsync();
        environment["RAT_BACKUP_INTERVAL"] = "1h";
        await using (var rat = await RatProcess.ServeOnAsync(Data, environment))
        {
            await FillAsync(rat);
            rat.Signal("TERM");
            Assert.Equal(0, await rat.WaitForExitAsync());
        }

        var json = JsonNode.Parse(Assert.Single(await SucceedAsync(["restore", "--data-dir", Restored, "--json"], environment)))!;
        Assert.Equal((1, 1, 2, "disk"), ((int)json["pipelines"]!, (int)json["tables"]!, (int)json["runs"]!, (string)json["storage"]!));
        Assert.InRange(DateTime.Parse((string)json["as_of"]!, CultureInfo.InvariantCulture), DateTime.Now.AddMinutes(-2), DateTime.Now.AddSeconds(5));
    }

    [S3Fact]
    public async Task A_server_whose_backup_was_restored_elsewhere_ships_no_more_and_goes_on()
    {
        var environment = await EnvironmentAsync();
        environment["RAT_BACKUP_INTERVAL"] = "500ms";
        await using var rat = await RatProcess.ServeOnAsync(Data, environment);
        await UntilAllIsShippedAsync(rat);
        await SucceedAsync(["restore", "--data-dir", Restored, "--copy"], environment);
        await FillAsync(rat);
        await UntilAllIsShippedAsync(rat);
        Directory.Delete(Restored, recursive: true);

        await SucceedAsync(["restore", "--data-dir", Restored], environment);
        rat.Signal("TERM");
        Assert.Equal(0, await rat.WaitForExitAsync());
        Assert.Contains(rat.Output, line => line.Contains("another data directory", StringComparison.Ordinal));
    }

    [S3Theory]
    [InlineData(".rat/backup/", "")] // what a server with its files in a bucket does unless it is told otherwise
    [InlineData("elsewhere/", "s3://{0}/elsewhere")]
    public async Task The_bucket_of_the_files_belongs_to_the_restored_data_directory(string prefix, string from)
    {
        var place = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(place);
        var directory = BackedUpDirectory.Open(new BackupSettings(place, prefix));
        var id = await directory.Database.WriteAsync(connection =>
        {
            InstanceStore.SetStorage(connection, $"s3://{place.Bucket}");
            return InstanceStore.Ensure(connection).Id;
        });
        await directory.ShipAsync();
        Assert.Null(await BucketOwner.ClaimAsync(opened.Client!, id, CancellationToken.None));
        (await directory.AbandonAsync()).Delete(recursive: true);

        var environment = InBucket(place);
        string[] named = from.Length == 0 ? [] : ["--from", string.Format(CultureInfo.InvariantCulture, from, place.Bucket)];
        await SucceedAsync(["restore", "--data-dir", Restored, .. named], environment);
        using (var restored = MetadataDatabase.Open(Path.Combine(Restored, "rat.db"), mayBeNew: false).Value)
            id = restored.Read(connection => InstanceStore.Ensure(connection).Id);
        Assert.True(await BucketOwner.IsOwnerAsync(opened.Client!, id, CancellationToken.None));
        using var bucket = new BackupBucket(new BackupSettings(place, prefix), TimeProvider.System);
        Assert.True(await bucket.IsOwnerAsync(id, CancellationToken.None));
    }

    [S3Fact]
    public async Task A_backup_is_made_once_of_a_stopped_or_a_running_server()
    {
        var environment = await EnvironmentAsync();
        var place = environment["RAT_BACKUP_TO"];
        environment["RAT_BACKUP_TO"] = "off";
        await using (var rat = await RatProcess.ServeOnAsync(Data, environment))
        {
            await FillAsync(rat);
            await SucceedAsync(["backup", "--data-dir", Data, "--to", $"{place}/once"], environment);
            await SucceedAsync(["restore", "--data-dir", Restored, "--from", $"{place}/once"], environment);
            Directory.Delete(Restored, recursive: true);
            rat.Signal("TERM");
            await rat.WaitForExitAsync();
        }

        // Of the same data directory: the restored one owns it now, so it goes elsewhere.
        await RefusedAsync(["backup", "--data-dir", Data, "--to", $"{place}/once"], "belongs to another data directory", environment);
        await SucceedAsync(["backup", "--data-dir", Data, "--to", place], environment);
        var output = await SucceedAsync(["backup", "--data-dir", Data, "--to", place, "--json"], environment);
        Assert.Equal($"{place}/.rat/backup/", (string)JsonNode.Parse(Assert.Single(output))!["to"]!);
        await SucceedAsync(["restore", "--data-dir", Restored, "--from", place], environment);
    }

    [S3Fact]
    public async Task A_backup_is_not_made_where_the_running_server_ships_to()
    {
        var environment = await EnvironmentAsync();
        await using var rat = await RatProcess.ServeOnAsync(Data, environment);
        await UntilAllIsShippedAsync(rat);
        await RefusedAsync(["backup", "--data-dir", Data, "--to", environment["RAT_BACKUP_TO"]], "the running server ships its changes to", environment);
        await SucceedAsync(["backup", "--data-dir", Data, "--to", $"{environment["RAT_BACKUP_TO"]}/elsewhere"], environment);
    }

    [Fact]
    public async Task A_file_is_a_whole_copy_and_never_written_over()
    {
        var file = Path.Combine(_folder.FullName, "copy.db");
        await using (var rat = await RatProcess.ServeOnAsync(Data))
        {
            await FillAsync(rat);
            var output = await SucceedAsync(["backup", file, "--data-dir", Data]);
            Assert.EndsWith($"to {file}, {new FileInfo(file).Length} bytes", Assert.Single(output), StringComparison.Ordinal);
            rat.Signal("TERM");
            await rat.WaitForExitAsync();
        }

        Assert.Equal(DatabaseText.Of(Path.Combine(Data, "rat.db")), DatabaseText.Of(file));
        await RefusedAsync(["backup", file, "--data-dir", Data], "exists already");
        await SucceedAsync(["backup", $"{file}.2", "--data-dir", Data]);
        Assert.Equal(["copy.db", "copy.db.2", "data"], _folder.GetFileSystemInfos().Select(info => info.Name).Order(StringComparer.Ordinal));
    }

    [S3Theory]
    [InlineData("rat.db")]
    [InlineData("rat.db-wal")]
    [InlineData("objects/a/b")]
    [InlineData("lake/a")]
    public async Task A_directory_that_holds_something_is_refused_and_left_as_it_is(string file)
    {
        var path = Path.Combine(Restored, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "mine");
        await RefusedAsync(["restore", "--data-dir", Restored], "holds", await EnvironmentAsync());
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    [S3Theory]
    [InlineData("", 1, "there is no backup at s3://")]
    [InlineData("RAT_BACKUP_TO=", 2, "no backup is configured")]
    [InlineData("RAT_BACKUP_TO=http://bucket", 2, "must be s3://BUCKET")]
    [InlineData("RAT_BACKUP_TO=s3://bucket/a/../b", 2, "must be s3://BUCKET")]
    [InlineData("RAT_BACKUP_ENDPOINT=", 2, "RAT_BACKUP_ENDPOINT: must be")]
    [InlineData("RAT_BACKUP_ENDPOINT=127.0.0.1:1 S3_METADATA_TIMEOUT=1s", 2, "can't be reached")]
    [InlineData("RAT_BACKUP_SECRET_KEY=", 2, "goes together with")]
    [InlineData("RAT_BACKUP_SECRET_KEY=wrong", 2, "doesn't accept")]
    [InlineData("RAT_BACKUP_TO=s3://no-such-bucket-here", 2, "doesn't exist")]
    public async Task What_can_not_be_restored_is_one_line(string changes, int code, string expected)
    {
        var environment = await EnvironmentAsync();
        foreach (var change in changes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            environment[change.Split('=')[0]] = change.Split('=')[1];
        await using var rat = RatProcess.Start(["restore", "--data-dir", Restored], environment);
        Assert.Equal(code, await rat.WaitForExitAsync());
        var line = Assert.Single(rat.Output);
        Assert.StartsWith("rat restore: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
        Assert.DoesNotContain("testing", line, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Restored, "rat.db")));
    }

    [Theory]
    [InlineData("backup", "say where to")]
    [InlineData("backup file.db --to s3://bucket", "say where to")]
    [InlineData("backup --to bucket", "--to: \"bucket\" must be s3://BUCKET")]
    [InlineData("restore --from s3://", "--from: \"s3://\" must be s3://BUCKET")]
    [InlineData("restore", "no backup is configured")]
    [InlineData("backup file.db --data-dir /nowhere/at-all", "is no data directory")]
    public async Task Wrong_use_is_one_line_and_exit_2(string arguments, string expected)
    {
        await RefusedAsync(arguments.Split(' '), expected, new Dictionary<string, string>
        {
            ["RAT_BACKUP_ENDPOINT"] = "127.0.0.1:1",
            ["RAT_BACKUP_ACCESS_KEY"] = "key",
            ["RAT_BACKUP_SECRET_KEY"] = "secret",
        });
    }

    private static async Task FillAsync(RatProcess rat)
    {
        var client = new ContractClient(rat.Client);
        await client.PostAsync("/api/v1/namespaces", new { name = "kept" });
        var platform = new TestPlatform(client, "kept");
        (await platform.RunSqlAsync("orders", "SELECT i AS id, i * 2 AS amount FROM range(1000) AS r(i)")).ExpectSuccess();
        (await platform.RunAsync("orders")).ExpectSuccess();
    }

    private static async Task<Dictionary<string, string>> AnswersAsync(RatProcess rat)
    {
        var client = new ContractClient(rat.Client);
        var answers = new Dictionary<string, string>();
        foreach (var list in Lists)
            answers[list] = await ReadAsync(client, $"/api/v1/{list}");
        answers["rows"] = await new TestPlatform(client, "kept").CellAsync("SELECT sum(amount) FROM bronze.orders");
        return answers;
    }

    private static async Task<string> ReadAsync(ContractClient client, string path)
    {
        var answer = await client.GetAsync(path);
        answer.Expect(200);
        return answer.Text;
    }

    private static async Task UntilAllIsShippedAsync(RatProcess rat)
    {
        for (var tries = 0; ; tries++)
        {
            var metrics = await rat.Client.GetStringAsync("/metrics");
            if (metrics.Contains("\nratd_backup_unshipped_seconds 0\n", StringComparison.Ordinal))
                return;
            Assert.True(tries < 300, metrics);
            await Task.Delay(100);
        }
    }

    private static async Task<IReadOnlyList<string>> SucceedAsync(string[] arguments, Dictionary<string, string>? environment = null)
    {
        await using var rat = RatProcess.Start(arguments, environment);
        Assert.True(await rat.WaitForExitAsync() == 0, string.Join('\n', rat.Output));
        return rat.Output;
    }

    private static async Task RefusedAsync(string[] arguments, string expected, Dictionary<string, string>? environment = null)
    {
        await using var rat = RatProcess.Start(arguments, environment);
        Assert.Equal(2, await rat.WaitForExitAsync());
        var line = Assert.Single(rat.Output);
        Assert.StartsWith($"rat {arguments[0]}: ", line, StringComparison.Ordinal);
        Assert.Contains(expected, line, StringComparison.Ordinal);
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync()
    {
        var settings = server.Settings(OpenStore.NewBucket());
        using var opened = await OpenStore.OfBucketAsync(settings);
        return new Dictionary<string, string>
        {
            ["RATE_LIMIT"] = "0",
            ["RAT_BACKUP_TO"] = $"s3://{settings.Bucket}",
            ["RAT_BACKUP_ENDPOINT"] = settings.Endpoint,
            ["RAT_BACKUP_ACCESS_KEY"] = settings.AccessKey,
            ["RAT_BACKUP_SECRET_KEY"] = settings.SecretKey,
        };
    }

    private static Dictionary<string, string> InBucket(S3Settings bucket) => new()
    {
        ["RATE_LIMIT"] = "0",
        ["S3_ENDPOINT"] = bucket.Endpoint,
        ["S3_BUCKET"] = bucket.Bucket,
        ["S3_ACCESS_KEY"] = bucket.AccessKey,
        ["S3_SECRET_KEY"] = bucket.SecretKey,
        ["S3_METADATA_TIMEOUT"] = "60s",
    };

    private void Keep(string folder) => Directory.Move(Path.Combine(Data, folder), Path.Combine(_folder.FullName, folder));

    private void GiveBack(string folder)
    {
        Directory.Delete(Path.Combine(Data, folder), recursive: true);
        Directory.Move(Path.Combine(_folder.FullName, folder), Path.Combine(Data, folder));
    }
}
