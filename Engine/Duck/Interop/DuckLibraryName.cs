namespace Rat.Engine.Duck.Interop;

/// <summary>The name under which the native library is imported, the same as DuckDB.NET's.</summary>
internal static class DuckLibraryName
{
    public const string Value = "duckdb";
}
