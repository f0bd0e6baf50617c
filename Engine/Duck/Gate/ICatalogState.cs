using Rat.Engine.History;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Gate;

/// <summary>The tables that a statement may name: one consistent state of the catalog, from one SQLite snapshot.</summary>
internal interface ICatalogState
{
    /// <summary>The table as it is; null when there is none.</summary>
    TableState? Find(TableName name);

    /// <summary>The table at one snapshot (<c>"ns"."silver"."orders@123"</c>); null when it isn't there any more.</summary>
    TableState? Find(TableName name, long snapshotId);

    /// <summary>The table as it was; a failure says what there is instead.</summary>
    Outcome<TableState> Find(TableName name, PointInTime point);

    /// <summary>The tables of a namespace, or of all of them; for what SHOW answers and for suggestions.</summary>
    IReadOnlyList<TableName> List(string? ns);
}
