using Microsoft.Data.Sqlite;
using Rat.Engine.Duck.Gate;
using Rat.Engine.History;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Queries;

/// <summary>The tables as one SQLite snapshot has them. A table is looked up only when a statement names it.</summary>
internal sealed class CatalogState(LakeTables tables, SqliteConnection snapshot) : ICatalogState
{
    public TableState? Find(TableName name) => tables.Find(snapshot, name);

    public TableState? Find(TableName name, long snapshotId) => tables.Find(snapshot, name, snapshotId);

    public Outcome<TableState> Find(TableName name, PointInTime point) => PastTables.Find(tables, snapshot, name, point);

    public IReadOnlyList<TableName> List(string? ns) => [.. LakeTables.List(snapshot, ns, layer: null).Select(table => table.Name)];
}
