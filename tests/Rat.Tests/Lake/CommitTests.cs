using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Snapshots in a row, read back by the catalog and by another implementation.</summary>
public class CommitTests
{
    private static readonly TableName Name = new("default", "silver", "orders");
    private static readonly NewColumn[] Id = Columns(("id", Long));

    [Fact]
    public void There_is_no_table_before_its_first_commit()
    {
        using var lake = new OpenLake();
        var target = lake.Staging.Begin(Name, null, Guid.NewGuid());
        var schema = SchemaAssignment.Replace(null, Id);
        var commit = lake.Staging.Replace(target, schema, lake.Write(target, schema, "SELECT 1::BIGINT AS id"));

        Assert.Null(lake.Find(Name));
        Assert.Empty(lake.Database.Read(connection => LakeTables.List(connection, null, null)));
        Assert.Matches("^default/silver/orders-[0-9a-f]{8}$", target.Location);
        Assert.StartsWith(target.RunId.ToString(), target.FilePrefix, StringComparison.Ordinal);

        lake.Commit(commit);

        Assert.Equal(commit.State.SnapshotId, lake.Find(Name)!.SnapshotId);
        var listed = Assert.Single(lake.Database.Read(connection => LakeTables.List(connection, "default", "silver")));
        Assert.Equal((Name, 1, commit.State.SizeBytes), (listed.Name, listed.RowCount, listed.SizeBytes));
        Assert.Empty(lake.Database.Read(connection => LakeTables.List(connection, "default", "gold")));
        Assert.Equal($"file://{lake.Root}/{commit.State.MetadataPath}", lake.Tables.MetadataUri(commit.State));
    }

    [Fact]
    public void Forty_appends_are_forty_snapshots_in_few_manifests()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Id, "SELECT 0::BIGINT AS id");
        for (var id = 1; id <= 40; id++)
            state = lake.Append(Name, Id, $"SELECT {id}::BIGINT AS id");

        var counts = IcebergReaders.Check(lake.FolderOf(state));

        Assert.Equal((41, 41L, 41), (state.Files.Count, state.RowCount, (int)counts["snapshots"]!));
        Assert.Equal(Enumerable.Range(0, 41).Select(id => $"{id}"), Ids(IcebergReaders.Read(lake.FolderOf(state))));
        Assert.InRange(lake.History(state).Manifests.Count, 2, 30);
        var metadata = Metadata(lake, state);
        Assert.Equal(20, metadata["metadata-log"]!.AsArray().Count);
        Assert.Equal(41, metadata["snapshot-log"]!.AsArray().Count);
        // What the log no longer names is deleted as it goes, and the version's link with it.
        Assert.Equal(21, lake.Files().Count(file => Regex.IsMatch(file, "/[0-9]{5}-[^/]*[.]metadata[.]json$")));
        Assert.Equal([$"{state.Location}/metadata/v41.metadata.json"], lake.Files().Where(file => Regex.IsMatch(file, "/v[^/]*[.]json$")));
        lake.OpenAgain();
        Assert.Equal(state.Files.Select(file => file.Path), lake.Find(Name)!.Files.Select(file => file.Path));
    }

    [Fact]
    public void Replacing_after_appends_leaves_only_the_new_files_and_every_old_snapshot()
    {
        using var lake = new OpenLake();
        var first = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var second = lake.Append(Name, Id, "SELECT 2::BIGINT AS id", "SELECT 3::BIGINT AS id");
        var third = lake.Replace(Name, Id, "SELECT 4::BIGINT AS id");
        var fourth = lake.Append(Name, Id, "SELECT 5::BIGINT AS id");

        Assert.Equal(["4", "5"], Ids(IcebergReaders.Read(lake.FolderOf(fourth))));
        IcebergReaders.Check(lake.FolderOf(fourth));
        var summary = Metadata(lake, third)["snapshots"]![2]!["summary"]!;
        Assert.Equal(("overwrite", "1", "3", "1"), ((string)summary["operation"]!, (string)summary["added-records"]!,
            (string)summary["deleted-records"]!, (string)summary["total-records"]!));

        lake.OpenAgain();
        Assert.Equal([4L, 5], RowIds(lake, lake.Find(Name)!));
        Assert.Equal([4L], RowIds(lake, lake.Find(Name, third.SnapshotId)!));
        Assert.Equal([1L, 2, 3], RowIds(lake, lake.Find(Name, second.SnapshotId)!));
        Assert.Equal([1L], RowIds(lake, lake.Find(Name, first.SnapshotId)!));
        Assert.Equal((1, 3L), (lake.Find(Name, first.SnapshotId)!.Files.Count, lake.Find(Name, second.SnapshotId)!.RowCount));
        Assert.Null(lake.Find(Name, 12345));
    }

    [Fact]
    public void A_column_is_added_and_widened_without_rewriting()
    {
        using var lake = new OpenLake();
        var before = lake.Replace(Name, Columns(("id", Int)), "SELECT 1::INTEGER AS id");
        var after = lake.Append(Name, Columns(("id", Long), ("note", Text)), "SELECT 5000000000::BIGINT AS id, 'new' AS note");

        var table = IcebergReaders.Read(lake.FolderOf(after));

        Assert.Equal(["1", "5000000000"], Ids(table));
        Assert.Equal([null, "new"], table["rows"]!.AsArray().Select(row => (string?)row!["note"]));
        IcebergReaders.Check(lake.FolderOf(after));
        Assert.Equal(["id"], lake.Find(Name, before.SnapshotId)!.Schema.Fields.Select(field => field.Name));
        Assert.Equal(2, Metadata(lake, after)["schemas"]!.AsArray().Count);
    }

    [Fact]
    public void A_table_that_loses_every_row_is_empty_and_can_be_filled_again()
    {
        using var lake = new OpenLake();
        lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var empty = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id WHERE false");

        Assert.Equal((0, 0L), (empty.Files.Count, empty.RowCount));
        Assert.Single(lake.Files(), file => file.EndsWith(".parquet", StringComparison.Ordinal));
        Assert.Equal(0, (int)IcebergReaders.Read(lake.FolderOf(empty))["rowCount"]!);
        IcebergReaders.Check(lake.FolderOf(empty));

        var filled = lake.Append(Name, Id, "SELECT 2::BIGINT AS id");
        Assert.Equal(["2"], Ids(IcebergReaders.Read(lake.FolderOf(filled))));
        IcebergReaders.Check(lake.FolderOf(filled));
    }

    [Fact]
    public void An_empty_first_commit_is_a_table()
    {
        using var lake = new OpenLake();
        var state = lake.Replace(Name, Id);

        Assert.Empty(lake.Find(Name)!.Files);
        IcebergReaders.Check(lake.FolderOf(state));
    }

    [Fact]
    public void Of_two_commits_on_one_base_the_second_changes_nothing()
    {
        using var lake = new OpenLake();
        var schema = SchemaAssignment.Replace(null, Id);
        var (first, second) = (Stage(lake, null, schema, 1), Stage(lake, null, schema, 2));
        lake.Commit(first);
        Assert.False(lake.TryCommit(second));
        Assert.Equal([1L], RowIds(lake, lake.Find(Name)!));

        var @base = lake.Find(Name);
        var (third, fourth) = (Stage(lake, @base, schema, 3), Stage(lake, @base, schema, 4));
        lake.Commit(third);
        Assert.False(lake.TryCommit(fourth));

        lake.OpenAgain();
        Assert.Equal([3L], RowIds(lake, lake.Find(Name)!));
        Assert.Equal(2, (int)IcebergReaders.Check(lake.FolderOf(third.State))["snapshots"]!);
    }

    [Fact]
    public async Task A_transaction_that_fails_leaves_the_old_state()
    {
        using var lake = new OpenLake();
        var old = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var commit = Stage(lake, old, old.Schema, 2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => lake.Database.WriteAsync<bool>(connection =>
            lake.Tables.TryCommit(connection, commit) ? throw new InvalidOperationException("the run was cancelled") : true));

        Assert.Equal(old.SnapshotId, lake.Find(Name)!.SnapshotId);
        Assert.Null(lake.Find(Name, commit.State.SnapshotId));
        Assert.True(lake.TryCommit(commit));
    }

    [Fact]
    public void A_discarded_run_leaves_no_file()
    {
        using var lake = new OpenLake();
        var never = lake.Staging.Begin(Name, null, Guid.NewGuid());
        var schema = SchemaAssignment.Replace(null, Id);
        lake.Staging.Replace(never, schema, lake.Write(never, schema, "SELECT 1::BIGINT AS id"));
        lake.Staging.Discard(never);
        Assert.Empty(lake.Files());
        Assert.False(Directory.Exists(Path.Combine(lake.Root, never.Location)));

        var state = lake.Replace(Name, Id, "SELECT 1::BIGINT AS id");
        var before = lake.Files();
        var target = lake.Staging.Begin(Name, state, Guid.NewGuid());
        lake.Staging.Append(target, schema, lake.Write(target, schema, "SELECT 2::BIGINT AS id"));
        lake.Staging.Discard(target);

        Assert.Equal(before, lake.Files());
        IcebergReaders.Check(lake.FolderOf(state));
    }

    [Fact]
    public void A_table_is_taken_over_by_a_later_pipeline_of_its_name()
    {
        using var lake = new OpenLake();
        var old = lake.Replace(Name, Columns(("id", Long), ("gone", Int)), "SELECT 1::BIGINT AS id, 2 AS gone");
        var next = lake.Replace(Name, Columns(("id", Long), ("other", Int)), "SELECT 3::BIGINT AS id, 4 AS other");

        Assert.Equal((old.TableId, old.Location), (next.TableId, next.Location));
        Assert.Equal([1, 3], next.Schema.Fields.Select(field => field.Id));
        Assert.Equal(3, next.LastColumnId);
    }

    internal static StagedCommit Stage(OpenLake lake, TableState? current, LakeSchema schema, int id)
    {
        var target = lake.Staging.Begin(Name, current, Guid.NewGuid());
        return lake.Staging.Replace(target, schema, lake.Write(target, schema, $"SELECT {id}::BIGINT AS id"));
    }

    internal static JsonNode Metadata(OpenLake lake, TableState state) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(lake.Root, state.MetadataPath)))!;

    private static IEnumerable<string> Ids(JsonNode table) =>
        table["rows"]!.AsArray().Select(row => (string)row!["id"]!).OrderBy(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture));

    private static long[] RowIds(OpenLake lake, TableState state)
    {
        var files = string.Join(", ", state.Files.Select(file => $"'{Path.Combine(lake.Root, file.Path)}'"));
        return [.. lake.Duck.Scalar($"SELECT string_agg(id, ',' ORDER BY id) FROM read_parquet([{files}])")
            .Split(',').Select(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
