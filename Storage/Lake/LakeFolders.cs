namespace Rat.Storage.Lake;

/// <summary>Folders of tables that came to nothing.</summary>
internal static class LakeFolders
{
    /// <summary>Deletes folders that hold nothing, those below before the one above.</summary>
    public static void DeleteIfEmpty(string folder, params ReadOnlySpan<string> below)
    {
        foreach (var inner in below)
            DeleteIfEmpty(inner);
        if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any())
            Directory.Delete(folder);
    }
}
