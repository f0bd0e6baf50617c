using System.Globalization;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Names;

/// <summary>A table that was found, and the view to read it through.</summary>
internal readonly record struct ResolvedTable(ViewUse Use)
{
    /// <summary>The full quoted name of the view.</summary>
    public string Sql
    {
        get
        {
            var name = Use.State.Name;
            var view = Use.Pinned ? string.Create(CultureInfo.InvariantCulture, $"{name.Name}@{Use.State.SnapshotId}") : name.Name;
            return $"{DuckQuote.Identifier(name.Namespace)}.{DuckQuote.Identifier(name.Layer)}.{DuckQuote.Identifier(view)}";
        }
    }
}

/// <summary>
/// Finds the table of a name: <c>namespace.layer.table</c> anywhere, <c>layer.table</c> in the statement's namespace, <c>table</c> where it is
/// unique in that namespace. Case doesn't count, in ASCII, as for DuckDB.
/// </summary>
internal static class TableResolver
{
    private static readonly string[] Layers = [Layer.Bronze, Layer.Silver, Layer.Gold];

    public static Outcome<ResolvedTable> Resolve(TableReference reference, GateScope scope)
    {
        if (reference.Schema.Length > 0)
            return ResolveFull(reference, scope);
        if (reference.LooksLikeFile)
            return NotAFile(reference);

        var name = AsciiNames.ToLower(reference.Name);
        if (!Slug.IsValid(name))
            return Missing(reference, scope);
        var found = Layers.Select(layer => scope.Catalog.Find(new TableName(scope.Namespace, layer, name))).OfType<Storage.Lake.TableState>().ToList();
        return found.Count switch
        {
            0 => Missing(reference, scope),
            1 => new ResolvedTable(new ViewUse(found[0], Pinned: false)),
            _ => Failure.Invalid($"the table name {reference.Name} is ambiguous: {string.Join(", ", found.Select(state => $"{state.Name.Layer}.{name}"))}"),
        };
    }

    private static Outcome<ResolvedTable> ResolveFull(TableReference reference, GateScope scope)
    {
        var layer = AsciiNames.ToLower(reference.Schema);
        var ns = reference.Catalog.Length > 0 ? AsciiNames.ToLower(reference.Catalog) : scope.Namespace;
        if (!Layer.IsValid(layer))
        {
            return reference.LooksLikeFile
                ? NotAFile(reference)
                : Failure.Invalid($"there is no table {reference}: names are layer.table or namespace.layer.table, with the layers bronze, silver and gold");
        }

        var (name, snapshotId) = SplitPin(AsciiNames.ToLower(reference.Name), isFull: reference.Catalog.Length > 0);
        if (!Slug.IsValid(ns) || !Slug.IsValid(name))
            return reference.LooksLikeFile ? NotAFile(reference) : Missing(reference, scope);
        var table = new TableName(ns, layer, name);
        var state = snapshotId is { } id ? scope.Catalog.Find(table, id) : scope.Catalog.Find(table);
        return state is null ? Missing(reference, scope) : new ResolvedTable(new ViewUse(state, snapshotId is not null));
    }

    // What ref() and this render: "ns"."silver"."orders@123".
    private static (string Name, long? SnapshotId) SplitPin(string name, bool isFull)
    {
        var at = name.LastIndexOf('@');
        return isFull && at > 0 && long.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (name[..at], id)
            : (name, null);
    }

    private static Failure NotAFile(TableReference reference) => Failure.Invalid(
        $"{GateMessages.FileFunction}: \"{reference}\" names a file, not a table");

    private static Failure Missing(TableReference reference, GateScope scope)
    {
        var ns = reference.Catalog.Length > 0 ? AsciiNames.ToLower(reference.Catalog) : scope.Namespace;
        var prefix = ns == scope.Namespace ? "" : ns + ".";
        var name = AsciiNames.ToLower(reference.Name);
        var names = scope.Catalog.List(ns);
        var elsewhere = names.Where(table => table.Name == name).Select(table => $"{prefix}{table.Layer}.{table.Name}").Take(3).ToList();
        if (elsewhere.Count > 0)
            return Failure.Invalid($"table {reference} does not exist; did you mean {string.Join(", ", elsewhere)}?");
        var written = reference.Schema.Length > 0 ? $"{prefix}{AsciiNames.ToLower(reference.Schema)}.{name}" : name;
        return Failure.Invalid($"table {reference} does not exist" + Suggestion.For(
            written, names.Select(table => reference.Schema.Length > 0 ? $"{prefix}{table.Layer}.{table.Name}" : table.Name).Distinct()));
    }
}
