using System.Globalization;
using System.Text.Json.Nodes;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Tests.Objects;
using Rat.Tests.Objects.Swift;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>A lake whose files are kept in a bucket: they are there before anything names them, and only those that something names stay.</summary>
[Collection(SwiftTests.Name)]
public sealed class BucketLakeTests(SwiftServer server)
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [S3Fact]
    public async Task Another_engine_reads_a_table_straight_from_the_bucket()
    {
        using var store = await OpenAsync();
        using var lake = Open(store);
        lake.Replace(Name, Id, "SELECT unnest(range(100))::BIGINT AS id", "SELECT 100::BIGINT AS id");
        lake.Append(Name, Id, "SELECT 101::BIGINT AS id");
        var state = lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[0], 0, 7, 99)]));

        Assert.StartsWith($"s3://{store.Settings!.Bucket}/.rat/lake/default/silver/orders-", lake.Tables.MetadataUri(state), StringComparison.Ordinal);
        await AssertSameAsync(lake, store);
        var read = IcebergReaders.ReadBucket(await server.OpenToAllAsync(store.Settings.Bucket), lake.Tables.MetadataUri(state));
        Assert.Equal(Enumerable.Range(0, 102).Except([0, 7, 99]), Ids(read));
    }

    [S3Fact]
    public async Task What_is_not_committed_or_has_expired_leaves_the_bucket()
    {
        using var store = await OpenAsync();
        using var lake = Open(store, mostSnapshots: 1);
        var target = lake.Staging.Begin(Name, null, Guid.NewGuid());
        var schema = SchemaAssignment.Replace(null, Id);
        lake.Staging.Replace(target, schema, lake.Write(target, schema, "SELECT 1::BIGINT AS id"));
        Assert.Equal(4, (await KeysAsync(store)).Count); // the file of data, its manifest, the list of manifests, the metadata
        lake.Staging.Discard(target);
        Assert.Empty(await KeysAsync(store));

        for (var id = 0; id < 4; id++)
            lake.Replace(Name, Id, $"SELECT {id}::BIGINT AS id");
        await lake.Sweep.SweepAsync(CancellationToken.None);
        await AssertSameAsync(lake, store);
        Assert.Single(await KeysAsync(store), key => key.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [S3Fact]
    public async Task A_table_stays_as_it_was_when_its_new_files_can_not_be_kept()
    {
        using var proxy = new FaultProxy(server.Port);
        using var store = await OpenAsync(proxy);
        using var lake = Open(store);
        var before = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var keys = await KeysAsync(store);

        // All but one file get there.
        proxy.Choose = line => line.StartsWith("PUT", StringComparison.Ordinal) && line.Contains(".parquet", StringComparison.Ordinal) ? Fault.Busy : Fault.None;
        var target = lake.Staging.Begin(Name, before, Guid.NewGuid());
        var files = lake.Write(target, before.Schema, "SELECT 2::BIGINT AS id");
        var failed = Assert.Throws<StorageUnavailableException>(() => lake.Staging.Append(target, before.Schema, files));
        Assert.Contains("nothing was stored", failed.Message, StringComparison.Ordinal);
        lake.Staging.Discard(target);
        Assert.Equal(before.SnapshotId, lake.Find(Name)!.SnapshotId);
        Assert.Equal(keys, await KeysAsync(store));

        proxy.Choose = _ => Fault.None;
        Assert.Equal(2, lake.Append(Name, Id, "SELECT 2::BIGINT AS id").RowCount);
        await AssertSameAsync(lake, store);
    }

    // Every request fails once, or loses its answer.
    [S3Theory]
    [InlineData("Drop")]
    [InlineData("LoseAnswer")]
    public async Task A_bad_way_to_the_bucket_loses_and_doubles_no_row(string fault)
    {
        using var proxy = new FaultProxy(server.Port);
        using var store = await OpenAsync(proxy);
        using var lake = Open(store);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        proxy.Choose = line =>
        {
            lock (seen)
                return seen.Add(line) ? Enum.Parse<Fault>(fault) : Fault.None;
        };
        var state = lake.Replace(Name, Id, "SELECT 0::BIGINT AS id");
        for (var id = 1; id <= 5; id++)
            state = lake.Append(Name, Id, $"SELECT {id}::BIGINT AS id");

        proxy.Choose = _ => Fault.None;
        await AssertSameAsync(lake, store);
        var read = IcebergReaders.ReadBucket(await server.OpenToAllAsync(store.Settings!.Bucket), lake.Tables.MetadataUri(state));
        Assert.Equal([0, 1, 2, 3, 4, 5], Ids(read));
    }

    [S3Fact]
    public async Task The_files_of_a_commit_go_side_by_side()
    {
        using var proxy = new FaultProxy(server.Port);
        using var store = await OpenAsync(proxy);
        using var lake = Open(store);
        using var all = new CountdownEvent(4); // the file of data, its manifest, the list of manifests, the metadata
        var alone = 0;
        proxy.Choose = _ =>
        {
            // Each waits for the others, which come only if none waits for its end.
            all.Signal();
            if (!all.Wait(TimeSpan.FromMinutes(1)))
                Interlocked.Increment(ref alone);
            return Fault.None;
        };
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        Assert.Equal(0, alone);
        proxy.Choose = _ => Fault.None;
        await AssertSameAsync(lake, store);
    }

    [S3Fact]
    public async Task A_read_fetches_what_this_machine_has_lost_and_tells_what_the_bucket_has_lost()
    {
        using var store = await OpenAsync();
        using var lake = Open(store);
        lake.Replace(Name, Id, "SELECT unnest(range(2))::BIGINT AS id", "SELECT 2::BIGINT AS id");
        var state = lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[0], 0)]));
        Directory.Delete(lake.Root, recursive: true);
        var check = new TableCheck(lake.Directory, lake.Kept, TimeProvider.System);
        var held = new List<IDisposable>();
        check.VerifyRows(state, held.Add, CancellationToken.None);
        Assert.Equal(3, held.Count); // two files and the deletes of one
        Assert.Equal(["1", "2"], lake.Rows(state, "id"));
        Assert.Equal(3, lake.Cache!.Figures.Fetches);

        held.ForEach(copy => copy.Dispose());
        check.VerifyPast(state);
        Directory.Delete(lake.Root, recursive: true);
        await store.PutAsync(BucketLakeFiles.Prefix + state.Files[0].Path, [1, 2, 3]);
        var changed = Assert.Throws<DamagedTableException>(() => check.VerifyRows(state, _ => { }, CancellationToken.None));
        Assert.Contains("was changed: it has 3 bytes", changed.Message, StringComparison.Ordinal);
        await store.Store.DeleteAsync(BucketLakeFiles.Prefix + state.Files[0].Path);
        Assert.Contains("is missing", Assert.Throws<DamagedTableException>(() => check.VerifyPast(state)).Message, StringComparison.Ordinal);
        Assert.Contains("is missing", Assert.Throws<DamagedTableException>(() => check.VerifyRows(state, _ => { }, CancellationToken.None)).Message, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task A_start_removes_what_a_dead_process_has_staged_here_and_in_the_bucket()
    {
        using var store = await OpenAsync();
        using var lake = Open(store);
        var state = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var before = await KeysAsync(store);
        // One was uploaded as a whole, of another only the data was written; neither was committed or discarded.
        var target = lake.Staging.Begin(Name, state, Guid.NewGuid());
        lake.Staging.Append(target, state.Schema, lake.Write(target, state.Schema, "SELECT 2::BIGINT AS id"));
        var other = new TableName("default", "gold", "unborn");
        var unborn = lake.Staging.Begin(other, null, Guid.NewGuid());
        lake.Write(unborn, SchemaAssignment.Replace(null, Id), "SELECT 3::BIGINT AS id");
        Assert.Equal(before.Count + 4, (await KeysAsync(store)).Count);
        Assert.Equal(0, await lake.Sweep.SweepAsync(CancellationToken.None)); // it is this process that staged them

        await Task.Delay(1100); // the store's times are whole seconds
        lake.OpenAgain();
        Assert.Equal(5, await lake.Sweep.SweepAsync(CancellationToken.None));
        Assert.Equal(before, await KeysAsync(store));
        Assert.Equal(before, lake.Files().Select(file => BucketLakeFiles.Prefix + file));
        Assert.Equal(["1"], lake.Rows(lake.Find(Name)!, "id"));
    }

    private static Task<List<string>> KeysAsync(OpenStore store) => store.KeysAsync(BucketLakeFiles.Prefix);

    private static IEnumerable<int> Ids(JsonNode read) =>
        read["rows"]!.AsArray().Select(row => int.Parse((string)row!["id"]!, CultureInfo.InvariantCulture)).Order();

    private Task<OpenStore> OpenAsync(FaultProxy? proxy = null) => OpenStore.OfBucketAsync(server.Settings(OpenStore.NewBucket(), proxy?.Port));

    private static OpenLake Open(OpenStore store, int mostSnapshots = LakeSettings.DefaultSnapshots) =>
        new(new LakeSettings(mostSnapshots), store.Store, store.Settings);

    private static async Task AssertSameAsync(OpenLake lake, OpenStore store)
    {
        var local = lake.Files();
        Assert.Equal(local.Select(file => BucketLakeFiles.Prefix + file), await KeysAsync(store));
        foreach (var file in local)
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(lake.Root, file));
            Assert.Equal(bytes, await store.ReadAsync(BucketLakeFiles.Prefix + file));
            if (file.EndsWith(".json", StringComparison.Ordinal))
                Assert.DoesNotContain("file:", System.Text.Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
        }
    }
}
