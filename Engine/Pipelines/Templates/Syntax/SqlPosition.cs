namespace Rat.Engine.Pipelines.Templates.Syntax;

/// <summary>What a letter of SQL belongs to.</summary>
internal enum SqlPart
{
    Code,

    /// <summary>A literal or an identifier in quotes, with its quotes.</summary>
    Quoted,
    Comment,
}

/// <summary>
/// Walks over SQL text and knows at each place whether it is inside a literal, a quoted identifier or a comment, as DuckDB's scanner has
/// it: quotes are doubled to be quoted, <c>E'…'</c> takes backslashes too, <c>$tag$ … $tag$</c> is a literal, block comments nest.
/// </summary>
internal sealed class SqlPosition
{
    private State _state;
    private string _dollarTag = "";
    private int _depth;

    /// <summary>Letters still to come that belong to a mark already read. A mark never goes over the end of a piece of text.</summary>
    private int _skip;

    private enum State
    {
        Code,
        SingleQuoted,
        EscapedQuoted,
        DoubleQuoted,
        DollarQuoted,
        LineComment,
        BlockComment,
    }

    public bool InComment => PartOf(_state) == SqlPart.Comment;

    public void Advance(string text) => Advance(text, (_, _) => { });

    /// <summary>Moves over a text.</summary>
    /// <param name="visit">Gets each index with what the letter there belongs to; marks belong to what they open or close.</param>
    public void Advance(string text, Action<int, SqlPart> visit)
    {
        var part = SqlPart.Code;
        for (var at = 0; at < text.Length; at++)
        {
            if (_skip > 0)
            {
                _skip--;
            }
            else
            {
                var before = PartOf(_state);
                Step(text, at);
                part = PartOf(_state) == SqlPart.Code ? before : PartOf(_state);
            }

            visit(at, part);
        }

        _skip = 0;
    }

    private static SqlPart PartOf(State state) => state switch
    {
        State.Code => SqlPart.Code,
        State.LineComment or State.BlockComment => SqlPart.Comment,
        _ => SqlPart.Quoted,
    };

    private void Step(string text, int at)
    {
        var letter = text[at];
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        switch (_state)
        {
            case State.Code:
                StepInCode(text, at, letter, next);
                break;
            case State.LineComment when letter == '\n':
            case State.SingleQuoted or State.EscapedQuoted when letter == '\'' && next != '\'':
            case State.DoubleQuoted when letter == '"' && next != '"':
                _state = State.Code;
                break;
            case State.SingleQuoted or State.EscapedQuoted when letter == '\'':
            case State.EscapedQuoted when letter == '\\':
            case State.DoubleQuoted when letter == '"':
                _skip = 1;
                break;
            case State.DollarQuoted when letter == '$' && string.CompareOrdinal(text, at, _dollarTag, 0, _dollarTag.Length) == 0:
                Enter(State.Code, _dollarTag.Length - 1);
                break;
            case State.BlockComment when letter == '/' && next == '*':
                _depth++;
                _skip = 1;
                break;
            case State.BlockComment when letter == '*' && next == '/':
                Enter(--_depth == 0 ? State.Code : State.BlockComment, 1);
                break;
            default:
                break;
        }
    }

    private void StepInCode(string text, int at, char letter, char next)
    {
        switch (letter)
        {
            case '\'':
                _state = at > 0 && text[at - 1] is 'e' or 'E' && !IsWord(text, at - 2) ? State.EscapedQuoted : State.SingleQuoted;
                break;
            case '"':
                _state = State.DoubleQuoted;
                break;
            case '-' when next == '-':
                _state = State.LineComment;
                break;
            case '/' when next == '*':
                _depth = 1;
                Enter(State.BlockComment, 1);
                break;
            case '$' when !IsWord(text, at - 1) && DollarTag(text, at) is { } tag:
                _dollarTag = tag;
                Enter(State.DollarQuoted, tag.Length - 1);
                break;
            default:
                break;
        }
    }

    private void Enter(State state, int skip)
    {
        _state = state;
        _skip = skip;
    }

    private static bool IsWord(string text, int at) => at >= 0 && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$');

    /// <summary><c>$$</c> or <c>$tag$</c> at this place, or null. A tag doesn't start with a digit: <c>$1</c> is a parameter.</summary>
    private static string? DollarTag(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && (char.IsLetter(text[end]) || text[end] == '_' || (char.IsDigit(text[end]) && end > at + 1)))
            end++;
        return end < text.Length && text[end] == '$' ? text[at..(end + 1)] : null;
    }
}
