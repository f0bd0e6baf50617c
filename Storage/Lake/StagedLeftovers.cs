using Rat.Storage.Metadata;

namespace Rat.Storage.Lake;

/// <summary>Data files of runs that didn't commit and couldn't remove what they had written.</summary>
internal sealed class StagedLeftovers(MetadataDatabase database, ILakeFiles kept)
{
    private const int IdLength = 36;

    /// <summary>The tables that have data files, by their names.</summary>
    public IEnumerable<(TableName Name, LakeFolder Folder)> Tables() =>
        from folder in kept.Folders()
        where folder.Files.Any(file => file.Path.StartsWith($"{folder.Location}/data/", StringComparison.Ordinal))
        let parts = folder.Location.Split('/')
        let cut = parts[2].LastIndexOf('-')
        where cut > 0
        select (new TableName(parts[0], parts[1], parts[2][..cut]), folder);

    /// <summary>Removes the files of a table that no snapshot names and that are older than a time. Nobody may be writing the table
    /// meanwhile.</summary>
    /// <param name="isOver">Whether a run has ended or doesn't exist.</param>
    /// <returns>Of how many runs files were removed.</returns>
    public int Remove(LakeFolder folder, DateTimeOffset before, Func<Guid, bool> isOver)
    {
        var data = $"{folder.Location}/data/";
        var old = folder.Files
            .Where(file => file.ModifiedAt < before.UtcDateTime && file.Path.StartsWith(data, StringComparison.Ordinal) && RunOf(file.Path.AsSpan(data.Length)) is not null)
            .Select(file => file.Path).ToList();
        if (old.Count == 0)
            return 0;
        var named = database.Read(connection => LakeFileStore.NamedAt(connection, folder.Location));
        return old.Where(path => !named.Contains(path))
            .GroupBy(path => RunOf(path.AsSpan(data.Length))!.Value)
            .Count(run => isOver(run.Key) && kept.Remove([.. run]).Count > 0);
    }

    private static Guid? RunOf(ReadOnlySpan<char> fileName) =>
        fileName.Length > IdLength && Guid.TryParseExact(fileName[..IdLength], "D", out var id) ? id : null;
}
