namespace Rat.Storage.Metadata;

/// <summary>Which tables a list shows. Only the filters that there are stand in the statement: what can be NULL keeps SQLite from an index.</summary>
internal static class TableFilter
{
    public static string Where(string? ns, string? layer) => (ns, layer) switch
    {
        (null, null) => "WHERE true",
        (not null, null) => "WHERE namespace = $namespace",
        (null, not null) => "WHERE layer = $layer",
        _ => "WHERE namespace = $namespace AND layer = $layer",
    };

    public static (string Name, object Value)[] Parameters(string? ns, string? layer) => (ns, layer) switch
    {
        (null, null) => [],
        (not null, null) => [("$namespace", ns)],
        (null, not null) => [("$layer", layer)],
        _ => [("$namespace", ns), ("$layer", layer)],
    };
}
