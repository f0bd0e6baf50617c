using Microsoft.Data.Sqlite;
using Rat.Engine.Duck.Gate;
using Rat.Engine.History;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Quality;

/// <summary>The tables that a quality test may name: the state of the catalog that its run sees, with what the run has staged in the place of
/// its own table.</summary>
internal sealed class TestCatalog(LakeTables tables, SqliteConnection snapshot, TestScope scope) : ICatalogState
{
    public TableState? Find(TableName name) => name == scope.Pipeline
        ? scope.This
        : scope.Pins.Find(name) is { } id ? tables.Find(snapshot, name, id) : null;

    public TableState? Find(TableName name, long snapshotId)
    {
        if (name == scope.Pipeline && scope.Previous?.SnapshotId == snapshotId)
            return scope.Previous;
        return Find(name) is { } state && state.SnapshotId == snapshotId ? state : tables.Find(snapshot, name, snapshotId);
    }

    // What is committed: of its own table too, whose staged rows are no past.
    public Outcome<TableState> Find(TableName name, PointInTime point) => PastTables.Find(tables, snapshot, name, point);

    public IReadOnlyList<TableName> List(string? ns)
    {
        var names = scope.Pins.List(ns);
        var isNew = scope.This is not null && scope.Pins.Find(scope.Pipeline) is null && (ns is null || ns == scope.Pipeline.Namespace);
        return isNew ? [.. names, scope.Pipeline] : names;
    }
}
