using System.Reflection;
using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using Rat.Storage;

namespace Rat.Engine.Duck.Native;

/// <summary>
/// DuckDB's native library, loaded at the first call into it. The published file carries it; a development build finds it beside the
/// assembly.
/// </summary>
internal static class DuckLibrary
{
    private const string Name = "duckdb";

    private static readonly Lock Gate = new();
    private static readonly LibraryLoader? Loader = EmbeddedLibrary.Find() is { } embedded
        ? new LibraryLoader(embedded, LibraryCache.OfUser(Environment.GetEnvironmentVariable))
        : null;

    private static bool _prepared;
    private static nint _handle;

    /// <summary>
    /// Has to run before the first call into DuckDB: from then on the declarations of DuckDB.NET and our own, under the library's name
    /// <c>duckdb</c>, find the library. Loads nothing; again is harmless.
    /// </summary>
    public static void Prepare()
    {
        lock (Gate)
        {
            if (_prepared)
                return;
            NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(DuckLibrary).Assembly, Resolve);
            _prepared = true;
        }
    }

    /// <summary>Unpacks the library into its cache folder on another thread, so that the first use rarely waits.</summary>
    /// <returns>Never faults. A failure says why there is no cache: the first use then unpacks into memory.</returns>
    public static Task<Failure?> UnpackInBackground() =>
        Loader is null ? Task.FromResult<Failure?>(null) : Task.Run(Loader.Unpack);

    /// <summary>Loads the library unless it is. A failed load is tried again by the next call.</summary>
    /// <exception cref="DuckLibraryException">It can't be loaded.</exception>
    public static nint Load()
    {
        lock (Gate)
        {
            if (_handle == 0)
                _handle = Loader?.Load() ?? LoadBesideAssembly();
            return _handle;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name == Name ? Load() : 0;

    private static nint LoadBesideAssembly()
    {
        try
        {
            return NativeLibrary.Load(Name, typeof(NativeMethods).Assembly, searchPath: null);
        }
        catch (DllNotFoundException missing)
        {
            throw new DuckLibraryException("DuckDB's library is not beside the program and not inside it", missing);
        }
    }
}
