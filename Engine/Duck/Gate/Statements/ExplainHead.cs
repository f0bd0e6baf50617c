using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Statements;

/// <summary><c>EXPLAIN</c>, <c>EXPLAIN ANALYZE</c>, <c>EXPLAIN (ANALYZE, FORMAT json)</c>, which DuckDB doesn't parse to a tree: what stands
/// behind it is gated like any statement, then it is put in front again.</summary>
/// <param name="Sql">In its one canonical form.</param>
/// <param name="Length">In tokens.</param>
internal sealed record ExplainHead(string Sql, int Length)
{
    private static readonly string[] Formats = ["default", "text", "json", "html", "graphviz", "yaml", "mermaid"];

    /// <summary>Null when the statement doesn't begin with EXPLAIN.</summary>
    public static Outcome<ExplainHead?> Read(SqlText text)
    {
        if (!text.IsWord(0, "explain"u8))
            return (ExplainHead?)null;
        if (IsAnalyze(text, 1))
            return new ExplainHead("EXPLAIN ANALYZE ", 2);
        return text.IsSymbol(1, '(') && (IsAnalyze(text, 2) || text.IsWord(2, "format"u8))
            ? ReadOptions(text)
            : new ExplainHead("EXPLAIN ", 1);
    }

    private static Outcome<ExplainHead?> ReadOptions(SqlText text)
    {
        var options = new List<string>();
        var at = 2;
        while (true)
        {
            if (IsAnalyze(text, at))
            {
                options.Add("ANALYZE");
                at++;
            }
            else if (text.IsWord(at, "format"u8) && (text.NameAt(at + 1) ?? text.LiteralAt(at + 1)) is { } format && Formats.Contains(AsciiNames.ToLower(format)))
            {
                options.Add($"FORMAT {AsciiNames.ToLower(format)}");
                at += 2;
            }
            else
            {
                return Failure.Invalid($"EXPLAIN takes ANALYZE and FORMAT with one of {string.Join(", ", Formats)}");
            }

            if (text.IsSymbol(at, ')'))
                return new ExplainHead($"EXPLAIN ({string.Join(", ", options)}) ", at + 1);
            if (!text.IsSymbol(at, ','))
                return Failure.Invalid("EXPLAIN ( options ) needs a comma between them");
            at++;
        }
    }

    private static bool IsAnalyze(SqlText text, int at) => text.IsWord(at, "analyze"u8) || text.IsWord(at, "analyse"u8);
}
