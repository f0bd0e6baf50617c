using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Engine.Duck.Types;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Statements;

/// <summary>
/// Lets namespaces have names that are reserved words: <c>default.bronze.t</c>, <c>order.silver.x</c>. Such a word before a dot is never
/// anything else, with one exception: <c>CASE … END.field</c>.
/// </summary>
internal static class ReservedNames
{
    /// <param name="replaced">Ranges of tokens that are replaced already, in order.</param>
    public static void Quote(SqlText text, int first, int end, IReadOnlyList<Range> replaced, TextEdits edits)
    {
        var next = 0;
        for (var i = first; i < end - 1; i++)
        {
            if (next < replaced.Count && i == replaced[next].Start.Value)
                i = replaced[next++].End.Value;
            if (i < end - 1 && text.Tokens[i].Kind == TokenKind.Word && text.IsSymbol(i + 1, '.') && !text.IsSymbol(i - 1, '.') && IsNamespace(text, i))
                edits.Replace(text.Tokens[i].Start, text.Tokens[i].Length, DuckQuote.Identifier(text.NameAt(i)!));
        }
    }

    private static bool IsNamespace(SqlText text, int at)
    {
        if (text.IsWord(at, "default"u8))
            return true;
        return DuckKeywords.Contains(text.NameAt(at)!)
            && !text.IsWord(at, "end"u8)
            && Layer.IsValid(AsciiNames.ToLower(text.NameAt(at + 2) ?? ""))
            && text.IsSymbol(at + 3, '.');
    }
}
