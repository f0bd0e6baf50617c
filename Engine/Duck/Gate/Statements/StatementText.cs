using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Rat.Engine.Duck.Gate.Names;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Statements;

/// <summary>A statement after what can be seen from its tokens: what it begins with, that it is one, what DuckDB's parser would not take.</summary>
/// <param name="Head">What is put in front of the gated text again: EXPLAIN, or nothing.</param>
/// <param name="Text">The rest, without comments and semicolons around it.</param>
/// <param name="PlaceOf">Where a byte of <paramref name="Text"/> is in what the author wrote.</param>
internal sealed record StatementText(string Head, SqlText Text, StatementShape Shape, bool HasPivot, Func<int, string> PlaceOf)
{
    private const int MostTokens = 200_000;

    private static readonly FrozenSet<string> OtherStatements = FrozenSet.ToFrozenSet(
    [
        "insert", "update", "delete", "drop", "create", "alter", "truncate", "copy", "attach", "detach", "install", "load", "import", "export",
        "call", "execute", "prepare", "deallocate", "set", "reset", "pragma", "checkpoint", "vacuum", "grant", "revoke",
        "merge", "use", "begin", "start", "commit", "rollback", "abort", "end", "analyze", "comment", "force", "do", "declare", "update_extensions",
    ]);

    public static Outcome<StatementText> Read(string sql, GateScope scope)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        if (bytes.Length > scope.MaxBytes)
            return Failure.Invalid(string.Create(CultureInfo.InvariantCulture, $"sql is too long: {bytes.Length} bytes, at most {scope.MaxBytes}"));
        if (bytes.AsSpan().Contains((byte)0))
            return Failure.Invalid("sql must not contain NUL");
        var read = SqlLexer.Read(bytes);
        if (!read.Succeeded)
            return read.Failure;
        var text = read.Value;
        return text.Tokens.Count > MostTokens
            ? Failure.Invalid(string.Create(CultureInfo.InvariantCulture,
                $"sql has too many parts: {text.Tokens.Count} words, numbers and signs, at most {MostTokens}; put data into a landing zone"))
            : Read(text, scope);
    }

    private static Outcome<StatementText> Read(SqlText text, GateScope scope)
    {
        var end = text.Tokens.Count;
        while (text.IsSymbol(end - 1, ';'))
            end--;
        if (end == 0)
            return Failure.Invalid(GateMessages.Empty);
        var head = ExplainHead.Read(text);
        if (!head.Succeeded)
            return head.Failure;
        var first = head.Value?.Length ?? 0;
        if (first >= end)
            return Failure.Invalid("there is no statement behind EXPLAIN");
        if (CheckStart(text, first) is { } refusal)
            return refusal;
        for (var i = first; i < end; i++)
        {
            if (text.IsSymbol(i, ';'))
                return Failure.Invalid(GateMessages.OneStatement);
        }

        var edits = new TextEdits();
        Cut(text, first, end, edits);
        var shown = ShowStatements.Answer(text, first, end, scope, edits);
        if (!shown.Succeeded)
            return shown.Failure;
        ReservedNames.Quote(text, first, end, shown.Value, edits);
        var changed = SqlLexer.Read(edits.Apply(text.Bytes));
        if (!changed.Succeeded)
            return changed.Failure;
        return new StatementText(
            head.Value?.Sql ?? "",
            changed.Value,
            head.Value is not null ? StatementShape.Explain : ShapeOf(text, first),
            Enumerable.Range(first, end - first).Any(i => text.IsWord(i, "pivot"u8) || text.IsWord(i, "pivot_wider"u8)),
            place => TextPlace.Of(text.Bytes, edits.PlaceBefore(place)));
    }

    private static Failure? CheckStart(SqlText text, int first)
    {
        if (text.Tokens[first].Kind != TokenKind.Word)
            return null;
        var word = AsciiNames.ToLower(text.NameAt(first)!);
        if (word == "explain")
            return Failure.Invalid("EXPLAIN of EXPLAIN is not supported");
        return OtherStatements.Contains(word) ? Failure.Invalid(GateMessages.OnlySelect) : null;
    }

    private static StatementShape ShapeOf(SqlText text, int first) =>
        text.IsWord(first, "describe"u8) || text.IsWord(first, "desc"u8) || text.IsWord(first, "show"u8) || text.IsWord(first, "summarize"u8)
            ? StatementShape.Describe
            : StatementShape.Select;

    // Keeps the tokens from first to end; spaces outside of ASCII between them become plain ones, as DuckDB would make of them.
    private static void Cut(SqlText text, int first, int end, TextEdits edits)
    {
        var (from, to) = (text.Tokens[first].Start, text.Tokens[end - 1].End);
        edits.Replace(0, from, "");
        foreach (var (start, length) in text.WideSpaces)
        {
            if (start >= from && start < to)
                edits.Replace(start, length, " ");
        }

        edits.Replace(to, text.Bytes.Length - to, "");
    }
}
