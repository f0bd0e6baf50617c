using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>What a start finds of a process that died: old state or new state, and nothing beside it.</summary>
public class SweepTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public async Task A_start_removes_what_was_not_committed_and_nothing_else()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Append(Name, Id, "SELECT 2::BIGINT AS id");
        var state = lake.Replace(Name, Id, "SELECT 3::BIGINT AS id");
        var whole = lake.Files();

        // One run died after it wrote data files, one right before its pointer was swapped, one on a table that never came to be.
        var half = lake.Staging.Begin(Name, state, Guid.NewGuid());
        lake.Write(half, state.Schema, "SELECT 4::BIGINT AS id", "SELECT 5::BIGINT AS id");
        CommitTests.Stage(lake, state, state.Schema, 6);
        var never = lake.Staging.Begin(Name with { Name = "never" }, null, Guid.NewGuid());
        lake.Staging.Replace(never, state.Schema, lake.Write(never, state.Schema, "SELECT 7::BIGINT AS id"));
        Assert.Equal(whole.Count + 2 + 4 + 4, lake.Files().Count);

        await OpenLaterAsync(lake);
        Assert.Equal(10, await lake.Sweep.SweepAsync(CancellationToken.None));

        Assert.Equal(whole, lake.Files());
        Assert.False(Directory.Exists(Path.Combine(lake.Root, never.Location)));
        Assert.Equal(state.SnapshotId, lake.Find(Name)!.SnapshotId);
        IcebergReaders.Check(lake.FolderOf(state));
        Assert.Equal(0, await lake.Sweep.SweepAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_sweep_leaves_the_runs_of_its_own_process_alone()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        await OpenLaterAsync(lake);
        var half = lake.Staging.Begin(Name, state, Guid.NewGuid());
        lake.Write(half, state.Schema, "SELECT 4::BIGINT AS id");
        var staged = CommitTests.Stage(lake, state, state.Schema, 6);
        var empty = lake.Staging.Begin(Name with { Name = "begun" }, null, Guid.NewGuid());
        var before = lake.Files();

        Assert.Equal(0, await lake.Sweep.SweepAsync(CancellationToken.None));

        Assert.Equal(before, lake.Files());
        Assert.True(Directory.Exists(empty.DataFolder));
        IcebergReaders.Check(lake.FolderOf(lake.Commit(staged)));
    }

    [Fact]
    public async Task A_hint_that_a_crash_left_behind_is_corrected()
    {
        using var lake = new OpenLake();
        var old = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var staged = CommitTests.Stage(lake, old, old.Schema, 2);
        Assert.True(lake.TryCommit(staged)); // and the process dies before Finish
        Assert.Equal(old.SnapshotId, (long)IcebergReaders.Read(lake.FolderOf(old))["snapshotId"]!);

        await OpenLaterAsync(lake);
        await lake.Sweep.SweepAsync(CancellationToken.None);

        Assert.Equal(staged.State.SnapshotId, (long)IcebergReaders.Read(lake.FolderOf(old))["snapshotId"]!);
        Assert.Single(lake.Files(), file => file.Contains("/v2.", StringComparison.Ordinal));
        IcebergReaders.Check(lake.FolderOf(old));
    }

    [Fact]
    public async Task Files_of_expired_snapshots_go_once_nobody_can_read_them()
    {
        using var lake = new OpenLake(mostSnapshots: 3);
        var states = new List<TableState>();
        void Commit(int id) => states.Add(lake.Replace(Name, Id, $"SELECT {id}::BIGINT AS id"));
        bool[] Present() => [.. states.Select(state => File.Exists(lake.Staging.PathOf(state.Files[0])))];
        Commit(1);
        Commit(2);
        var reader = lake.Pins.Open();
        var statement = lake.Pins.Open();
        statement.Narrow([states[1]]);
        for (var id = 3; id <= 6; id++)
            Commit(id);

        // Who has not said yet what he reads may read anything.
        Assert.Equal((0, 3), await lake.Sweep.RemoveExpiredAsync(CancellationToken.None));
        reader.Dispose();
        Assert.Equal((2, 1), await lake.Sweep.RemoveExpiredAsync(CancellationToken.None));
        Assert.Equal([false, true, false, true, true, true], Present());
        statement.Dispose();
        Assert.Equal((1, 0), await lake.Sweep.RemoveExpiredAsync(CancellationToken.None));
        Assert.Equal([false, false, false, true, true, true], Present());
        Assert.Equal(3, (int)IcebergReaders.Check(lake.FolderOf(states[^1]))["snapshots"]!);
    }

    [Fact]
    public async Task Files_that_were_held_when_the_process_died_go_at_the_next_start()
    {
        using var lake = new OpenLake(mostSnapshots: 1);
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        lake.Pins.Open();
        lake.Replace(Name, Id, "SELECT 2::BIGINT AS id");
        Assert.Equal((0, 1), await lake.Sweep.RemoveExpiredAsync(CancellationToken.None));

        lake.OpenAgain();

        Assert.Equal(1, await lake.Sweep.SweepAsync(CancellationToken.None));
        Assert.Single(lake.Files(), file => file.EndsWith(".parquet", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lost_database_takes_no_table_with_it()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var whole = lake.Files();
        lake.Close();
        foreach (var file in Directory.GetFiles(lake.Folder, "rat.db*"))
            File.Delete(file);

        // With a new database in its place, the sweep would take every file for an orphan.
        Assert.Contains("rat.db", OpenedStorage.Open(lake.Folder).Failure!.Message, StringComparison.Ordinal);

        Assert.Equal(whole, lake.Files());
        Assert.Equal(1, (int)IcebergReaders.Read(lake.FolderOf(state))["rowCount"]!);
    }

    // Longer than the clock of the file system takes to tick.
    private static async Task OpenLaterAsync(OpenLake lake)
    {
        await Task.Delay(50);
        lake.OpenAgain();
        await Task.Delay(50);
    }
}
