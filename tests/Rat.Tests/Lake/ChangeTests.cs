using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Snapshots that add, remove and delete in one go, read by views, by icebird, and held against the specification.</summary>
public class ChangeTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public void Deleted_rows_are_gone_for_every_reader()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT range::BIGINT AS id FROM range(10)", "SELECT range::BIGINT + 10 AS id FROM range(10)");
        var before = lake.Append(Name, Id, "SELECT range::BIGINT + 20 AS id FROM range(10)");

        var state = lake.Change(Name, (target, current) => new TableChange(
            current.Schema, lake.Write(target, current.Schema, "SELECT 100::BIGINT AS id"), [], [lake.Delete(target, current.Files[1], 0, 5, 9)]));

        long[] expected = [.. Enumerable.Range(0, 30).Except([10, 15, 19]).Append(100)];
        AssertIs(lake, state, expected);
        Assert.Equal((28, 31L), (state.RowCount, state.Files.Sum(file => file.RowCount)));
        Assert.Equal(state.Files.Sum(file => file.SizeBytes) + state.Files[1].Deletes!.SizeBytes, state.SizeBytes);
        var summary = CommitTests.Metadata(lake, state)["snapshots"]!.AsArray()[^1]!["summary"]!;
        Assert.Equal(("overwrite", "1", "3", "3", "31"), ((string)summary["operation"]!, (string)summary["added-delete-files"]!,
            (string)summary["added-position-deletes"]!, (string)summary["total-position-deletes"]!, (string)summary["total-records"]!));
        AssertIs(lake, lake.Find(Name, before.SnapshotId)!, [.. Enumerable.Range(0, 30)]);
    }

    [Fact]
    public void New_deletes_of_a_file_take_the_place_of_its_old_ones()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT range::BIGINT AS id FROM range(10)");
        var first = lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, current.Files[0], 0)]));
        var second = lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, current.Files[0], 0, 1)]));
        var none = lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, current.Files[0])]));
        var all = lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, current.Files[0], [.. Enumerable.Range(0, 10)])]));

        AssertIs(lake, lake.Find(Name, first.SnapshotId)!, [.. Enumerable.Range(1, 9)]);
        AssertIs(lake, lake.Find(Name, second.SnapshotId)!, [.. Enumerable.Range(2, 8)]);
        AssertIs(lake, lake.Find(Name, none.SnapshotId)!, [.. Enumerable.Range(0, 10)]);
        // A file without a row left is no part of the table, and neither are its deletes.
        Assert.Empty(all.Files);
        Assert.Equal(1 + 2, lake.Files().Count(file => file.EndsWith(".parquet", StringComparison.Ordinal)));
        AssertIs(lake, all, []);
        lake.OpenAgain();
        Assert.Empty(lake.Find(Name)!.Files);
    }

    [Fact]
    public void A_removed_file_takes_its_deletes_with_it()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT range::BIGINT AS id FROM range(10)", "SELECT range::BIGINT + 10 AS id FROM range(10)");
        lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, current.Files[0], 3), lake.Delete(target, current.Files[1], 4)]));

        var state = lake.Change(Name, (target, current) => new TableChange(
            current.Schema, lake.Write(target, current.Schema, "SELECT 50::BIGINT AS id"), [current.Files[0]], []));

        AssertIs(lake, state, [.. Enumerable.Range(10, 10).Except([14]).Append(50)]);
        Assert.Equal("1", (string)CommitTests.Metadata(lake, state)["snapshots"]!.AsArray()[^1]!["summary"]!["removed-delete-files"]!);
        AssertIs(lake, lake.Replace(Name, Id, "SELECT 1::BIGINT AS id"), [1]);
    }

    [Fact]
    public void A_change_of_another_state_is_refused()
    {
        using var lake = new OpenLake();
        var old = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Replace(Name, Id, "SELECT 2::BIGINT AS id");

        Assert.Throws<ArgumentException>(() => lake.Change(Name, (_, current) => Only(current, removed: [old.Files[0]])));
        Assert.Throws<ArgumentException>(() => lake.Change(Name, (target, current) => Only(current, deletes: [lake.Delete(target, old.Files[0], 0)])));
        Assert.Throws<ArgumentException>(() => lake.Change(Name, (target, current) =>
            Only(current, removed: [current.Files[0]], deletes: [lake.Delete(target, current.Files[0])])));
        AssertIs(lake, lake.Find(Name)!, [2]);
    }

    [Fact]
    public void Hundreds_of_upserts_keep_the_manifests_few()
    {
        using var lake = new OpenLake();
        var random = new Random(3);
        var rows = new HashSet<long>();
        lake.Replace(Name, Id);
        for (var commit = 0; commit < 120; commit++)
        {
            lake.Change(Name, (target, current) =>
            {
                var deletes = new List<WrittenDeletes>();
                var removed = new List<DataFile>();
                foreach (var file in current.Files.Where(_ => random.Next(8) == 0))
                {
                    var ids = lake.Duck.Column($"SELECT id FROM read_parquet('{lake.Staging.PathOf(file)}')").Select(long.Parse).ToList();
                    if (random.Next(3) == 0)
                    {
                        removed.Add(file);
                        rows.ExceptWith(ids);
                        continue;
                    }

                    long[] positions = [.. Enumerable.Range(0, ids.Count).Where(position => !rows.Contains(ids[position]) || random.Next(4) == 0).Select(p => (long)p)];
                    rows.ExceptWith(positions.Select(position => ids[(int)position]));
                    deletes.Add(lake.Delete(target, file, positions));
                }

                var from = commit * 20;
                rows.UnionWith(Enumerable.Range(from, 20).Select(id => (long)id));
                return new TableChange(
                    current.Schema, lake.Write(target, current.Schema, $"SELECT {from} + range::BIGINT AS id FROM range(20)"), removed, deletes);
            });
        }

        var state = lake.Find(Name)!;
        AssertIs(lake, state, [.. rows.Order()]);
        Assert.InRange(lake.History(state).Manifests.Count, 2, 60);
        IcebergReaders.Check(lake.FolderOf(state));
        lake.OpenAgain();
        var loaded = lake.Find(Name)!;
        Assert.Equal(state.Files.Select(file => (file.Path, file.Deletes?.Path)), loaded.Files.Select(file => (file.Path, file.Deletes?.Path)));
        Assert.Equal(rows.Count, loaded.RowCount);
    }

    [Fact]
    public void A_file_can_take_the_place_of_another()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id", "SELECT 2::BIGINT AS id", "SELECT 3::BIGINT AS id");
        var state = lake.Change(Name, (target, current) => new TableChange(
            current.Schema,
            [lake.Write(target, current.Schema, "SELECT 20::BIGINT AS id")[0] with { Position = current.Files[1].Position }],
            [current.Files[1]],
            []));

        Assert.Equal(["1", "20", "3"], state.Files.Select(file => lake.Duck.Scalar($"SELECT id FROM read_parquet('{lake.Staging.PathOf(file)}')")));
        lake.OpenAgain();
        Assert.Equal(state.Files.Select(file => file.Path), lake.Find(Name)!.Files.Select(file => file.Path));
    }

    private static TableChange Only(TableState current, DataFile[]? removed = null, WrittenDeletes[]? deletes = null) =>
        new(current.Schema, [], removed ?? [], deletes ?? []);

    private static void AssertIs(OpenLake lake, TableState state, long[] ids)
    {
        string[] expected = [.. ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, lake.Rows(state, "id"));
        Assert.Equal(ids.Length, state.RowCount);
        if (state.SnapshotId != lake.Find(Name)!.SnapshotId)
            return;
        var table = IcebergReaders.Read(lake.FolderOf(state));
        Assert.Equal(expected, table["rows"]!.AsArray().Select(row => (string)row!["id"]!).Order(StringComparer.Ordinal));
        IcebergReaders.Check(lake.FolderOf(state));
    }
}
