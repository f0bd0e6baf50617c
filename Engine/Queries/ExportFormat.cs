namespace Rat.Engine.Queries;

/// <summary>Forms of a whole result, without a cap on its rows.</summary>
internal enum ExportFormat
{
    /// <summary>RFC 4180 with a header row, UTF-8; NULL is empty, an empty text is <c>""</c>.</summary>
    Csv,

    /// <summary>A JSON object per line, values as in the JSON answer.</summary>
    Ndjson,

    /// <summary>One Parquet file, columns as a table would store them.</summary>
    Parquet,

    /// <summary>An Arrow IPC stream, columns as a table would store them, UUIDs as text.</summary>
    Arrow,
}
