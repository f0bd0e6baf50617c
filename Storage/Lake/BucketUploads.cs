using Rat.Storage.Objects;

namespace Rat.Storage.Lake;

/// <summary>Keeps files of the lake as objects.</summary>
/// <param name="prefix">Of their keys; it ends with a slash.</param>
internal sealed class BucketUploads(IObjectStore objects, LakePaths paths, string prefix, ILogger<BucketUploads> logger) : ILakeUploads
{
    // A commit has four files, and some hundreds when a large table is partitioned.
    private const int AtOnce = 16;

    public void Upload(IReadOnlyCollection<string> paths) => Each(paths, UploadAsync);

    public void Remove(IReadOnlyCollection<string> paths) => Each(paths, RemoveAsync);

    // Side by side: a commit takes as long as its slowest file. Whoever commits has a thread to wait on, as it waits for the disk.
    private static void Each(IReadOnlyCollection<string> paths, Func<string, ValueTask> work) => Parallel.ForEachAsync(
        paths, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, (path, _) => work(path)).GetAwaiter().GetResult();

    private async ValueTask UploadAsync(string path)
    {
        await using var file = new FileStream(paths.Local(path), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous);
        var stored = await objects.PutAsync(prefix + path, file, long.MaxValue, CancellationToken.None);
        if (!stored.Succeeded)
            throw new IOException(stored.Failure.Message);
        if (stored.Value != file.Length)
            throw new IOException($"{path} was changed while it was uploaded");
    }

    private async ValueTask RemoveAsync(string path)
    {
        try
        {
            await objects.DeleteAsync(prefix + path);
        }
        catch (IOException failed)
        {
            logger.NotSwept(path, failed.Message);
        }
    }
}
