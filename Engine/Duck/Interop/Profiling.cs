using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Interop;

/// <summary>https://duckdb.org/docs/stable/clients/c/api#profiling-info</summary>
internal static partial class Profiling
{
    /// <returns>Root of the tree of metrics, owned by the connection; zero when it doesn't profile.</returns>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_get_profiling_info")]
    public static partial nint Root(DuckDBNativeConnection connection);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_profiling_info_get_value", StringMarshalling = StringMarshalling.Utf8)]
    public static partial DuckDBValue Metric(nint info, string name);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_profiling_info_get_child_count")]
    public static partial ulong ChildCount(nint info);

    /// <returns>Owned by the connection.</returns>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_profiling_info_get_child")]
    public static partial nint Child(nint info, ulong index);
}
