using System.Text;

namespace Rat.Engine.Duck.Gate.Tokens;

/// <summary>A statement in UTF-8 with its tokens; space and comments are none.</summary>
internal sealed class SqlText(byte[] bytes, IReadOnlyList<SqlToken> tokens, IReadOnlyList<(int Start, int Length)> wideSpaces)
{
    public byte[] Bytes { get; } = bytes;

    public IReadOnlyList<SqlToken> Tokens { get; } = tokens;

    /// <summary>Unquoted spaces outside of ASCII, also in comments.</summary>
    public IReadOnlyList<(int Start, int Length)> WideSpaces { get; } = wideSpaces;

    public override string ToString() => Encoding.UTF8.GetString(Bytes);

    public ReadOnlySpan<byte> SpanOf(SqlToken token) => Bytes.AsSpan(token.Start, token.Length);

    /// <summary>True when the token at that index is the unquoted word; lower case, in ASCII.</summary>
    public bool IsWord(int index, ReadOnlySpan<byte> word) =>
        index >= 0 && index < Tokens.Count && Tokens[index].Kind == TokenKind.Word && Ascii.EqualsIgnoreCase(SpanOf(Tokens[index]), word);

    /// <summary>True when the two unquoted words follow each other anywhere.</summary>
    public bool HasWords(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        for (var i = 0; i < Tokens.Count - 1; i++)
        {
            if (IsWord(i, one) && IsWord(i + 1, other))
                return true;
        }

        return false;
    }

    public bool IsSymbol(int index, char symbol) =>
        index >= 0 && index < Tokens.Count && Tokens[index].Kind == TokenKind.Symbol && Bytes[Tokens[index].Start] == symbol;

    /// <summary>An identifier, whether quoted or not; null when the token is none.</summary>
    public string? NameAt(int index) => index < 0 || index >= Tokens.Count ? null : Tokens[index].Kind switch
    {
        TokenKind.Word => Encoding.UTF8.GetString(SpanOf(Tokens[index])),
        TokenKind.QuotedName => Unquote(SpanOf(Tokens[index]), "\""),
        _ => null,
    };

    /// <summary>The value of a plain literal <c>'…'</c>; null for any other token, also for one that goes on behind a newline.</summary>
    public string? LiteralAt(int index)
    {
        if (index < 0 || index >= Tokens.Count || Tokens[index].Kind != TokenKind.Text)
            return null;
        var span = SpanOf(Tokens[index]);
        if (span[0] != '\'')
            return null;
        for (var i = 1; i < span.Length - 1; i++)
        {
            if (span[i] == '\'' && span[++i] != '\'')
                return null;
        }

        return Unquote(span, "'");
    }

    /// <summary>Index of the token that begins at that byte, or -1.</summary>
    public int IndexAt(ulong place)
    {
        var (low, high) = (0, Tokens.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var start = (ulong)Tokens[middle].Start;
            if (start == place)
                return middle;
            if (start < place)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    /// <summary>Index of the bracket that closes the one at that index, or -1.</summary>
    public int ClosingOf(int index)
    {
        var depth = 0;
        for (var i = index; i < Tokens.Count; i++)
        {
            if (Tokens[i].Kind != TokenKind.Symbol)
                continue;
            switch (Bytes[Tokens[i].Start])
            {
                case (byte)'(' or (byte)'[' or (byte)'{':
                    depth++;
                    break;
                case (byte)')' or (byte)']' or (byte)'}':
                    if (--depth == 0)
                        return i;
                    break;
            }
        }

        return -1;
    }

    private static string Unquote(ReadOnlySpan<byte> span, string quote) =>
        Encoding.UTF8.GetString(span[1..^1]).Replace(quote + quote, quote, StringComparison.Ordinal);
}
