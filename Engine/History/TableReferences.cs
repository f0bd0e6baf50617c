using Rat.Engine.Duck.Gate;
using Rat.Engine.Duck.Views;
using Rat.Engine.Pipelines.Templates;
using Rat.Storage;
using Rat.Storage.Lake;

namespace Rat.Engine.History;

/// <summary>What the tables that a template names become in its SQL: views of one snapshot each.</summary>
/// <param name="catalog">Where they are looked up.</param>
/// <param name="ns">The pipeline's namespace, for names without one.</param>
internal sealed class TableReferences(ICatalogState catalog, string ns)
{
    /// <summary>The expression of <c>ref('…')</c>.</summary>
    public Outcome<string> Ref(string text)
    {
        var name = RefName.Parse(text, ns);
        if (!name.Succeeded)
            return name.Failure;
        return Table($"ref('{text}')", name.Value, catalog.Find(name.Value));
    }

    /// <summary>The expression of <c>ref('…', at='…')</c>.</summary>
    public Outcome<string> RefAt(string text, string at)
    {
        var name = RefName.Parse(text, ns);
        if (!name.Succeeded)
            return name.Failure;
        var point = PointInTime.Parse(at);
        if (!point.Succeeded)
            return Failure.Invalid($"ref('{text}', at='{at}'): {point.Failure.Message}");
        var state = catalog.Find(name.Value, point.Value);
        return state.Succeeded ? NameOf(state.Value) : Failure.Invalid($"ref('{text}', at='{at}'): {state.Failure.Message}");
    }

    /// <summary>The expression of a table that was looked up.</summary>
    /// <param name="expression">The template's, for the failure.</param>
    /// <param name="table">Null when there is none.</param>
    public static Outcome<string> Table(string expression, TableName name, TableState? table) =>
        table is not null ? NameOf(table) : Failure.Invalid($"{expression}: the table {name} does not exist");

    private static string NameOf(TableState table) => ViewText.NameOf(table.Name, table.SnapshotId);
}
