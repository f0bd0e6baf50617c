using Microsoft.Win32.SafeHandles;

namespace Rat.Storage.Lake;

/// <summary>The new files of one commit, and the folders that hold their names. After <see cref="Sync"/> all of it survives a lost power
/// supply, as long as the folders' own names did.</summary>
internal sealed class DurableFileSet : IDisposable
{
    private readonly List<SafeFileHandle> _handles = [];
    private readonly HashSet<string> _folders = [];

    /// <summary>Writes a file that must not be there yet. Returns its size in bytes.</summary>
    public long Write(string path, ReadOnlyMemory<byte> content)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.None, content.Length);
        _handles.Add(handle);
        _folders.Add(Path.GetDirectoryName(path)!);
        RandomAccess.Write(handle, content.Span, 0);
        return content.Length;
    }

    /// <summary>Takes in a file that somebody else has written and closed.</summary>
    public void Include(string path)
    {
        _handles.Add(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));
        _folders.Add(Path.GetDirectoryName(path)!);
    }

    /// <summary>Syncs all files, then all folders. Within each, at once: a file system puts syncs that wait together into one journal entry.</summary>
    public void Sync()
    {
        Parallel.ForEach(_handles, RandomAccess.FlushToDisk);
        Parallel.ForEach(_folders, DurableFiles.SyncDirectory);
    }

    public void Dispose() => _handles.ForEach(handle => handle.Dispose());
}
