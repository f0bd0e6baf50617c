using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Tokens;

/// <summary>
/// Finds the tokens of a statement by the lexical rules of DuckDB, which are PostgreSQL's ("Lexical Structure") with few additions. It
/// need not know operators: one character of them is one token, comments are found first.
/// </summary>
internal ref struct SqlLexer(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly List<SqlToken> _tokens = new(text.Length / 4 + 8);
    private readonly List<(int Start, int Length)> _wideSpaces = [];
    private int _at;

    /// <summary>The tokens, or what is not terminated.</summary>
    public static Outcome<SqlText> Read(byte[] text)
    {
        var lexer = new SqlLexer(text);
        while (lexer._at < text.Length)
        {
            var start = lexer._at;
            if (!lexer.Next())
                return Failure.Invalid($"Parser Error: unterminated {lexer.NameOf(start)} ({TextPlace.Of(text, start)})");
        }

        return new SqlText(text, lexer._tokens, lexer._wideSpaces);
    }

    private readonly byte this[int ahead] => _at + ahead < _text.Length ? _text[_at + ahead] : (byte)0;

    // Skips space or a comment, or adds one token; false when it has no end.
    private bool Next()
    {
        var first = _text[_at];
        switch (first)
        {
            case (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f':
                _at++;
                return true;
            case (byte)'-' when this[1] == '-':
                SkipLineComment();
                return true;
            case (byte)'/' when this[1] == '*':
                return SkipBlockComment();
            case (byte)'\'':
                return Quoted(TokenKind.Text, prefix: 0, escapes: false);
            case (byte)'"':
                return Quoted(TokenKind.QuotedName, prefix: 0, escapes: false);
            case (byte)'e' or (byte)'E' when this[1] == '\'':
                return Quoted(TokenKind.Text, prefix: 1, escapes: true);
            case (byte)'b' or (byte)'B' or (byte)'x' or (byte)'X' or (byte)'n' or (byte)'N' when this[1] == '\'':
                return Quoted(TokenKind.Text, prefix: 1, escapes: false);
            case (byte)'$':
                return Dollar();
            case (byte)'?':
                Add(TokenKind.Parameter, Digits(1));
                return true;
            case (byte)'.' when IsDigit(this[1]):
            case >= (byte)'0' and <= (byte)'9':
                Add(TokenKind.Number, NumberLength());
                return true;
        }

        if (WideSpace.LengthAt(_text, _at) is var wide and > 0)
        {
            _wideSpaces.Add((_at, wide));
            _at += wide;
        }
        else if (IsNameStart(first))
        {
            Add(TokenKind.Word, WordLength());
        }
        else
        {
            Add(TokenKind.Symbol, 1);
        }

        return true;
    }

    private void Add(TokenKind kind, int length)
    {
        _tokens.Add(new SqlToken(kind, _at, length));
        _at += length;
    }

    private void SkipLineComment()
    {
        while (_at < _text.Length && _text[_at] is not ((byte)'\n' or (byte)'\r'))
            SkipInComment();
    }

    private bool SkipBlockComment()
    {
        var depth = 0;
        while (_at < _text.Length)
        {
            if (_text[_at] == '/' && this[1] == '*')
                (depth, _at) = (depth + 1, _at + 2);
            else if (_text[_at] == '*' && this[1] == '/')
                (depth, _at) = (depth - 1, _at + 2);
            else
                SkipInComment();
            if (depth == 0)
                return true;
        }

        return false;
    }

    // DuckDB replaces wide spaces in comments too, which would shift what it says about places.
    private void SkipInComment()
    {
        var wide = WideSpace.LengthAt(_text, _at);
        if (wide > 0)
            _wideSpaces.Add((_at, wide));
        _at += Math.Max(wide, 1);
    }

    private bool Quoted(TokenKind kind, int prefix, bool escapes)
    {
        var start = _at;
        var quote = _text[_at + prefix];
        _at += prefix + 1;
        while (_at < _text.Length)
        {
            if (escapes && _text[_at] == '\\')
            {
                _at += 2;
            }
            else if (_text[_at] != quote)
            {
                _at++;
            }
            else if (this[1] == quote)
            {
                _at += 2;
            }
            else
            {
                _at++;
                if (kind == TokenKind.Text && Continuation() is { } next)
                {
                    _at = next + 1;
                    continue;
                }

                _tokens.Add(new SqlToken(kind, start, _at - start));
                return true;
            }
        }

        return false;
    }

    // A literal goes on behind white space with a newline in it, in the same mode: E'a' <newline> 'b\'' is one. Where the next quote is.
    private readonly int? Continuation()
    {
        var newline = false;
        for (var i = _at; i < _text.Length;)
        {
            switch (_text[i])
            {
                case (byte)'\n' or (byte)'\r':
                    newline = true;
                    i++;
                    break;
                case (byte)' ' or (byte)'\t' or (byte)'\f':
                    i++;
                    break;
                case (byte)'-' when i + 1 < _text.Length && _text[i + 1] == '-':
                    while (i < _text.Length && _text[i] is not ((byte)'\n' or (byte)'\r'))
                        i++;
                    break;
                case (byte)'\'' when newline:
                    return i;
                default:
                    return null;
            }
        }

        return null;
    }

    private bool Dollar()
    {
        if (IsDigit(this[1]))
        {
            Add(TokenKind.Parameter, Digits(1));
            return true;
        }

        var tag = 1;
        while (this[tag] is var letter && (IsNameStart(letter) || (tag > 1 && IsDigit(letter))))
            tag++;
        if (this[tag] != '$')
        {
            Add(TokenKind.Parameter, 1);
            return true;
        }

        var delimiter = _text.Slice(_at, tag + 1);
        var end = _text[(_at + delimiter.Length)..].IndexOf(delimiter);
        if (end < 0)
            return false;
        Add(TokenKind.Text, delimiter.Length + end + delimiter.Length);
        return true;
    }

    // 1, 1.5, .5, 1., 1e5, 1_000; not the first dot of 1..2.
    private readonly int NumberLength()
    {
        var length = Digits(0);
        if (this[length] == '.' && this[length + 1] != '.')
            length = Digits(length + 1);
        if (this[length] is (byte)'e' or (byte)'E')
        {
            var exponent = length + (this[length + 1] is (byte)'+' or (byte)'-' ? 2 : 1);
            if (IsDigit(this[exponent]))
                length = Digits(exponent);
        }

        return length;
    }

    private readonly int Digits(int from)
    {
        while (IsDigit(this[from]) || (this[from] == '_' && IsDigit(this[from + 1])))
            from++;
        return from;
    }

    private readonly int WordLength()
    {
        var length = 1;
        while (this[length] is var letter && (IsNameStart(letter) || IsDigit(letter) || letter == '$')
            && WideSpace.LengthAt(_text, _at + length) == 0)
        {
            length++;
        }

        return length;
    }

    private readonly string NameOf(int start) => _text[start] switch
    {
        (byte)'"' => "quoted identifier",
        (byte)'/' => "/* comment",
        (byte)'$' => "dollar-quoted string",
        _ => "quoted string",
    };

    private static bool IsDigit(byte letter) => letter is >= (byte)'0' and <= (byte)'9';

    // Every byte of a character outside of ASCII is a letter.
    private static bool IsNameStart(byte letter) =>
        letter is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (byte)'_' or >= 0x80;
}
