using System.Globalization;
using Rat.Engine.Duck;
using Rat.Storage.Lake;

namespace Rat.Engine.Merging.Files;

/// <summary>The COPY by which DuckDB writes position deletes (Iceberg specification, "Position Delete Files").</summary>
internal static class DeleteFileText
{
    /// <summary>Writes one file below the staging target.</summary>
    /// <param name="uri">Of the data file, see <see cref="LakeStaging.UriOf"/>.</param>
    /// <param name="positions">A SELECT with a column <c>pos</c>, each position once.</param>
    public static string Of(StagingTarget target, string uri, string positions)
    {
        var path = Path.Combine(target.DataFolder, $"{target.FilePrefix}{Guid.CreateVersion7()}-deletes.parquet");
        // Sorted before the name is put beside the positions: a sort that carries it takes four times as long. The encodings of v2 make half of
        // the file, and a third of the time to read it.
        return string.Create(CultureInfo.InvariantCulture, $$"""
            COPY (SELECT {{DuckQuote.Literal(uri)}} AS file_path, pos FROM (SELECT CAST(pos AS BIGINT) AS pos FROM ({{positions}}) ORDER BY pos))
            TO {{DuckQuote.Literal(path)}} (FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, RETURN_STATS,
                FIELD_IDS {file_path: {{PositionDeletes.FilePathId}}, pos: {{PositionDeletes.PositionId}}})
            """);
    }

    /// <summary>A SELECT of the positions that a delete file holds.</summary>
    /// <param name="path">Absolute.</param>
    public static string PositionsOf(string path) => $"SELECT pos FROM read_parquet({DuckQuote.Literal(path)}, hive_partitioning = false)";
}
