namespace Rat.Storage;

/// <summary>Whether the data directory takes new files.</summary>
internal static class LocalSpace
{
    // Below it, writes to the metadata fail here and there although a small file can still be written.
    private const int LeastFree = 512 * 1024;

    /// <param name="temporary">Of the same file system as <paramref name="root"/>.</param>
    /// <returns>Null, or why not.</returns>
    public static Failure? Check(string root, string temporary)
    {
        if (new DriveInfo(root).AvailableFreeSpace < LeastFree)
            return Failure.Unavailable("no space left in the data directory");
        var probe = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        try
        {
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failure.Unavailable("the data directory can't be written");
        }
    }
}
