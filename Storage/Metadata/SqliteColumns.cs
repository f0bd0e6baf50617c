using System.Runtime.InteropServices;
using SQLitePCL;

namespace Rat.Storage.Metadata;

/// <summary>
/// Values of the row that a statement stands on (https://sqlite.org/c3ref/column_blob.html). The wrappers of the package count references to the
/// handle at each of them, which for a page of a list costs more than the query; so the handle comes as what it is, and its owner keeps it open.
/// </summary>
internal static partial class SqliteColumns
{
    private const string Library = "e_sqlite3";

    /// <summary>One of <see cref="raw.SQLITE_INTEGER"/> and the like. To be asked before the value is.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_column_type")]
    [SuppressGCTransition]
    public static partial int Type(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_int64")]
    [SuppressGCTransition]
    public static partial long Integer(nint statement, int column);

    /// <summary>UTF-8, <see cref="Length"/> bytes of it, until the next step.</summary>
    [LibraryImport(Library, EntryPoint = "sqlite3_column_text")]
    [SuppressGCTransition]
    public static unsafe partial byte* Text(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_column_bytes")]
    [SuppressGCTransition]
    public static partial int Length(nint statement, int column);
}
