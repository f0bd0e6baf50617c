namespace Rat.Engine.Duck.Gate.Tokens;

internal enum TokenKind : byte
{
    /// <summary>An unquoted identifier or keyword.</summary>
    Word,

    /// <summary><c>"…"</c></summary>
    QuotedName,

    /// <summary><c>'…'</c>, with the prefix E, B, X or N if it has one, or <c>$tag$…$tag$</c>.</summary>
    Text,

    Number,

    /// <summary><c>?</c>, <c>?1</c>, <c>$1</c>, or the <c>$</c> of <c>$name</c></summary>
    Parameter,

    /// <summary>One character of punctuation or of an operator.</summary>
    Symbol,
}

/// <summary>A token by its place in the UTF-8 text.</summary>
internal readonly record struct SqlToken(TokenKind Kind, int Start, int Length)
{
    public int End => Start + Length;
}
