using Microsoft.Extensions.Logging.Abstractions;
using Rat.Engine;
using Rat.Engine.Duck;
using Rat.Engine.Maintenance;
using Rat.Engine.Runs;
using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Files that are written again hold the same rows in the same order, whatever runs do meanwhile.</summary>
public class CompactionTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public async Task Deleted_rows_go_for_good_and_order_stays()
    {
        using var lake = new OpenLake();
        using var duck = Open(lake);
        lake.Replace(Name, Columns(("file", Long), ("POSITION", Text)), "SELECT range AS file, 'a' AS \"POSITION\" FROM range(1000)",
            "SELECT range + 1000 AS file, 'b' AS \"POSITION\" FROM range(1000)", "SELECT range + 2000 AS file, 'c' AS \"POSITION\" FROM range(1000)");
        var before = lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [],
            [lake.Delete(target, current.Files[0], 5), lake.Delete(target, current.Files[1], [.. Enumerable.Range(0, 200).Select(i => i * 5L)])]));

        var compacted = await New(lake, duck).CompactAsync(Name, CancellationToken.None);

        Assert.Equal((1, 1), (compacted!.Files, compacted.Into));
        var after = lake.Find(Name)!;
        Assert.Equal(before.RowCount, after.RowCount);
        Assert.Equal([before.Files[0].Path, before.Files[2].Path], after.Files.Where((_, index) => index != 1).Select(file => file.Path));
        Assert.Equal((800L, null), (after.Files[1].RowCount, after.Files[1].Deletes));
        Assert.Equal(lake.Rows(before, "file"), lake.Rows(after, "file"));
        Assert.Equal("0", lake.Duck.Scalar($"SELECT count(*) FROM (SELECT file, lag(file) OVER (ORDER BY file_row_number) AS l FROM "
            + $"read_parquet('{lake.Staging.PathOf(after.Files[1])}', file_row_number = true)) WHERE l >= file"));
        Assert.Equal("replace", lake.Database.Read(connection => LakeTables.Snapshots(connection, Name))![0].Operation);
        IcebergReaders.Check(lake.FolderOf(after));
        Assert.Null(await New(lake, duck).CompactAsync(Name, CancellationToken.None));
    }

    [Fact]
    public async Task Small_files_of_each_partition_are_put_together()
    {
        using var lake = new OpenLake();
        using var duck = Open(lake);
        var schema = SchemaAssignment.Replace(null, Columns(("kind", Text), ("id", Long)));
        var spec = PartitionSpecs.New(schema, [("kind", SpecTransform.Identity)]).Value;
        var target = lake.Staging.Begin(Name, null, Guid.NewGuid());
        string[] kinds = ["a", "b"];
        var files = lake.Write(target, schema, [.. Enumerable.Range(0, 24).Select(id => $"SELECT '{kinds[id % 2]}' AS kind, {id}::BIGINT AS id")])
            .Select((file, id) => file with { Partition = PartitionTuples.Parse(spec, schema, [kinds[id % 2]]).Value });
        var before = lake.Commit(lake.Staging.Change(target, new TableChange(schema, [.. files], [], []) { NewSpec = spec }));

        var compacted = await New(lake, duck).CompactAsync(Name, CancellationToken.None);

        Assert.Equal((24, 2), (compacted!.Files, compacted.Into));
        var after = lake.Find(Name)!;
        Assert.Equal(lake.Rows(before, "id"), lake.Rows(after, "id"));
        Assert.Equal(before.Files.Take(2).Select(file => file.Partition), after.Files.Select(file => file.Partition));
        IcebergReaders.Check(lake.FolderOf(after));
        Assert.Equal(24, (int)IcebergReaders.Read(lake.FolderOf(after))["rowCount"]!);
    }

    [Fact]
    public async Task What_a_run_has_changed_meanwhile_stays_as_it_is()
    {
        using var lake = new OpenLake();
        using var duck = Open(lake);
        lake.Replace(Name, Id, [.. Enumerable.Range(0, 12).Select(id => $"SELECT unnest([{id}, {id + 100}])::BIGINT AS id")]);
        var locks = new TableLocks();
        Task<Compacted?> compacting;
        using (await locks.AcquireAsync(Name, CancellationToken.None))
        {
            compacting = New(lake, duck, locks).CompactAsync(Name, CancellationToken.None);
            // Its files are written beside the run; only the commit waits for the lock.
            while (lake.Files().Count(file => file.EndsWith(".parquet", StringComparison.Ordinal)) == 12)
                await Task.Delay(10);
            lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[3], 0)]));
        }

        Assert.Null(await compacting);
        Assert.Equal(23, lake.Find(Name)!.RowCount);
        Assert.Equal(13, lake.Files().Count(file => file.EndsWith(".parquet", StringComparison.Ordinal)));
        Assert.Equal(12, (await New(lake, duck).CompactAsync(Name, CancellationToken.None))!.Files);
        Assert.Equal(23, lake.Rows(lake.Find(Name)!, "id").Count);
    }

    [Fact]
    public void A_row_is_rewritten_few_times_however_often_a_table_is_appended_to()
    {
        const int appends = 3000;
        var (files, rewritten, most) = (new List<DataFile>(), 0L, 0);
        for (var append = 0; append < appends; append++)
        {
            files.Add(New($"f{append}", 1000, 1000));
            foreach (var group in CompactionPlan.Of(files))
            {
                rewritten += group.Sum(file => file.RowCount);
                files = [.. files.Except(group), New($"c{append}", group.Sum(file => file.RowCount), group.Sum(file => file.SizeBytes))];
            }

            most = Math.Max(most, files.Count);
        }

        Assert.InRange(most, 1, 25);
        Assert.InRange(rewritten / (double)(appends * 1000), 0.5, 12);
    }

    [Fact]
    public void Large_files_without_deletes_are_left_alone()
    {
        var files = Enumerable.Range(0, 50).Select(number => New($"f{number}", 1_000_000, 60L << 20)).ToList();
        Assert.Empty(CompactionPlan.Of(files));

        var marked = files[7] with { Deletes = new DeleteFile("d", 100_001, 1000, new Dictionary<int, ColumnStatistics>(), "file:///") };
        files[7] = marked;
        Assert.Equal([marked], Assert.Single(CompactionPlan.Of(files)));
        files[7] = marked with { Deletes = marked.Deletes! with { RowCount = 99_999 } };
        Assert.Empty(CompactionPlan.Of(files));
    }

    private static DataFile New(string path, long rows, long bytes) => new(path, rows, bytes, new Dictionary<int, ColumnStatistics>());

    private static DuckInstances Open(OpenLake lake) =>
        new(new EngineSettings { MemoryLimitBytes = 512L << 20 }, lake.Directory, lake.Pins, NullLogger<DuckInstances>.Instance);

    private static Compaction New(OpenLake lake, DuckInstances duck, TableLocks? locks = null) =>
        new(lake.Database, lake.Tables, lake.Staging, lake.Pins, new TableCheck(lake.Directory, lake.Kept, TimeProvider.System), locks ?? new TableLocks(), duck,
            lake.Directory);
}
