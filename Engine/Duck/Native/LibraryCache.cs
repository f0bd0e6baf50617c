using Rat.Storage;

namespace Rat.Engine.Duck.Native;

/// <summary>
/// A folder that keeps unpacked libraries between starts, each below the hash of its content. The hash is checked while unpacking only: it
/// would cost 67 ms at every start. What is found there is therefore loaded only if nobody else could have put it there.
/// </summary>
/// <param name="root">Absolute path of the user's cache folder.</param>
internal sealed class LibraryCache(string root)
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(10);

    /// <summary>The cache of the user who runs this process, or null when there is none to be found.</summary>
    /// <remarks>XDG Base Directory Specification, section "Environment variables": a relative path is ignored.</remarks>
    public static LibraryCache? OfUser(Func<string, string?> environment)
    {
        if (OperatingSystem.IsWindows())
            return environment("LOCALAPPDATA") is { Length: > 0 } local ? new LibraryCache(local) : null;
        if (environment("XDG_CACHE_HOME") is { Length: > 0 } cache && Path.IsPathRooted(cache))
            return new LibraryCache(cache);
        return environment("HOME") is { Length: > 0 } home && Path.IsPathRooted(home) && Directory.Exists(home)
            ? new LibraryCache(Path.Combine(home, ".cache"))
            : null;
    }

    /// <summary>The path of the unpacked library, which is unpacked now if it isn't there.</summary>
    public Outcome<string> Provide(EmbeddedLibrary library)
    {
        var folder = Path.Combine(root, "rat", library.Sha256[..16]);
        var path = Path.Combine(folder, library.FileName);
        try
        {
            CreatePrivate(folder);
            if (PathOwnership.WhatOthersCanReplace(folder) is { } open)
                return Failure.Unavailable($"{open} belongs to somebody else or can be written by everybody");
            if (!IsWhole(path, library))
                Unpack(library, folder, path);
            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Failure.Unavailable(exception.Message);
        }
    }

    private static bool IsWhole(string path, EmbeddedLibrary library) =>
        new FileInfo(path) is { Exists: true } file && file.Length == library.Length && PathOwnership.WhatOthersCanReplace(path) is null;

    private static void Unpack(EmbeddedLibrary library, string folder, string path)
    {
        foreach (var left in Directory.EnumerateFiles(folder, "*.tmp").Where(IsAbandoned))
            File.Delete(left);

        // Aside, then renamed: any number of processes may do this at once, and none ever sees half a library.
        var aside = Path.Combine(folder, $"{Environment.ProcessId}-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = Create(aside))
            {
                library.UnpackTo(file);
                // Or a lost power supply leaves a file of the right length under the final name without its content.
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, path, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }

    private static bool IsAbandoned(string path) => File.GetLastWriteTimeUtc(path) < DateTime.UtcNow - Abandoned;

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Private;
        return new FileStream(path, options);
    }

    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, Private);
    }
}
