namespace Rat.Storage.Lake;

/// <summary>A file of the lake. <c>Path</c> is below the lake's root, with forward slashes; <c>ModifiedAt</c> is UTC, by the clock of where it is kept.</summary>
internal sealed record LakeFile(string Path, DateTime ModifiedAt);

/// <summary>A folder of a table, and all files below it.</summary>
/// <param name="Location">Below the lake's root: <c>{ns}/{layer}/{name}-{id}</c>.</param>
internal sealed record LakeFolder(string Location, IReadOnlyList<LakeFile> Files);

/// <summary>Where the files of the lake are kept. New ones are always written below the lake's root of this machine first. Paths are below that
/// root.</summary>
internal interface ILakeFiles
{
    /// <summary>Whether the data directory keeps them: then others read a table by its folder, and nothing has to be fetched.</summary>
    bool AreLocal { get; }

    /// <summary>What was modified before was left by an earlier process. UTC, by the clock of where files are kept.</summary>
    DateTime OpenedAt { get; }

    /// <summary>Keeps new files. Once it has returned they are durable; nobody may name one before.</summary>
    /// <exception cref="StorageUnavailableException">They are not. Some may be there.</exception>
    void Keep(DurableFileSet written);

    /// <summary>Removes files that nothing names any more.</summary>
    /// <returns>Those that are gone, or will be without anybody asking again; the others are logged, and left for the sweep.</returns>
    IReadOnlyList<string> Remove(IReadOnlyCollection<string> paths);

    /// <summary>The folders of all tables, one after the other.</summary>
    IEnumerable<LakeFolder> Folders();

    /// <summary>The files at a table's location, kept ones and those that were only written.</summary>
    IReadOnlyList<LakeFile> List(string location);

    /// <summary>Makes files ones of this machine, for somebody to read.</summary>
    /// <param name="keep">Takes what is to be disposed once they have been read: until then they stay.</param>
    /// <returns>What is wrong with the first that isn't as it was written, to be said of a table; null when all are.</returns>
    /// <exception cref="StorageUnavailableException">They can't be had for now.</exception>
    string? Hold(IReadOnlyCollection<(string Path, long Length)> files, Action<IDisposable> keep, CancellationToken cancellation);
}
