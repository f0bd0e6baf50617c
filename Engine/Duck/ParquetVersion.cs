namespace Rat.Engine.Duck;

/// <summary>Which encodings a COPY to Parquet may use.</summary>
internal static class ParquetVersion
{
    /// <summary>
    /// An option of COPY. Version 2 is smaller and not slower, but with it DuckDB 1.5 can't write lists or maps of a few equal texts
    /// ("not enough space in buffer"), be it that a last row group of a large file is like that.
    /// </summary>
    /// <param name="types">Of the columns, by their names in SQL.</param>
    public static string Of(IEnumerable<string> types) =>
        types.Any(type => type.Contains('[', StringComparison.Ordinal) || type.Contains("MAP(", StringComparison.Ordinal))
            ? "PARQUET_VERSION v1"
            : "PARQUET_VERSION v2";
}
