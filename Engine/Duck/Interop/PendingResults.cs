using System.Runtime.InteropServices;
using DuckDB.NET.Native;
using Microsoft.Win32.SafeHandles;

namespace Rat.Engine.Duck.Interop;

/// <summary>https://duckdb.org/docs/stable/clients/c/api#pending-result-interface</summary>
internal static unsafe partial class PendingResults
{
    /// <summary>Binds again if the catalog has changed, plans, and opens the transaction; runs nothing yet.</summary>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_pending_prepared_streaming")]
    public static partial DuckDBState Start(DuckDBPreparedStatement statement, out PendingResult pending);

    /// <summary>Runs until the first rows are there, or to the end for a statement that doesn't stream.</summary>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_execute_pending")]
    public static partial DuckDBState Execute(PendingResult pending, DuckDBResult* result);

    /// <returns>UTF-8 that belongs to the pending result.</returns>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_pending_error")]
    public static partial nint Error(PendingResult pending);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_destroy_pending")]
    internal static partial void Destroy(ref nint pending);
}

/// <summary>A <c>duckdb_pending_result</c>.</summary>
internal sealed class PendingResult() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        PendingResults.Destroy(ref handle);
        return true;
    }
}
