using System.Globalization;
using Rat.Storage.Lake;

namespace Rat.Engine.Duck.Views;

/// <summary>
/// Tells DuckDB how many rows it is going to read. With <c>schema</c> it opens no file before the statement runs, takes every table for empty,
/// and builds the hash table of a join from the larger side: measured, four times the time of an upsert of 1 %. It is an estimate to DuckDB,
/// whatever it says, the answers stay the same.
/// </summary>
internal static class ReaderSize
{
    /// <summary>An argument of <c>read_parquet</c>.</summary>
    public static string Of(IEnumerable<DataFile> files) =>
        $"explicit_cardinality = {files.Sum(file => file.RowCount).ToString(CultureInfo.InvariantCulture)}";
}
