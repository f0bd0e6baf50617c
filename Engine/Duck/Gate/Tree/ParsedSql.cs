using System.Globalization;
using System.Text.Json;
using Rat.Engine.Duck.Gate.Tokens;
using Rat.Storage;

namespace Rat.Engine.Duck.Gate.Tree;

/// <summary>The parse tree that DuckDB has of a text; nothing is bound, no file is opened.</summary>
internal sealed class ParsedSql : IDisposable
{
    // Each level of a statement is a few levels of JSON; the walk counts its own.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 20_000 };

    private readonly JsonDocument _document;

    private ParsedSql(JsonDocument document, JsonElement statement)
    {
        _document = document;
        Statement = statement;
    }

    /// <summary>The one statement: <c>{"node": …, "named_param_map": …}</c>.</summary>
    public JsonElement Statement { get; }

    /// <param name="placeOf">The place of a byte of the text as its author sees it.</param>
    /// <exception cref="DuckException">DuckDB could not answer, for example because it was interrupted.</exception>
    public static Outcome<ParsedSql> Parse(DuckConnection connection, SqlText text, bool hasPivot, Func<int, string> placeOf)
    {
        var json = connection.Scalar($"SELECT json_serialize_sql({DuckQuote.Literal(text.ToString())})")
            ?? throw new InvalidOperationException("json_serialize_sql gave NULL");
        if (Read(json) is not { } document)
            return Failure.Invalid("the statement has a number that is out of range");
        if (Refusal(document.RootElement, hasPivot, at => placeOf(TextPlace.ByteOf(text.Bytes, at))) is { } refusal)
        {
            document.Dispose();
            return refusal;
        }

        return new ParsedSql(document, document.RootElement.GetProperty("statements"u8)[0]);
    }

    public void Dispose() => _document.Dispose();

    // DuckDB writes 1e400 as Infinity, which JSON doesn't have, nor anything else that this could fail for.
    private static JsonDocument? Read(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Deep);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // DuckDB counts the characters before an error, though it counts the bytes before a node of the tree.
    private static Failure? Refusal(JsonElement root, bool hasPivot, Func<int, string> placeOfCharacter)
    {
        if (root.GetProperty("error"u8).GetBoolean())
            return Failure.Invalid(Explain(root, hasPivot, placeOfCharacter));
        return root.GetProperty("statements"u8).GetArrayLength() switch
        {
            0 => Failure.Invalid(GateMessages.Empty),
            1 => null,
            _ => Failure.Invalid(GateMessages.OneStatement),
        };
    }

    private static string Explain(JsonElement root, bool hasPivot, Func<int, string> placeOfCharacter)
    {
        var message = root.GetProperty("error_message"u8).GetString() ?? "";
        if (message.StartsWith("Only SELECT statements", StringComparison.Ordinal) || message.StartsWith("Cannot serialize", StringComparison.Ordinal))
        {
            return hasPivot
                ? "PIVOT needs the values of its columns as literals: PIVOT … ON column IN ('a', 'b') USING …"
                : GateMessages.OnlySelect;
        }

        if (message.StartsWith("Max expression depth", StringComparison.Ordinal) || message.StartsWith("memory exhausted", StringComparison.Ordinal))
            return GateMessages.TooDeep;
        var place = root.TryGetProperty("position"u8, out var position)
            && int.TryParse(position.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? $" ({placeOfCharacter(at)})" : "";
        return $"Parser Error: {message}{place}";
    }
}
