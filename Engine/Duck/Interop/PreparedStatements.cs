using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Interop;

/// <summary>What DuckDB.NET lacks of https://duckdb.org/docs/stable/clients/c/api#prepared-statements</summary>
internal static partial class PreparedStatements
{
    /// <summary>On a statement whose prepare failed this aborts the process: an exception crosses the C boundary. Ask only after success.</summary>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_prepared_statement_type")]
    public static partial DuckStatementType Type(DuckDBPreparedStatement statement);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_prepared_statement_column_count")]
    public static partial ulong ColumnCount(DuckDBPreparedStatement statement);

    /// <returns>UTF-8, to be given back with <c>duckdb_free</c>.</returns>
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_prepared_statement_column_name")]
    public static partial nint ColumnName(DuckDBPreparedStatement statement, ulong column);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_prepared_statement_column_logical_type")]
    public static partial DuckDBLogicalType ColumnType(DuckDBPreparedStatement statement, ulong column);
}
