using System.Runtime.InteropServices;
using Rat.Storage;

namespace Rat.Engine.Duck.Native;

/// <summary>Loads an embedded library: from its cache, which it fills first, else from memory.</summary>
/// <param name="cache">Null when the user has none.</param>
internal sealed class LibraryLoader(EmbeddedLibrary library, LibraryCache? cache)
{
    private const string CxxRuntime = "libstdc++.so.6";

    private readonly Lock _unpacking = new();

    /// <summary>Fills the cache.</summary>
    /// <returns>Null, or why it can't be used.</returns>
    public Failure? Unpack() => Cached().Failure;

    /// <summary>
    /// 1. What the library itself needs of the host is there. 2. From the cache. 3. From memory, where there is no cache or it lies on a
    /// file system that forbids execution.
    /// </summary>
    /// <exception cref="DuckLibraryException">It can't be loaded.</exception>
    public nint Load()
    {
        if (OperatingSystem.IsLinux() && !NativeLibrary.TryLoad(CxxRuntime, out _))
        {
            throw new DuckLibraryException($"DuckDB needs {CxxRuntime}, which is missing on this host: "
                + "install the package libstdc++6 (Debian, Ubuntu) or libstdc++ (Fedora, RHEL)");
        }

        var cached = Cached();
        return cached.Succeeded && TryLoad(cached.Value, out _) is var handle and not 0 ? handle : LoadFromMemory();
    }

    private Outcome<string> Cached()
    {
        if (cache is null)
            return Failure.Unavailable("neither XDG_CACHE_HOME nor HOME names a folder");
        lock (_unpacking)
            return cache.Provide(library);
    }

    /// <summary>The pages outlive the file: the mapping holds them, all 60 MB.</summary>
    private nint LoadFromMemory()
    {
        try
        {
            using var file = MemoryFile.Create(library.FileName);
            using (var target = file.OpenWrite())
                library.UnpackTo(target);
            return TryLoad(file.Path, out var reason) is var handle and not 0
                ? handle
                : throw new DuckLibraryException($"DuckDB's library can't be loaded: {reason}");
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new DuckLibraryException(
                $"DuckDB's library can be unpacked neither into the cache folder nor into memory: {exception.Message}", exception);
        }
    }

    /// <param name="reason">The dynamic linker's, when the result is 0.</param>
    private nint TryLoad(string path, out string? reason)
    {
        try
        {
            reason = null;
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            // .NET's advice comes first, the linker's own words stand in the last line.
            var words = exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1];
            reason = words.Replace(path, library.FileName, StringComparison.Ordinal);
            return 0;
        }
    }
}
