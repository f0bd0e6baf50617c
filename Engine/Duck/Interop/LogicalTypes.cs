using System.Runtime.InteropServices;
using DuckDB.NET.Native;

namespace Rat.Engine.Duck.Interop;

/// <summary>What DuckDB.NET lacks of https://duckdb.org/docs/stable/clients/c/api#logical-type-interface. Texts are UTF-8, to be given back
/// with <c>duckdb_free</c>; zero when there is none.</summary>
internal static partial class LogicalTypes
{
    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_logical_type_get_alias")]
    public static partial nint Alias(DuckDBLogicalType type);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_union_type_member_count")]
    public static partial ulong UnionMemberCount(DuckDBLogicalType type);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_union_type_member_name")]
    public static partial nint UnionMemberName(DuckDBLogicalType type, ulong index);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_union_type_member_type")]
    public static partial DuckDBLogicalType UnionMemberType(DuckDBLogicalType type, ulong index);

    [LibraryImport(DuckLibraryName.Value, EntryPoint = "duckdb_geometry_type_get_crs")]
    public static partial nint GeometryReferenceSystem(DuckDBLogicalType type);
}
