using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Data files of runs that didn't commit and couldn't remove what they had written.</summary>
internal sealed class StagedLeftovers(DataDirectory directory, MetadataDatabase database, ILakeUploads uploads, ILogger<StagedLeftovers> logger)
{
    private const int IdLength = 36;

    private readonly LakePaths _paths = new(directory.Lake, directory.LakeUri);

    /// <summary>The tables in whose folders there are data files, by name and location.</summary>
    public IReadOnlyList<(TableName Name, string Location)> Tables() =>
        [.. from ns in Directory.EnumerateDirectories(_paths.Root)
            from layer in Directory.EnumerateDirectories(ns)
            from table in Directory.EnumerateDirectories(layer)
            where Directory.Exists(Path.Combine(table, "data"))
            let folder = Path.GetFileName(table)
            let cut = folder.LastIndexOf('-')
            where cut > 0
            select (new TableName(Path.GetFileName(ns), Path.GetFileName(layer), folder[..cut]),
                $"{Path.GetFileName(ns)}/{Path.GetFileName(layer)}/{folder}")];

    /// <summary>Removes the files at a location that no snapshot names and that are older than a time. Nobody may be writing the table
    /// meanwhile.</summary>
    /// <param name="isOver">Whether a run has ended or doesn't exist.</param>
    /// <returns>Of how many runs files were removed.</returns>
    public int Remove(string location, DateTimeOffset before, Func<Guid, bool> isOver)
    {
        var old = Directory.EnumerateFiles(_paths.Local($"{location}/data"))
            .Where(file => RunOf(Path.GetFileName(file)) is not null && File.GetLastWriteTimeUtc(file) < before.UtcDateTime)
            .ToList();
        if (old.Count == 0)
            return 0;
        var named = database.Read(connection => LakeFileStore.NamedAt(connection, location));
        return old.Where(file => !named.Contains($"{location}/data/{Path.GetFileName(file)}"))
            .GroupBy(file => RunOf(Path.GetFileName(file))!.Value)
            .Count(run => isOver(run.Key) && run.Select(TryDelete).ToList().Contains(true));
    }

    private static Guid? RunOf(string fileName) =>
        fileName.Length > IdLength && Guid.TryParseExact(fileName.AsSpan(0, IdLength), "D", out var id) ? id : null;

    private bool TryDelete(string file)
    {
        try
        {
            uploads.Remove([_paths.Below(file)]);
            File.Delete(file);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.NotSwept(Path.GetFileName(file), exception.Message);
            return false;
        }
    }
}
