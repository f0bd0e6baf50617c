using Microsoft.Data.Sqlite;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Queries;

/// <summary>
/// Which snapshot was the current one of each table at one moment. It keeps a state of the catalog readable without the SQLite snapshot
/// that it was taken from, which would keep SQLite's log from shrinking for as long as a run takes.
/// </summary>
internal sealed class CatalogPins
{
    private readonly Dictionary<TableName, long> _snapshots;

    private CatalogPins(Dictionary<TableName, long> snapshots) => _snapshots = snapshots;

    /// <summary>Of no table.</summary>
    public static CatalogPins None { get; } = new([]);

    public static CatalogPins Take(SqliteConnection snapshot) =>
        new(LakeTables.List(snapshot, ns: null, layer: null).ToDictionary(table => table.Name, table => table.SnapshotId));

    /// <summary>Id of the snapshot; null when there was no such table.</summary>
    public long? Find(TableName name) => _snapshots.TryGetValue(name, out var id) ? id : null;

    /// <summary>The tables of a namespace, or all of them.</summary>
    public IReadOnlyList<TableName> List(string? ns) => [.. _snapshots.Keys.Where(name => ns is null || name.Namespace == ns)];
}
