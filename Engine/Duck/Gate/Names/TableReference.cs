using System.Buffers;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Names;

/// <summary>A name behind FROM as it was written; empty parts are absent.</summary>
internal readonly record struct TableReference(string Catalog, string Schema, string Name)
{
    private static readonly string[] DataExtensions =
    [
        "csv", "tsv", "txt", "json", "jsonl", "ndjson", "parquet", "avro", "arrow", "xlsx", "xls", "db", "duckdb", "sqlite", "gz", "zst",
    ];

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?[.");

    public IEnumerable<string> Parts => ((string[])[Catalog, Schema, Name]).Where(part => part.Length > 0);

    /// <summary>True when DuckDB would look for a file of that name if it had no such table: it joins all parts with dots.</summary>
    public bool LooksLikeFile
    {
        get
        {
            if (Name.AsSpan().IndexOfAny(NotInNames) >= 0)
                return true;
            var extension = AsciiNames.ToLower(Name);
            return Schema.Length > 0 && !Layer.IsValid(AsciiNames.ToLower(Schema)) && DataExtensions.Contains(extension);
        }
    }

    public override string ToString() => string.Join('.', Parts);
}
