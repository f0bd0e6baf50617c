using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>A table's past is bounded, and what a commit costs with it.</summary>
public class RetentionTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public void Past_five_hundred_snapshots_the_oldest_goes_with_each_commit()
    {
        using var lake = new OpenLake();
        var states = new List<TableState>();
        for (var id = 1; id <= 510; id++)
            states.Add(id % 5 == 0 ? lake.Replace(Name, Id, $"SELECT {id}::BIGINT AS id") : AppendOrBegin(lake, id));

        var current = states[^1];
        var metadata = CommitTests.Metadata(lake, current);
        Assert.Equal(500, metadata["snapshots"]!.AsArray().Count);
        Assert.Equal(500, metadata["snapshot-log"]!.AsArray().Count);
        Assert.Equal(states[10].SnapshotId, (long)metadata["snapshots"]![0]!["snapshot-id"]!);
        Assert.Null(lake.Find(Name, states[9].SnapshotId));
        Assert.Equal(states[10].RowCount, lake.Find(Name, states[10].SnapshotId)!.RowCount);
        Assert.Equal(500, lake.Files().Count(file => Path.GetFileName(file).StartsWith("snap-", StringComparison.Ordinal)));

        lake.OpenAgain();
        foreach (var state in states.Skip(10).Where((_, index) => index % 49 == 0))
            Assert.Equal(state.Files.Select(file => file.Path), lake.Find(Name, state.SnapshotId)!.Files.Select(file => file.Path));
        var counts = IcebergReaders.Check(lake.FolderOf(current));
        Assert.Equal(500, (int)counts["snapshots"]!);
    }

    [Fact]
    public void Schemas_that_no_snapshot_uses_any_more_go()
    {
        using var lake = new OpenLake(mostSnapshots: 2);
        for (var number = 1; number <= 5; number++)
            lake.Replace(Name, Columns(($"c{number}", Long)), $"SELECT {number}::BIGINT AS c{number}");

        var state = lake.Find(Name)!;
        Assert.Equal((4, 5), (state.LastSchemaId, state.LastColumnId));
        Assert.Equal(2, CommitTests.Metadata(lake, state)["schemas"]!.AsArray().Count);
        IcebergReaders.Check(lake.FolderOf(state));
    }

    [Fact]
    public void One_snapshot_is_enough()
    {
        using var lake = new OpenLake(mostSnapshots: 1);
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Append(Name, Id, "SELECT 2::BIGINT AS id");
        var state = lake.Replace(Name, Id, "SELECT 3::BIGINT AS id");

        Assert.Equal(1, (int)IcebergReaders.Check(lake.FolderOf(state))["snapshots"]!);
    }

    private static TableState AppendOrBegin(OpenLake lake, int id) =>
        id == 1 ? lake.Replace(Name, Id, "SELECT 1::BIGINT AS id") : lake.Append(Name, Id, $"SELECT {id}::BIGINT AS id");
}
