namespace Rat.Storage.Lake;

/// <summary>Where files of the lake are kept when that isn't the data directory, in which they are written. Paths are below the lake's root.</summary>
internal interface ILakeUploads
{
    /// <summary>Keeps new files of the lake. Once it has returned they are durable; nobody may name one before.</summary>
    /// <exception cref="IOException">They are not. Some may be there.</exception>
    void Upload(IReadOnlyCollection<string> paths);

    /// <summary>Removes files that nothing names any more, or none. What can't be removed is left for the sweep.</summary>
    void Remove(IReadOnlyCollection<string> paths);
}

/// <summary>The data directory keeps them.</summary>
internal sealed class NoUploads : ILakeUploads
{
    public void Upload(IReadOnlyCollection<string> paths)
    {
    }

    public void Remove(IReadOnlyCollection<string> paths)
    {
    }
}
