using Rat.Engine.Duck;
using Rat.Engine.Pipelines.Landing;
using Rat.Storage;
using Rat.Storage.Lake;
using Rat.Storage.Metadata;

namespace Rat.Engine.Catalog;

/// <summary>One catalog state: every table and landing file that a statement names is looked up in the same snapshot of the metadata,
/// whatever is committed meanwhile. Held open only until the statement is prepared.</summary>
internal sealed class CatalogView(MetadataSnapshot snapshot, LakeCatalog lake) : IDisposable
{
    private readonly Dictionary<TableName, TableState?> _tables = [];

    /// <summary>The committed state of a table, or null when there is none.</summary>
    public TableState? Find(TableName name)
    {
        if (!_tables.TryGetValue(name, out var state))
            _tables[name] = state = lake.Find(snapshot.Connection, name);
        return state;
    }

    public void Dispose() => snapshot.Dispose();
}
