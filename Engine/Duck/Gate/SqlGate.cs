using Rat.Engine.Duck.Gate.Readers;
using Rat.Engine.Duck.Gate.Statements;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Engine.Duck.Gate.Tree;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate;

/// <summary>
/// Lets only statements through that read what their scope names, and nothing else; DuckDB's sandbox doesn't tell tables apart, nor reading
/// from writing. What isn't known is refused.
/// </summary>
internal sealed class SqlGate
{
    // One walk to find what has to be written differently, one over what was written, and none should be needed after that.
    private const int MostWalks = 3;

    private readonly FunctionLists _functions = new();

    /// <summary>
    /// 1. Tokens: one statement, which DuckDB's parser takes to a tree (EXPLAIN is set aside, SHOW answered, reserved words as namespaces
    ///    quoted).
    /// 2. DuckDB parses it; that binds nothing and opens nothing.
    /// 3. The tree is walked. If names or addresses were rewritten, 2 and 3 are done again over the new text: what is let through is always a
    ///    text whose own tree needed no change.
    /// The caller then makes the views, extracts exactly one statement, prepares it and compares its type.
    /// </summary>
    /// <returns>Failures are <see cref="FailureKind.Invalid"/>, for the author of the statement.</returns>
    /// <exception cref="DuckException">DuckDB could not answer, for example because it was interrupted.</exception>
    public Outcome<GatedSql> Admit(DuckConnection connection, string sql, GateScope scope)
    {
        var read = StatementText.Read(sql, scope);
        if (!read.Succeeded)
            return read.Failure;
        var statement = read.Value;
        var text = statement.Text;
        var files = new HandedOutFiles();
        for (var walks = 0; walks < MostWalks; walks++)
        {
            var parsed = ParsedSql.Parse(connection, text, statement.HasPivot, statement.PlaceOf);
            if (!parsed.Succeeded)
                return parsed.Failure;
            using var tree = parsed.Value;
            var walk = new StatementWalk(text, scope, _functions, files);
            if (walk.Run(tree.Statement) is { } refusal)
                return refusal;
            if (walk.Edits.IsEmpty)
            {
                if (new Growth(walk.ViewsByName).IsTooMuch(tree.Statement))
                    return Failure.Invalid(GateMessages.TooLarge);
                return new GatedSql(
                    statement.Head + text, statement.Shape, CanWrap: statement.Shape != StatementShape.Explain, walk.Views, files.All);
            }

            var changed = SqlLexer.Read(walk.Edits.Apply(text.Bytes));
            if (!changed.Succeeded)
                return changed.Failure;
            text = changed.Value;
        }

        return Failure.Invalid("the statement can't be written with the full names of its tables");
    }
}
