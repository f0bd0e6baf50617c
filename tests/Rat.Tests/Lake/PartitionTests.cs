using Rat.Storage;
using Rat.Storage.Lake;
using static Rat.Tests.Lake.LakeColumns;

namespace Rat.Tests.Lake;

/// <summary>Partitioned tables: specs, tuples, summaries, and position deletes inside partitions.</summary>
public class PartitionTests
{
    private static readonly TableName Name = new("default", "silver", "events");

    // Every type that a table can be partitioned by as it is: two values, the same as text, and the SQL.
    private static readonly Dictionary<string, (LakeType Type, string[] Texts, string[] Sql)> Identities = new()
    {
        ["boolean"] = (Bool, ["true", "false"], ["true", "false"]),
        ["int"] = (Int, ["-5", "2147483647"], ["-5", "2147483647"]),
        ["long"] = (Long, ["-5", "9000000000000001"], ["-5::BIGINT", "9000000000000001"]),
        ["float"] = (Float32, ["1.5", "nan"], ["1.5::FLOAT", "'nan'::FLOAT"]),
        ["double"] = (Float64, ["0", "-inf"], ["0::DOUBLE", "'-inf'::DOUBLE"]),
        ["date"] = (Date, ["1969-12-31", "2024-02-29"], ["DATE '1969-12-31'", "DATE '2024-02-29'"]),
        ["time"] = (Time, ["23:59:59.999999", "00:00:00"], ["TIME '23:59:59.999999'", "TIME '00:00:00'"]),
        ["timestamp"] = (Timestamp, ["2024-01-01 01:02:03", "1969-12-31 23:59:59.999999"],
            ["TIMESTAMP '2024-01-01 01:02:03'", "TIMESTAMP '1969-12-31 23:59:59.999999'"]),
        ["string"] = (Text, ["a rather long text that no bound would hold", ""], ["'a rather long text that no bound would hold'", "''"]),
        ["uuid"] = (Uuid, ["6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000"],
            ["'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", "'00000000-0000-0000-0000-000000000000'::UUID"]),
        ["decimal"] = (Decimal(19, 3), ["-0.001", "1234567890123.456"], ["-0.001::DECIMAL(19,3)", "1234567890123.456::DECIMAL(19,3)"]),
    };

    public static TheoryData<string> IdentityTypes => [.. Identities.Keys];

    [Theory]
    [MemberData(nameof(IdentityTypes))]
    public void A_table_is_partitioned_by_any_type(string type)
    {
        var (lakeType, texts, sql) = Identities[type];
        using var lake = new OpenLake();
        var state = Create(lake, Columns(("wei rd", lakeType), ("id", Int)), [("WEI RD", SpecTransform.Identity)],
            ([texts[0]], $"SELECT {sql[0]} AS \"wei rd\", 1 AS id"),
            ([texts[1]], $"SELECT {sql[1]} AS \"wei rd\", 2 AS id UNION ALL SELECT {sql[1]}, 3"),
            ([null], $"SELECT CAST(NULL AS {LakeTypeText.ToSql(lakeType)}) AS \"wei rd\", 4 AS id"));

        AssertIs(lake, state, 1, 2, 3, 4);
        Assert.Equal("wei rd", Assert.Single(state.Spec.Fields).Name);
        lake.OpenAgain();
        var loaded = lake.Find(Name)!;
        Assert.Equal(state.Files.Select(file => file.Partition), loaded.Files.Select(file => file.Partition));
        Assert.Equal(state.Spec.Fields, loaded.Spec.Fields);

        // Deletes belong to the partition of their data file.
        AssertIs(lake, lake.Change(Name, (target, current) => new TableChange(current.Schema, [], [], [lake.Delete(target, current.Files[1], 0)])), 1, 3, 4);
    }

    [Theory]
    [InlineData("year", "54", "-1")]
    [InlineData("month", "649", "-1")]
    [InlineData("day", "2024-02-29", "-1")]
    [InlineData("hour", "474769", "-1")]
    public void Times_are_divided_by_the_calendar(string transform, string late, string early)
    {
        using var lake = new OpenLake();
        var by = PartitionSpecs.Parse(transform);
        var state = Create(lake, Columns(("at", Timestamp), ("id", Int)), [("at", by)],
            ([late], "SELECT TIMESTAMP '2024-02-29 01:02:03' AS at, 1 AS id"),
            ([early], "SELECT TIMESTAMP '1969-12-31 23:59:59.999999' AS at, 2 AS id"));

        AssertIs(lake, state, 1, 2);
        Assert.Equal($"at_{transform}", Assert.Single(state.Spec.Fields).Name);
    }

    [Fact]
    public void Appends_deletes_and_replacements_keep_the_spec()
    {
        using var lake = new OpenLake();
        var created = Create(lake, Columns(("day", Date), ("kind", Text), ("id", Int)), [("day", SpecTransform.Month), ("kind", SpecTransform.Identity)],
            (["600", "a"], "SELECT DATE '2020-01-05' AS day, 'a' AS kind, 1 AS id"), (["601", null], "SELECT DATE '2020-02-05' AS day, NULL::VARCHAR AS kind, 2 AS id"));
        for (var id = 3; id <= 40; id++)
            Append(lake, (["600", $"k{id % 3}"], $"SELECT DATE '2020-01-31' AS day, 'k{id % 3}' AS kind, {id} AS id"));

        var state = lake.Change(Name, (target, current) =>
            new TableChange(current.Schema, [], [current.Files[0]], [lake.Delete(target, current.Files[5], 0)]));
        AssertIs(lake, state, [.. Enumerable.Range(2, 39).Except([6])]);

        // The widened column is another id: its month can't be taken any more.
        var replaced = lake.Replace(Name, Columns(("day", Text), ("kind", Text), ("id", Int)), "SELECT 'x' AS day, 'a' AS kind, 7 AS id");
        AssertIs(lake, replaced, 7);
        Assert.False(replaced.Spec.IsPartitioned);
        Assert.Equal([0, 1], replaced.Specs.Select(spec => spec.Id));
        Assert.Equal(1001, (int)CommitTests.Metadata(lake, replaced)["last-partition-id"]!);
        AssertIs(lake, lake.Append(Name, Columns(("day", Text), ("kind", Text), ("id", Int)), "SELECT 'x' AS day, 'a' AS kind, 8 AS id"), 7, 8);
        Assert.Equal(created.Spec.Fields, lake.Find(Name, created.SnapshotId)!.Spec.Fields);

        // Back to the partitions, and on.
        AssertIs(lake, Back(lake, state), [.. Enumerable.Range(2, 39).Except([6])]);
        Assert.True(lake.Find(Name)!.Spec.IsPartitioned);
        AssertIs(lake, Append(lake, (["600", "z"], "SELECT DATE '2020-01-01' AS day, 'z' AS kind, 50 AS id")), [.. Enumerable.Range(2, 39).Except([6]), 50]);
        lake.OpenAgain();
        Assert.Equal(lake.Find(Name)!.Spec.Fields, created.Spec.Fields);
    }

    [Fact]
    public void A_partition_value_widens_with_its_column()
    {
        using var lake = new OpenLake();
        Create(lake, Columns(("key", Int), ("id", Int)), [("key", SpecTransform.Identity)], (["5"], "SELECT 5 AS key, 1 AS id"));
        var current = lake.Find(Name)!;
        var schema = SchemaAssignment.Append(current, Columns(("key", Long), ("id", Int))).Value;
        var target = lake.Staging.Begin(Name, current, Guid.NewGuid());

        var state = lake.Commit(lake.Staging.Change(target, new TableChange(
            schema, Files(lake, target, schema, current.Spec, [(["9000000000000001"], "SELECT 9000000000000001 AS key, 2 AS id")]), [], [])));

        AssertIs(lake, state, 1, 2);
    }

    [Fact]
    public void What_cannot_be_partitioned_by_is_said()
    {
        var schema = SchemaAssignment.Replace(null, Columns(("day", Date), ("id", Int), ("list", List(Int))));

        Assert.Contains("\"nope\"", PartitionSpecs.New(schema, [("nope", SpecTransform.Identity)]).Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("\"day\"", PartitionSpecs.New(schema, [("day", SpecTransform.Hour)]).Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("\"id\"", PartitionSpecs.New(schema, [("id", SpecTransform.Year)]).Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("\"list\"", PartitionSpecs.New(schema, [("list", SpecTransform.Identity)]).Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("twice", PartitionSpecs.New(schema, [("day", SpecTransform.Day), ("DAY", SpecTransform.Day)]).Failure!.Message, StringComparison.Ordinal);
        var spec = PartitionSpecs.New(schema, [("day", SpecTransform.Day), ("day", SpecTransform.Year)]).Value;
        Assert.Equal([1000, 1001], spec.Fields.Select(field => field.FieldId));
        Assert.Contains("infinity", PartitionTuples.Parse(spec, schema, ["infinity", "1"]).Failure!.Message, StringComparison.Ordinal);
    }

    private static TableState Create(
        OpenLake lake, NewColumn[] columns, (string, SpecTransform)[] by, params (string?[] Values, string Sql)[] files)
    {
        var schema = SchemaAssignment.Replace(null, columns);
        var spec = PartitionSpecs.New(schema, by).Value;
        var target = lake.Staging.Begin(Name, null, Guid.NewGuid());
        return lake.Commit(lake.Staging.Change(target, new TableChange(schema, Files(lake, target, schema, spec, files), [], []) { NewSpec = spec }));
    }

    private static TableState Append(OpenLake lake, params (string?[] Values, string Sql)[] files) => lake.Change(Name, (target, current) =>
        new TableChange(current.Schema, Files(lake, target, current.Schema, current.Spec, files), [], []));

    private static TableState Back(OpenLake lake, TableState older) =>
        lake.Commit(lake.Staging.Rollback(lake.Staging.Begin(Name, lake.Find(Name), Guid.NewGuid()), older.SnapshotId).Value);

    private static List<WrittenFile> Files(
        OpenLake lake, StagingTarget target, LakeSchema schema, PartitionSpec spec, (string?[] Values, string Sql)[] files) =>
        [.. lake.Write(target, schema, [.. files.Select(file => file.Sql)])
            .Zip(files, (written, file) => written with { Partition = PartitionTuples.Parse(spec, schema, file.Values).Value })];

    private static void AssertIs(OpenLake lake, TableState state, params int[] ids)
    {
        string[] expected = [.. ids.Select(id => id.ToString(System.Globalization.CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, lake.Rows(state, "id"));
        IcebergReaders.Check(lake.FolderOf(state));
        // icebird reads no Avro of the type fixed, which the specification prescribes for these.
        if (state.Spec.Fields.Any(field => PartitionSpecs.ResultType(field, state.Schema) is DecimalType or PrimitiveType { Name: "uuid" }))
            return;
        var rows = IcebergReaders.Read(lake.FolderOf(state))["rows"]!.AsArray();
        Assert.Equal(expected, rows.Select(row => row!["id"]!.ToString()).Order(StringComparer.Ordinal));
    }
}
