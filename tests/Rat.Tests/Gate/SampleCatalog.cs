using Rat.Engine.Duck.Gate;
using Rat.Engine.History;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Tests.Gate;

/// <summary>A catalog state in memory; every table has one snapshot.</summary>
internal sealed class SampleCatalog : ICatalogState
{
    public const long SnapshotId = 123;

    public List<TableName> Tables { get; } =
    [
        new("default", "bronze", "orders"), new("default", "silver", "orders"), new("default", "silver", "customers"), new("default", "gold", "sales"),
        new("default", "bronze", "my-table"), new("my-ns", "silver", "orders"), new("my-ns", "gold", "x"),
    ];

    public TableState? Find(TableName name) => Tables.Contains(name) ? StateOf(name) : null;

    public TableState? Find(TableName name, long snapshotId) => snapshotId == SnapshotId ? Find(name) : null;

    public Outcome<TableState> Find(TableName name, PointInTime point) =>
        (point.SnapshotId is null or SnapshotId) && Find(name) is { } state ? state : Failure.Invalid($"table {name} has no snapshot {point.SnapshotId}; there is {SnapshotId}");

    public IReadOnlyList<TableName> List(string? ns) => [.. Tables.Where(table => ns is null || table.Namespace == ns)];

    private static TableState StateOf(TableName name) => new(
        name, "t1", name.Name, "m.json", SnapshotId,
        new LakeSchema(0, [new LakeField(1, "id", new PrimitiveType("int")), new LakeField(2, "na\"me", new ListType(3, new PrimitiveType("string")))]),
        [], 1, 1);
}
