namespace Rat.Storage.Lake;

/// <summary>The data directory keeps the lake.</summary>
internal sealed class LocalLakeFiles(DataDirectory directory, ILogger<LocalLakeFiles> logger) : ILakeFiles
{
    private readonly LakePaths _paths = LakePaths.Of(directory);

    public bool AreLocal => true;

    public DateTime OpenedAt => directory.OpenedAt;

    public void Keep(DurableFileSet written) => written.Sync();

    public IReadOnlyList<string> Remove(IReadOnlyCollection<string> paths)
    {
        var removed = new List<string>(paths.Count);
        foreach (var path in paths)
        {
            try
            {
                File.Delete(_paths.Local(path));
                removed.Add(path);
            }
            catch (DirectoryNotFoundException)
            {
                removed.Add(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                logger.NotSwept(path, exception.Message);
            }
        }

        return removed;
    }

    public IEnumerable<LakeFolder> Folders() =>
        LakeFolders.Locations(_paths).Select(location => new LakeFolder(location, List(location)));

    public IReadOnlyList<LakeFile> List(string location)
    {
        var folder = new DirectoryInfo(_paths.Local(location));
        return folder.Exists
            ? [.. folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => new LakeFile(_paths.Below(file.FullName), file.LastWriteTimeUtc))]
            : [];
    }

    public string? Hold(IReadOnlyCollection<(string Path, long Length)> files, Action<IDisposable> keep, CancellationToken cancellation)
    {
        foreach (var (path, length) in files)
        {
            var file = new FileInfo(_paths.Local(path));
            if (!file.Exists)
                return TableCheck.Missing(path);
            if (file.Length != length)
                return TableCheck.Changed(path, file.Length, length);
        }

        return null;
    }
}
