using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>A data directory that was moved: rat goes on at once, and other readers do after the next commit.</summary>
public class MoveTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public void A_moved_directory_is_read_at_once()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id", "SELECT 2::BIGINT AS id");

        lake.Move();

        Assert.Equal(state.Files.Select(file => file.Path), lake.Find(Name)!.Files.Select(file => file.Path));
        Assert.All(lake.Find(Name)!.Files, file => Assert.True(File.Exists(Path.Combine(lake.Root, file.Path))));
        Assert.Equal($"file://{lake.Root}/{state.MetadataPath}", lake.Tables.MetadataUri(lake.Find(Name)!));
    }

    [Fact]
    public void The_first_append_after_a_move_names_every_file_where_it_is_now()
    {
        using var lake = new OpenLake();
        var first = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        for (var id = 2; id <= 5; id++)
            lake.Append(Name, Id, $"SELECT {id}::BIGINT AS id");

        lake.Move();
        var moved = lake.Append(Name, Id, "SELECT 6::BIGINT AS id");
        AssertReadable(lake, moved, 6);

        // From here on appends are cheap again: one more manifest each.
        var next = lake.Append(Name, Id, "SELECT 7::BIGINT AS id");
        AssertReadable(lake, next, 7);
        Assert.Equal(2, lake.History(next).Manifests.Count);

        // Back, and away again: what was rewritten counts, not where the table began.
        lake.Move();
        AssertReadable(lake, lake.Append(Name, Id, "SELECT 8::BIGINT AS id"), 8);
        Assert.Equal(1, lake.Find(Name, first.SnapshotId)!.RowCount);
    }

    [Fact]
    public void The_first_replacement_after_a_move_names_nothing_old()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Append(Name, Id, "SELECT 2::BIGINT AS id");

        lake.Move();

        AssertReadable(lake, lake.Replace(Name, Id, "SELECT 3::BIGINT AS id"), 1);
    }

    [Fact]
    public void The_first_commit_after_a_move_names_deleted_rows_where_they_are_now()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT range::BIGINT AS id FROM range(10)", "SELECT 50::BIGINT AS id");
        var state = lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[0], 0, 4)]));

        lake.Move();
        Assert.Equal(["1", "2", "3", "5", "50", "6", "7", "8", "9"], lake.Rows(lake.Find(Name)!, "id"));
        var moved = lake.Append(Name, Id, "SELECT 60::BIGINT AS id");

        AssertReadable(lake, moved, 10);
        Assert.NotEqual(state.Files[0].Deletes!.Path, moved.Files[0].Deletes!.Path);
        Assert.Equal(moved.Files[0].Deletes!.Path, lake.Append(Name, Id, "SELECT 61::BIGINT AS id").Files[0].Deletes!.Path);

        // The older deletes name the older place.
        var back = lake.Commit(lake.Staging.Rollback(lake.Staging.Begin(Name, lake.Find(Name), Guid.NewGuid()), state.SnapshotId).Value);
        AssertReadable(lake, back, 9);
    }

    // --current: the metadata of older snapshots names the place that they were written at.
    private static void AssertReadable(OpenLake lake, TableState state, int rows)
    {
        Assert.Equal(rows, (int)IcebergReaders.Read(lake.FolderOf(state))["rowCount"]!);
        IcebergReaders.Check(lake.FolderOf(state), "--current");
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(lake.FolderOf(state), "metadata"), "*.json"),
            file => file.EndsWith(Path.GetFileName(state.MetadataPath), StringComparison.Ordinal)
                && !File.ReadAllText(file).Contains($"file://{lake.Root}/", StringComparison.Ordinal));
    }
}
