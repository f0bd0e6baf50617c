using Microsoft.Win32.SafeHandles;

namespace Rat.Storage.Lake;

/// <summary>The new files of one commit, and the folders that hold their names. After <see cref="Sync"/> all of it survives a lost power
/// supply, as long as the folders' own names did.</summary>
internal sealed class DurableFileSet : IDisposable
{
    private readonly List<SafeFileHandle> _handles = [];
    private readonly List<string> _files = [];
    private readonly List<string> _included = [];
    private readonly HashSet<string> _folders = [];

    /// <summary>Paths of all files.</summary>
    public IReadOnlyCollection<string> Files => _files;

    /// <summary>Writes a file that must not be there yet. Returns its size in bytes.</summary>
    public long Write(string path, ReadOnlyMemory<byte> content)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        _handles.Add(handle);
        _files.Add(path);
        _folders.Add(Path.GetDirectoryName(path)!);
        RandomAccess.Write(handle, content.Span, 0);
        return content.Length;
    }

    /// <summary>Takes in a file that somebody else has written and closed, with the names of the folders that it lies in.</summary>
    /// <param name="below">A folder above it whose own name is durable.</param>
    public void Include(string path, string below)
    {
        _included.Add(path);
        _files.Add(path);
        for (var folder = Path.GetDirectoryName(path)!; _folders.Add(folder) && folder.Length > below.Length;)
            folder = Path.GetDirectoryName(folder)!;
    }

    /// <summary>
    /// Syncs all files and folders at once: a file system puts syncs that wait together into one entry of its journal, which on ext4 takes a
    /// fifth of the time of one after the other. All names are there already, so the order among them doesn't matter.
    /// </summary>
    public void Sync()
    {
        var written = _handles.Select(handle => Task.Run(() => RandomAccess.FlushToDisk(handle)));
        var included = _included.Select(path => Task.Run(() => DurableFiles.SyncFile(path)));
        var folders = _folders.Select(folder => Task.Run(() => DurableFiles.SyncDirectory(folder)));
        Task.WhenAll([.. written, .. included, .. folders]).GetAwaiter().GetResult();
    }

    public void Dispose() => _handles.ForEach(handle => handle.Dispose());
}
