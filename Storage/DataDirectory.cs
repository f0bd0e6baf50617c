using System.Globalization;
using System.Text;

namespace Rat.Storage;

/// <summary>
/// The folder that holds everything of one server. Opening it takes a lock that only the end of the process (or disposing it) gives back,
/// so that two servers never share one.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Folder in <see cref="Cache"/>: landing files of a bucket, each by its version's id and its key.</summary>
    public const string LandingCopies = "landing";

    private readonly FileStream _lock;

    private DataDirectory(string root, string? lakeUri, FileStream held, DateTime openedAt)
    {
        Root = root;
        LakeUri = lakeUri;
        _lock = held;
        OpenedAt = openedAt;
    }

    /// <summary>Absolute path, links resolved.</summary>
    public string Root { get; }

    /// <summary>When the lock was taken, UTC, by the clock of the file system: what was written before is older, whatever the clock of the
    /// program says.</summary>
    public DateTime OpenedAt { get; }

    public string Database => Path.Combine(Root, "rat.db");
    public string Objects => Path.Combine(Root, "objects");

    /// <summary>The lake, or what this machine has of one that a bucket keeps.</summary>
    public string Lake => LakeUri is null ? Path.Combine(Root, "lake") : Path.Combine(Cache, "lake");

    /// <summary>Where others find what is in <see cref="Lake"/>; null when it is there.</summary>
    public string? LakeUri { get; }

    /// <summary>Copies of objects that a bucket keeps.</summary>
    public string Cache => Path.Combine(Root, "cache");

    /// <summary>Spill and staging, emptied at each start.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>Whether there are objects or files of tables, which only the database gives a name.</summary>
    public bool HoldsFiles => ((string[])[Objects, Path.Combine(Root, "lake")]).Any(
        folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any());

    /// <summary>Creates what is missing, takes the lock and empties <see cref="Temporary"/>.</summary>
    public static Outcome<DataDirectory> Open(string path, string? lakeUri = null)
    {
        var root = Path.GetFullPath(path);
        try
        {
            CreatePrivate(root);
            var held = TakeLock(Path.Combine(root, "rat.lock"));
            if (held is null)
                return Failure.Conflict($"the data directory {root} is in use by another rat server");

            var directory = new DataDirectory(root, lakeUri, held, Touch(held));
            if (Directory.Exists(directory.Temporary))
                Directory.Delete(directory.Temporary, recursive: true);
            foreach (var folder in (string[])[directory.Objects, directory.Cache, directory.Lake, directory.Temporary])
                CreatePrivate(folder);
            return directory;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failure.Unavailable($"the data directory {root} can't be used: {exception.Message}");
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TakeLock(string path)
    {
        try
        {
            // An advisory lock on Unix, a mandatory one on Windows; the system gives it back when the process ends, however it ends.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException refused) when (IsHeldByAnother(refused))
        {
            return null;
        }
    }

    // EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByAnother(IOException refused) =>
        (refused.HResult & 0xFFFF) == (OperatingSystem.IsWindows() ? 32 : OperatingSystem.IsMacOS() ? 35 : 11);

    private static DateTime Touch(FileStream held)
    {
        held.SetLength(0);
        held.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        held.Flush();
        return File.GetLastWriteTimeUtc(held.SafeFileHandle);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
