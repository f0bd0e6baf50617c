using System.Buffers;
using System.Text;

namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>
/// Cuts a template into tokens, one at a time: text, and what is inside <c>{{ }}</c> and <c>{% %}</c>. Comments and raw blocks end here. The
/// rules are Jinja's defaults (https://jinja.palletsprojects.com/en/stable/templates/#whitespace-control).
/// </summary>
internal sealed class Lexer(string source)
{
    private static readonly SearchValues<char> TagLetters = SearchValues.Create("{%#");

    private readonly string _source = Normalize(source);
    private readonly Stack<char> _brackets = new();
    private TokenKind _open = TokenKind.Data;
    private int _position;
    private int _line = 1;

    public Token Next()
    {
        while (true)
        {
            var token = _open == TokenKind.Data ? NextOfText() : NextOfTag();
            if (token is { } found)
                return found;
        }
    }

    /// <summary>Every line break is one <c>\n</c>, and a single one at the end doesn't count.</summary>
    private static string Normalize(string source)
    {
        if (source.Contains('\r', StringComparison.Ordinal))
            source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return source.EndsWith('\n') ? source[..^1] : source;
    }

    /// <summary>The text up to the next tag, or the tag that starts here; null when a comment or an empty text was skipped.</summary>
    private Token? NextOfText()
    {
        var line = _line;
        var start = _position;
        var tag = FindTag(start);
        if (tag > start)
        {
            var text = _source.AsSpan(start, tag - start);
            MoveTo(tag);
            if (SignAt(tag + 2) == '-')
                text = Whitespace.TrimEnd(text);
            return text.Length > 0 ? new Token(TokenKind.Data, text.ToString(), line) : null;
        }

        if (tag == _source.Length)
            return new Token(TokenKind.End, "", line);
        if (_source[tag + 1] == '#')
            return SkipComment();
        if (_source[tag + 1] == '%' && EndOfTag(tag, "raw", allowsPlus: false) is { } content)
            return RawText(content);
        MoveTo(tag + (SignAt(tag + 2) is null ? 2 : 3));
        _open = _source[tag + 1] == '%' ? TokenKind.BlockBegin : TokenKind.VariableBegin;
        return new Token(_open, "", line);
    }

    private int FindTag(int from)
    {
        for (var at = from; (at = _source.IndexOf('{', at)) >= 0 && at + 1 < _source.Length; at++)
        {
            if (TagLetters.Contains(_source[at + 1]))
                return at;
        }

        return _source.Length;
    }

    private char? SignAt(int index) => index < _source.Length && _source[index] is '-' or '+' ? _source[index] : null;

    private Token? SkipComment()
    {
        var start = _position + (SignAt(_position + 2) is null ? 2 : 3);
        var end = _source.IndexOf("#}", start, StringComparison.Ordinal);
        if (end < 0)
            throw TemplateException.Syntax("Missing end of comment tag", _line);
        MoveTo(end > start && _source[end - 1] == '-' ? Whitespace.Skip(_source, end + 2) : end + 2);
        return null;
    }

    private Token? RawText(int content)
    {
        var line = _line;
        MoveTo(content);
        for (var at = content; (at = _source.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            if (EndOfTag(at, "endraw", allowsPlus: true) is not { } end)
                continue;
            var text = _source.AsSpan(content, at - content);
            if (SignAt(at + 2) == '-')
                text = Whitespace.TrimEnd(text);
            var token = new Token(TokenKind.Data, text.ToString(), _line);
            MoveTo(end);
            return text.Length > 0 ? token : null;
        }

        throw TemplateException.Syntax("Missing end of raw directive", line);
    }

    /// <summary>Where the tag <c>{% word %}</c> at this place ends, with the white space that it strips; null when it is another tag.</summary>
    private int? EndOfTag(int tag, string word, bool allowsPlus)
    {
        var at = Whitespace.Skip(_source, tag + (SignAt(tag + 2) is null ? 2 : 3));
        if (string.CompareOrdinal(_source, at, word, 0, word.Length) != 0)
            return null;
        at = Whitespace.Skip(_source, at + word.Length);
        return EndAt(at, "%}", allowsPlus);
    }

    /// <summary>Where the end of a tag at this place ends, with the white space that it strips; null when none is here.</summary>
    private int? EndAt(int at, string end, bool allowsPlus)
    {
        var sign = SignAt(at);
        var body = sign is null ? at : at + 1;
        if ((sign == '+' && !allowsPlus) || string.CompareOrdinal(_source, body, end, 0, 2) != 0)
            return null;
        return sign == '-' ? Whitespace.Skip(_source, body + 2) : body + 2;
    }

    /// <summary>The next token inside a tag; null for white space. An end of the tag inside brackets is not one.</summary>
    private Token? NextOfTag()
    {
        var isBlock = _open == TokenKind.BlockBegin;
        if (_brackets.Count == 0 && EndAt(_position, isBlock ? "%}" : "}}", allowsPlus: isBlock) is { } end)
        {
            var closing = new Token(isBlock ? TokenKind.BlockEnd : TokenKind.VariableEnd, "", _line);
            MoveTo(end);
            _open = TokenKind.Data;
            return closing;
        }

        if (_position >= _source.Length)
            return new Token(TokenKind.End, "", _line);
        var letter = _source[_position];
        if (Whitespace.Is(letter))
        {
            MoveTo(Whitespace.Skip(_source, _position));
            return null;
        }

        return Number() ?? Name() ?? Text() ?? Operator()
            ?? throw TemplateException.Syntax($"unexpected char '{RuneAt(_position)}' at {_position}", _line);
    }

    private Token? Number()
    {
        if (NumberLiteral.FloatLength(_source, _position) is > 0 and var length)
            return Take(TokenKind.Float, length);
        return NumberLiteral.IntegerLength(_source, _position) is > 0 and var digits ? Take(TokenKind.Integer, digits) : null;
    }

    private Token? Name()
    {
        var end = _position;
        while (end < _source.Length && RuneAt(end) is var rune && (Rune.IsLetterOrDigit(rune) || rune.Value == '_'))
            end += rune.Utf16SequenceLength;
        if (end == _position)
            return null;
        return Rune.IsDigit(RuneAt(_position))
            ? throw TemplateException.Syntax("Invalid character in identifier", _line)
            : Take(TokenKind.Name, end - _position);
    }

    private Rune RuneAt(int index) => Rune.TryGetRuneAt(_source, index, out var rune) ? rune : Rune.ReplacementChar;

    private Token? Text()
    {
        if (_source[_position] is not ('"' or '\'') || StringLiteral.EndOf(_source, _position) is not { } end)
            return null;
        var token = new Token(TokenKind.String, StringLiteral.Unescape(_source.AsSpan(_position + 1, end - _position - 2), _line), _line);
        MoveTo(end);
        return token;
    }

    private Token? Operator()
    {
        if (_position + 1 < _source.Length && _source.AsSpan(_position, 2) is "//" or "**" or "==" or "!=" or ">=" or "<=")
            return Take(TokenKind.Operator, 2);
        if (!"+-/*%~[](){}><=.:|,;".Contains(_source[_position], StringComparison.Ordinal))
            return null;
        Balance(_source[_position]);
        return Take(TokenKind.Operator, 1);
    }

    private void Balance(char bracket)
    {
        if (bracket is '(' or '[' or '{')
        {
            _brackets.Push(bracket switch { '(' => ')', '[' => ']', _ => '}' });
        }
        else if (bracket is ')' or ']' or '}')
        {
            if (!_brackets.TryPop(out var expected))
                throw TemplateException.Syntax($"unexpected '{bracket}'", _line);
            if (expected != bracket)
                throw TemplateException.Syntax($"unexpected '{bracket}', expected '{expected}'", _line);
        }
    }

    private Token Take(TokenKind kind, int length)
    {
        var token = new Token(kind, _source.Substring(_position, length), _line);
        MoveTo(_position + length);
        return token;
    }

    private void MoveTo(int position)
    {
        _line += _source.AsSpan(_position, position - _position).Count('\n');
        _position = position;
    }
}
