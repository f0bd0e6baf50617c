using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Back to an older snapshot: a new one with its rows and its schema; nothing is lost.</summary>
public class RollbackTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public void A_rollback_restores_files_deletes_order_and_schema()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id", "SELECT range + 10::BIGINT AS id FROM range(5)", "SELECT 3::BIGINT AS id");
        var good = lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[1], 0, 1)]));
        lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[1], 0, 1, 2)]));
        lake.Append(Name, Columns(("id", Long), ("note", Text)), "SELECT 4::BIGINT AS id, 'x' AS note");
        var bad = lake.Replace(Name, Columns(("other", Text)), "SELECT 'bad' AS other");

        var back = Back(lake, good);
        Assert.Equal(["1", "12", "13", "14", "3"], lake.Rows(back, "id"));
        Assert.Equal(good.Files.Select(file => file.Path), back.Files.Select(file => file.Path));
        Assert.Equal((good.Schema.Id, good.RowCount, good.SizeBytes), (back.Schema.Id, back.RowCount, back.SizeBytes));
        IcebergReaders.Check(lake.FolderOf(back));
        Assert.Equal(5, (int)IcebergReaders.Read(lake.FolderOf(back))["rowCount"]!);
        lake.OpenAgain();
        Assert.Equal(good.Files.Select(file => (file.Path, file.Deletes?.Path)), lake.Find(Name)!.Files.Select(file => (file.Path, file.Deletes?.Path)));

        // Forth again, and on: columns that the table had never get their ids again.
        var forth = Back(lake, bad);
        Assert.Equal(["bad"], lake.Rows(forth, "other"));
        var next = lake.Append(Name, Columns(("other", Text), ("fresh", Int)), "SELECT 'next' AS other, 1 AS fresh");
        Assert.Equal(forth.LastColumnId + 1, next.Schema.Fields[^1].Id);
        Assert.Equal(["1", "12", "13", "14", "3"], lake.Rows(lake.Find(Name, good.SnapshotId)!, "id"));
        IcebergReaders.Check(lake.FolderOf(next));
        var infos = lake.Database.Read(connection => LakeTables.Snapshots(connection, Name))!;
        Assert.Equal([8L, 7, 6, 5, 4, 3, 2, 1], infos.Select(info => info.SequenceNumber));
        Assert.Equal(("append", true), (infos[0].Operation, infos[0].IsCurrent));
        Assert.Equal(bad.SnapshotId.ToString(System.Globalization.CultureInfo.InvariantCulture), infos[1].Summary["rat.rollback-to"]);
    }

    [Fact]
    public void A_snapshot_that_is_not_there_is_not_found()
    {
        using var lake = new OpenLake(mostSnapshots: 2);
        var first = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Replace(Name, Id, "SELECT 2::BIGINT AS id");
        lake.Replace(Name, Id, "SELECT 3::BIGINT AS id");

        var target = lake.Staging.Begin(Name, lake.Find(Name), Guid.NewGuid());
        Assert.Equal(FailureKind.NotFound, lake.Staging.Rollback(target, first.SnapshotId).Failure!.Kind);
        Assert.Equal(FailureKind.NotFound, lake.Staging.Rollback(target, 12345).Failure!.Kind);
    }

    [Fact]
    public async Task A_file_that_came_back_outlives_the_snapshots_it_was_in_first()
    {
        using var lake = new OpenLake(mostSnapshots: 3);
        var good = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Replace(Name, Id, "SELECT 2::BIGINT AS id");
        var back = Back(lake, good);
        for (var id = 3; id < 8; id++)
            lake.Append(Name, Id, $"SELECT {id}::BIGINT AS id");

        await lake.Sweep.RemoveExpiredAsync(CancellationToken.None);

        Assert.Equal(["1", "3", "4", "5", "6", "7"], lake.Rows(lake.Find(Name)!, "id"));
        IcebergReaders.Check(lake.FolderOf(back));
        // It goes with the last that has it.
        for (var id = 1; id <= 3; id++)
            lake.Replace(Name, Id, $"SELECT {id}::BIGINT AS id");
        await lake.Sweep.RemoveExpiredAsync(CancellationToken.None);
        Assert.Equal(3, lake.Files().Count(file => file.EndsWith(".parquet", StringComparison.Ordinal)));
    }

    private static TableState Back(OpenLake lake, TableState older) =>
        lake.Commit(lake.Staging.Rollback(lake.Staging.Begin(Name, lake.Find(Name), Guid.NewGuid()), older.SnapshotId).Value);
}
