namespace Rat.Storage.Lake;

/// <summary>Folders of tables on this machine.</summary>
internal static class LakeFolders
{
    /// <summary>Of all tables, below the lake's root: <c>{ns}/{layer}/{name}-{id}</c>.</summary>
    public static IEnumerable<string> Locations(LakePaths paths) =>
        from ns in Directory.EnumerateDirectories(paths.Root)
        from layer in Directory.EnumerateDirectories(ns)
        from table in Directory.EnumerateDirectories(layer)
        select paths.Below(table);

    /// <summary>Deletes folders that hold nothing, those below before the one above.</summary>
    public static void DeleteIfEmpty(string folder, params ReadOnlySpan<string> below)
    {
        foreach (var inner in below)
            DeleteIfEmpty(inner);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
